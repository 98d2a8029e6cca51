//! Step 4: the variants of unions, and how a reader selects one. Equal variants are one, string enums are one, and a union
//! of one variant is that variant.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::{
    super::{Constraints, EnumValue, JsonTypes, Kind, Type, TypeId, Variant, VariantBy, types::json_types},
    compose::Types,
    draft::{Branch, Discriminator, Draft, Made},
};

/// Sorts out all unions, inner ones first.
pub(super) fn settle(types: &mut Types<'_>) {
    let mut entered = HashSet::new();
    for index in 0..types.made.len() {
        let mut stack = vec![(TypeId(index), false)];
        while let Some((id, is_left)) = stack.pop() {
            if is_left {
                if let Some(draft) = types.made[id.0].union.take() {
                    settle_one(types, id, draft);
                }
            } else if entered.insert(id) {
                stack.push((id, true));
                if let Kind::Alias(target) = types.made[id.0].ty.kind {
                    stack.push((target, false));
                }
                let branches = types.made[id.0].union.iter().flat_map(|draft| &draft.branches);
                stack.extend(branches.map(|branch| (branch.ty, false)).collect::<Vec<_>>());
            }
        }
    }
}

/// What is left of the branches of a union.
#[derive(Default)]
struct Sorted {
    branches: Vec<Branch>,
    /// The enums among them, by their index in `branches`.
    enums: Vec<usize>,
    any_string: Option<Branch>,
    anything: bool,
    null: bool,
}

fn settle_one(types: &mut Types<'_>, id: TypeId, draft: Draft) {
    let mut sorted = Sorted::default();
    for branch in draft.branches {
        sorted.add(types, branch, id);
    }
    sorted.merge_strings(types, id);
    let has_number = sorted.branches.iter().any(|branch| matches!(types.kind(branch.ty), Kind::Number(_)));
    let is_plain = |ty: TypeId| types.made[ty.0].ty.values.is_none();
    sorted
        .branches
        .retain(|branch| !(has_number && matches!(types.kind(branch.ty), Kind::Integer(_)) && is_plain(branch.ty)));
    let nullable = draft.null.unwrap_or(sorted.null);
    let kind = match &sorted.branches[..] {
        [] if sorted.anything => Kind::Any,
        [] if sorted.null => Kind::Null,
        [] => Kind::Never,
        [only] if !sorted.anything => {
            types.made[id.0].ty.respelled = !sorted.null;
            return become_one(types, id, only.ty, nullable);
        }
        branches => {
            let (by, tags) = by(types, branches, draft.discriminator.as_ref());
            let named = branches.iter().zip(tags);
            let variants = named.map(|(branch, tags)| Variant {
                rust: branch.title.clone().unwrap_or_default(),
                component: branch.component.clone(),
                ty: branch.ty,
                tags,
            });
            Kind::Union { variants: variants.collect(), by, open: sorted.anything }
        }
    };
    let ty = &mut types.made[id.0].ty;
    ty.nullable = nullable && !matches!(kind, Kind::Null);
    ty.kind = kind;
}

/// Makes a type the only variant that is left of it.
fn become_one(types: &mut Types<'_>, id: TypeId, only: TypeId, nullable: bool) {
    if types.made[only.0].ty.component.is_some() || matches!(types.made[only.0].ty.kind, Kind::Alias(_)) {
        let ty = &mut types.made[id.0].ty;
        (ty.kind, ty.nullable) = (Kind::Alias(only), nullable);
        return;
    }
    let variant = types.made[only.0].ty.clone();
    let (read_only, write_only) = (types.made[only.0].read_only, types.made[only.0].write_only);
    let made = &mut types.made[id.0];
    (made.read_only, made.write_only) = (made.read_only || read_only, made.write_only || write_only);
    let ty = &mut made.ty;
    ty.kind = variant.kind;
    ty.nullable = nullable;
    ty.values = variant.values;
    ty.patterns = variant.patterns;
    ty.constraints.0.extend(variant.constraints.0);
    ty.title = ty.title.take().or(variant.title);
    ty.docs = ty.docs.take().or(variant.docs);
    ty.default = ty.default.take().or(variant.default);
    ty.secret |= variant.secret;
    ty.lifecycle.deprecated |= variant.lifecycle.deprecated;
    ty.lifecycle.stage = ty.lifecycle.stage.take().or(variant.lifecycle.stage);
}

