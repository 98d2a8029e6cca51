//! Step 6: Rust names. Components come first, then what operations hold, then what components hold.

use std::collections::{BTreeMap, HashSet};

use super::super::{
    Api, Kind, Type, TypeId,
    identifiers::{Names, pascal, snake},
};
use crate::openapi::Document;

/// Gives all names, and returns the named types in the order in which they got them.
pub(super) fn give(api: &mut Api, document: &Document) -> Vec<TypeId> {
    for ty in &mut api.types {
        name_parts(ty);
    }
    let mut naming = Naming { types: Names::of_types(), seen: HashSet::new(), named: Vec::new() };
    let components = naming.components(api, document);
    for index in 0..api.operations.len() {
        naming.operation(api, index);
    }
    for (id, name) in components {
        naming.parts(api, id, &name);
    }
    naming.named
}

/// Fields and the variants of enums are unique within their type.
fn name_parts(ty: &mut Type) {
    match &mut ty.kind {
        Kind::Struct { members, .. } => {
            let mut names = Names::of_fields();
            for member in members {
                member.rust = names.take(&member.wire);
            }
        }
        Kind::StringEnum { values, .. } => {
            let mut names = Names::of_variants();
            for value in values {
                value.rust = names.take(&value.wire);
            }
        }
        _ => {}
    }
}

struct Naming {
    types: Names,
    seen: HashSet<TypeId>,
    named: Vec<TypeId>,
}

impl Naming {
    /// Names the components that a client uses. Those whose name is one in Rust keep it.
    fn components(&mut self, api: &mut Api, document: &Document) -> Vec<(TypeId, String)> {
        let used: BTreeMap<String, TypeId> = (0..api.types.len())
            .map(TypeId)
            .filter(|id| api[*id].direction.sent || api[*id].direction.received)
            .filter_map(|id| Some((api[id].component.clone()?, id)))
            .collect();
        let all = document.schemas().into_iter().flatten().filter_map(|(name, _)| Some((name, *used.get(name)?)));
        let all: Vec<_> = all.collect();
        let (settled, others): (Vec<_>, Vec<_>) = all.iter().copied().partition(|(name, _)| pascal(name) == **name);
        for (name, id) in settled.into_iter().chain(others) {
            api.types[id.0].rust = Some(self.types.take(name));
            self.seen.insert(id);
        }
        self.named.extend(all.iter().map(|(_, id)| *id));
        all.into_iter().map(|(_, id)| (id, api[id].rust.clone().unwrap_or_default())).collect()
    }

    fn operation(&mut self, api: &mut Api, index: usize) {
        let operation = &api.operations[index];
        let id = if operation.rust == snake(&operation.id) { &operation.id } else { &operation.rust };
        let mut slots: Vec<_> =
            operation.parameters.iter().map(|parameter| (parameter.ty, format!("{id}-{}", parameter.rust))).collect();
        let body = operation.body.as_ref().and_then(|body| body.contents.get(body.chosen?));
        slots.extend(body.map(|body| (body.ty, format!("{id}-Body"))));
        slots.extend(operation.received().map(|ty| (ty, format!("{id}-Response"))));
        for (ty, wanted) in slots {
            self.slot(api, ty, &wanted);
        }
    }

    /// Names the type at a place and what it holds. An explicit stack holds what is left to name, in order.
    fn slot(&mut self, api: &mut Api, id: TypeId, wanted: &str) {
        let mut waiting = vec![(id, wanted.to_owned())];
        while let Some((id, wanted)) = waiting.pop() {
            let id = api.unnamed_target(id);
            if !self.seen.insert(id) {
                continue;
            }
            let mut name = wanted;
            if becomes_type(&api[id]) {
                name = self.types.take(&name);
                api.types[id.0].rust = Some(name.clone());
                self.named.push(id);
            }
            waiting.extend(held(api, id, &name).into_iter().rev());
        }
    }