impl Sorted {
    fn add(&mut self, types: &Types<'_>, branch: Branch, union: TypeId) {
        let (target, nullable) = types.followed(branch.ty);
        self.null |= nullable;
        let ty = &types.made[target.0].ty;
        let is_bare = ty.values.is_none() && ty.constraints == Constraints::default();
        // Readers check nothing, so that strings with different checks are one.
        let has_no_checks = ty.direction.received && ty.component.is_none();
        match &ty.kind {
            Kind::Null => self.null = true,
            Kind::Never => {}
            Kind::Any if is_bare => self.anything = true,
            // A union that holds itself adds nothing to itself.
            _ if target == union => {}
            _ if types.made[target.0].union.is_some() => self.branches.push(branch),
            Kind::Union { variants, by, open } if is_inline(types, branch.ty, target, by) => {
                self.anything |= *open;
                for variant in variants.clone() {
                    self.add(
                        types,
                        Branch {
                            ty: variant.ty,
                            component: variant.component,
                            title: Some(variant.rust).filter(|title| !title.is_empty()),
                        },
                        union,
                    );
                }
            }
            Kind::String(format) if (is_bare || has_no_checks) && format.name() != "date-time" => {
                self.any_string.get_or_insert(branch);
            }
            kind => {
                if self.branches.iter().all(|known| !types.same(known.ty, branch.ty)) {
                    if matches!(kind, Kind::StringEnum { .. }) {
                        self.enums.push(self.branches.len());
                    }
                    self.branches.push(branch);
                }
            }
        }
    }

    /// Variants that are strings are merged: several enums are one, an enum beside any string is open, and any string is every
    /// other one but a point in time.
    fn merge_strings(&mut self, types: &mut Types<'_>, id: TypeId) {
        if self.enums.len() > 1 || self.any_string.is_some() && !self.enums.is_empty() {
            let mut values: Vec<EnumValue> = Vec::new();
            let mut open = self.any_string.is_some();
            let mut enums = Vec::new();
            for index in self.enums.drain(..).rev() {
                enums.insert(0, self.branches.remove(index));
            }
            for branch in &enums {
                if let Kind::StringEnum { values: own, open: is_open } = types.kind(branch.ty) {
                    open |= is_open;
                    let new: Vec<_> = own.iter().filter(|value| !values.contains(value)).cloned().collect();
                    values.extend(new);
                }
            }
            let mut ty = Type::new(Kind::StringEnum { values, open }, types.made[id.0].ty.source.clone());
            ty.direction = types.made[id.0].ty.direction;
            self.branches.push(Branch { ty: types.add(ty), component: None, title: None });
        } else if let Some(any) = self.any_string.take() {
            self.branches.retain(|branch| match types.kind(branch.ty) {
                Kind::String(format) => format.name() == "date-time",
                _ => true,
            });
            self.branches.push(any);
        }
    }
}

/// Whether the variants of a union are variants of the union that it is a branch of.
fn is_inline(types: &Types<'_>, branch: TypeId, target: TypeId, by: &VariantBy) -> bool {
    let has_name = [branch, target].iter().any(|id| types.made[id.0].ty.component.is_some());
    !has_name && !matches!(by, VariantBy::Tag { .. })
}

impl Types<'_> {
    /// The type behind aliases, and whether one of them or the type itself lets null through.
    pub(super) fn followed(&self, id: TypeId) -> (TypeId, bool) {
        let (mut id, mut nullable) = (id, false);
        for _ in 0..self.made.len() {
            let Made { ty, .. } = &self.made[id.0];
            nullable |= ty.nullable;
            let Kind::Alias(target) = ty.kind else { break };
            id = target;
        }
        (id, nullable)
    }

    /// Whether a type is only read or only written: it says so, or what it is an alias of.
    pub(super) fn access(&self, mut id: TypeId) -> (bool, bool) {
        let mut found = (false, false);
        for _ in 0..self.made.len() {
            let made = &self.made[id.0];
            found = (found.0 || made.read_only, found.1 || made.write_only);
            let Kind::Alias(target) = made.ty.kind else { break };
            id = target;
        }
        found
    }

    pub(super) fn kind(&self, id: TypeId) -> Kind {
        self.made[self.followed(id).0.0].ty.kind.clone()
    }

    /// Whether two types say the same in the same words, or are one.
    fn same(&self, one: TypeId, other: TypeId) -> bool {
        let (one, other) = (self.followed(one).0, self.followed(other).0);
        let (a, b) = (&self.made[one.0].ty, &self.made[other.0].ty);
        let says = |ty: &Type| format!("{:?} {:?}", ty.kind, ty.values);
        let values = |ty: &Type| ty.constraints.0.iter().map(|(key, it)| (*key, it.value.clone())).collect::<Vec<_>>();
        one == other || a.component.is_none() && b.component.is_none() && says(a) == says(b) && values(a) == values(b)
    }

    /// The values of a type, if all of them are known.
    fn known_values(&self, id: TypeId, seen: &mut BTreeSet<TypeId>) -> Option<Vec<Value>> {
        let (id, _) = self.followed(id);
        let ty = &self.made[id.0].ty;
        match &ty.kind {
            Kind::StringEnum { values, open: false } => {
                Some(values.iter().map(|value| Value::from(value.wire.as_str())).collect())
            }
            Kind::Union { variants, .. } if seen.insert(id) => {
                let values = variants.iter().map(|variant| self.known_values(variant.ty, seen));
                values.collect::<Option<Vec<_>>>().map(|values| values.concat())
            }
            _ => ty.values.clone().filter(|values| !values.is_empty()),
        }
    }

    fn member(&self, id: TypeId, name: &str) -> Option<TypeId> {
        match self.kind(id) {
            Kind::Struct { members, .. } => members.iter().find(|member| member.wire == name).map(|member| member.ty),
            _ => None,
        }
    }

    /// The JSON types of the values of a type, null aside.
    fn json_types(&self, id: TypeId) -> JsonTypes {
        json_types(id, &|id| &self.made[self.followed(id).0.0].ty.kind)
    }
}

/// How a reader selects a variant, and the values of the tag that lead to each: the document's discriminator decides, or a
/// property whose known values differ in each variant, or the JSON type.
fn by(types: &Types<'_>, branches: &[Branch], discriminator: Option<&Discriminator>) -> (VariantBy, Vec<Vec<Value>>) {
    let known =
        |branch: &Branch, property: &str| types.known_values(types.member(branch.ty, property)?, &mut BTreeSet::new());
    let tagged = match discriminator {
        Some(discriminator) => {
            let property = &discriminator.property;
            let by_values = |branch: &Branch| match mapped(types, branch, discriminator) {
                values if values.is_empty() => known(branch, property).unwrap_or_default(),
                values => values,
            };
            let by_name = |branch: &Branch| match mapped(types, branch, discriminator) {
                values if values.is_empty() => {
                    let own = branch.component.clone().map(Value::from);
                    let fits = |own: &Value| known(branch, property).is_none_or(|known| known.contains(own));
                    own.filter(fits).into_iter().collect()
                }
                values => values,
            };
            let tags = tags(branches, &by_values).or_else(|| tags(branches, &by_name));
            tags.map(|tags| (property.clone(), tags))
        }
        None => match branches.first().map(|branch| types.kind(branch.ty)) {
            Some(Kind::Struct { members, .. }) => members.into_iter().find_map(|member| {
                let tags = tags(branches, &|branch| known(branch, &member.wire).unwrap_or_default())?;
                Some((member.wire, tags))
            }),
            _ => None,
        },
    };
    if let Some((property, tags)) = tagged {
        return (VariantBy::Tag { property }, tags);
    }
    let mut seen = JsonTypes::NONE;
    let are_disjoint = branches.iter().all(|branch| {
        let own = types.json_types(branch.ty);
        let is_new = !seen.meets(own);
        seen = seen | own;
        is_new
    });
    (if are_disjoint { VariantBy::JsonType } else { VariantBy::BestFit }, vec![Vec::new(); branches.len()])
}

/// The values of the tag that a mapping gives to a variant. It has them as strings, whatever type the tag has; what that
/// type does not have is none.
fn mapped(types: &Types<'_>, branch: &Branch, discriminator: &Discriminator) -> Vec<Value> {
    let tag = types.member(branch.ty, &discriminator.property).map(|tag| types.kind(tag));
    let in_type = |text: &String| match tag {
        Some(Kind::Integer(_) | Kind::Number(_) | Kind::Boolean) => {
            serde_json::from_str(text).ok().filter(|value: &Value| value.is_number() || value.is_boolean())
        }
        _ => Some(text.as_str().into()),
    };
    let leads_here = discriminator.mapping.iter().filter(|(_, target)| Some(target) == branch.component.as_ref());
    leads_here.filter_map(|(value, _)| in_type(value)).collect()
}

/// The values of the tag by variant, where each variant has some that no other has.
fn tags(branches: &[Branch], of: &dyn Fn(&Branch) -> Vec<Value>) -> Option<Vec<Vec<Value>>> {
    let mut seen = HashSet::new();
    let is_tag = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    let mut all = Vec::new();
    for branch in branches {
        let mut values = of(branch);
        let mut own = HashSet::new();
        values.retain(|value| own.insert(value.to_string()));
        if values.is_empty() || !values.iter().all(is_tag) || own.iter().any(|value| !seen.insert(value.clone())) {
            return None;
        }
        all.push(values);
    }
    Some(all)
}