    fn parts(&mut self, api: &mut Api, id: TypeId, name: &str) {
        for (inner, wanted) in held(api, id, name) {
            self.slot(api, inner, &wanted);
        }
    }
}

impl Api {
    /// What an alias without a name of its own leads to.
    fn unnamed_target(&self, mut id: TypeId) -> TypeId {
        for _ in 0..self.types.len() {
            match self[id].kind {
                Kind::Alias(target) if self[id].component.is_none() => id = target,
                _ => break,
            }
        }
        id
    }
}

/// What a type holds, with names for it. Variants get their own names here.
fn held(api: &mut Api, id: TypeId, parent: &str) -> Vec<(TypeId, String)> {
    match &api[id].kind {
        Kind::Struct { members, .. } => {
            members.iter().map(|member| (member.ty, format!("{parent}-{}", member.rust))).collect()
        }
        Kind::List(inner) => vec![(*inner, format!("{parent}-Item"))],
        Kind::Map(inner) => vec![(*inner, format!("{parent}-Value"))],
        Kind::Alias(inner) => vec![(*inner, parent.to_owned())],
        Kind::Union { variants, .. } => {
            let mut names = Names::of_variants();
            let wanted: Vec<String> = variants.iter().map(|variant| wanted(api, variant, parent)).collect();
            let mut held = Vec::new();
            let Kind::Union { variants, .. } = &mut api.types[id.0].kind else { return held };
            for (variant, wanted) in variants.iter_mut().zip(wanted) {
                variant.rust = names.take(&wanted);
                held.push((variant.ty, format!("{parent}-{}", variant.rust)));
            }
            held
        }
        _ => Vec::new(),
    }
}

/// The name of a variant: that of its component without the union's, its title, its tag, or its kind.
fn wanted(api: &Api, variant: &super::super::Variant, parent: &str) -> String {
    let target = &api[api.unnamed_target(variant.ty)];
    if let Some(component) = &target.component {
        let name = target.rust.as_ref().unwrap_or(component);
        return name.strip_prefix(parent).unwrap_or(name).to_owned();
    }
    let title = Some(variant.rust.clone()).filter(|title| !title.is_empty());
    let tag = variant.tags.first().map(|tag| tag.as_str().map_or_else(|| tag.to_string(), str::to_owned));
    title.or_else(|| target.title.clone()).or(tag).unwrap_or_else(|| kind_of(api, variant.ty))
}

/// The name of a variant that has no other.
fn kind_of(api: &Api, id: TypeId) -> String {
    let mut lists = String::new();
    let mut id = api.unnamed_target(id);
    while let Kind::List(inner) = &api[id].kind {
        if lists.len() > 64 {
            break;
        }
        lists.push_str("List");
        id = api.unnamed_target(*inner);
    }
    let ty = &api[id];
    let kind = match &ty.kind {
        _ if ty.component.is_some() => ty.rust.clone().unwrap_or_default(),
        Kind::StringEnum { .. } => "Known".to_owned(),
        Kind::String(_) => "String".to_owned(),
        Kind::Integer(_) => "Integer".to_owned(),
        Kind::Number(_) => "Number".to_owned(),
        Kind::Boolean => "Boolean".to_owned(),
        Kind::Map(_) | Kind::Struct { .. } => "Object".to_owned(),
        Kind::Tuple { .. } => "OtherList".to_owned(),
        _ => "Other".to_owned(),
    };
    kind + &lists
}

/// Whether a type needs a declaration. Strings that are received lose their checks.
fn becomes_type(ty: &Type) -> bool {
    match ty.kind {
        Kind::Union { .. } | Kind::Struct { .. } | Kind::StringEnum { .. } => true,
        Kind::String(_) => {
            !ty.direction.received
                && ["pattern", "minLength", "maxLength"].iter().any(|check| ty.constraints.get(check).is_some())
        }
        _ => false,
    }
}
