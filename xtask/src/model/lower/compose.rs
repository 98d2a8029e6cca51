//! Step 3: each schema becomes one type, found again by its place. What a type refers to waits its turn, so that schemas
//! may contain each other.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::{
    super::{
        Additional, Direction, EnumValue, Format, JsonTypes, Kind, Lifecycle, Member, Type, TypeId,
        constraints::{LOWER, UPPER},
    },
    bases::Bases,
    draft::{Branch, Discriminator, Draft, Made},
    resolve::{ANY_OF, Node, ONE_OF, Part, ROUND, SUBTYPES, reference_with_prose},
    shape::{Choice, Rest, Shape},
};
use crate::openapi::{Document, Place, Pointer, Problem};

/// More types than this are not composed of several schemas each; later ones hold any value.
const MOST_COMPOSED: usize = 10_000;

/// More variants than this are not made of unions that hold at once.
const MOST_VARIANTS: usize = 32;

/// The types of a document.
pub(super) struct Types<'d> {
    pub(super) made: Vec<Made>,
    known: HashMap<String, TypeId>,
    waiting: VecDeque<(TypeId, Node<'d>)>,
    /// How many types are composed of several schemas.
    composed: usize,
    pub(super) bases: Bases<'d>,
    top: Place<'d>,
}

impl<'d> Types<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let top = Place::root(document);
        let bases = Bases::of(&top);
        Self { made: Vec::new(), known: HashMap::new(), waiting: VecDeque::new(), composed: 0, bases, top }
    }

    /// The type of the schema at a place.
    pub(super) fn of(&mut self, schema: Place<'d>) -> TypeId {
        self.of_node(Node::new(schema))
    }

    /// The type that lets everything through.
    pub(super) fn anything(&mut self) -> TypeId {
        self.of(self.top.anything())
    }

    /// A string, where a document says nothing of a parameter.
    pub(super) fn string(&mut self, source: &Pointer) -> TypeId {
        self.add(Type::new(Kind::String(Format::default()), source.clone()))
    }

    /// The type of a schema that one operation may share with others: a component's, or a type of its own.
    pub(super) fn own(&mut self, schema: Place<'d>) -> TypeId {
        let target = schema.chain_end();
        let is_shared = target.value.is_boolean() || target.component().is_some() || target.get("$ref").is_some();
        if is_shared {
            return self.of(schema);
        }
        let id = self.add(Type::new(Kind::Any, target.pointer.clone()));
        self.waiting.push_back((id, Node::new(target)));
        id
    }

    pub(super) fn of_node(&mut self, node: Node<'d>) -> TypeId {
        let source = node.pointer().clone();
        let node = match node.followed() {
            Ok(node) => node,
            Err(problem) => {
                let id = self.add(Type::new(Kind::Any, source));
                self.made[id.0].problem = Some(problem);
                return id;
            }
        };
        let key = node.key();
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.composed += usize::from(node.parts.len() > 1);
        if self.composed > MOST_COMPOSED && node.parts.len() > 1 {
            let id = self.add(Type::new(Kind::Any, source.clone()));
            self.made[id.0].problem = Some(Problem::at(&source, "the schemas branch too often to be compared"));
            return id;
        }
        let mut ty = Type::new(Kind::Any, node.pointer().clone());
        ty.component = node.only().and_then(Place::component);
        let id = self.add(ty);
        self.known.insert(key, id);
        self.waiting.push_back((id, node));
        id
    }

    pub(super) fn add(&mut self, ty: Type) -> TypeId {
        self.made.push(Made { ty, read_only: false, write_only: false, union: None, problem: None, empty: None });
        TypeId(self.made.len() - 1)
    }

    /// Composes all types that wait.
    pub(super) fn compose(&mut self) {
        while let Some((id, node)) = self.waiting.pop_front() {
            if let Err(problem) = self.compose_one(id, &node) {
                self.made[id.0].problem = Some(problem);
            }
        }
        self.end_circles();
    }

    /// Aliases that lead round in a circle hold any value.
    fn end_circles(&mut self) {
        let mut ends = vec![false; self.made.len()];
        for start in 0..self.made.len() {
            let mut path = vec![start];
            let mut seen = HashSet::from([start]);
            while let Kind::Alias(target) = self.made[path[path.len() - 1]].ty.kind {
                if ends[target.0] {
                    break;
                }
                if !seen.insert(target.0) {
                    let made = &mut self.made[target.0];
                    made.empty = Some(Problem::at(&made.ty.source, ROUND));
                    made.ty.kind = Kind::Any;
                    break;
                }
                path.push(target.0);
            }
            for id in path {
                ends[id] = true;
            }
        }
    }

    fn compose_one(&mut self, id: TypeId, node: &Node<'d>) -> Result<(), Problem> {
        if let Some(place) = node.only() {
            if let Some(target) = reference_with_prose(place)? {
                let mut prose = Shape::anything();
                prose.read_prose(place)?;
                self.describe(id, &prose);
                self.made[id.0].ty.nullable = prose.or_null;
                self.made[id.0].ty.kind = Kind::Alias(self.of(target));
                return Ok(());
            }
            if let Some(base) = self.bases.get(&place.pointer).cloned() {
                let mut shape = Shape::anything();
                shape.read_prose(place)?;
                self.describe(id, &shape);
                let own = Part { without: ONE_OF | ANY_OF | SUBTYPES, ..Part::new(place.clone()) };
                self.made[id.0].ty.nullable = shape.or_null;
                let branches = base.branches.iter().map(|branch| self.subtype(place, &own, branch)).collect();
                let discriminator = Discriminator::read(place)?;
                self.made[id.0].union = Some(Draft { branches, discriminator, null: None });
                return Ok(());
            }
        }
        let bases = &self.bases;
        let (plain, empty) = node.flatten(&|pointer| bases.get(pointer).is_some())?;
        self.made[id.0].empty = empty;
        let mut shape = Shape::of(&plain)?;
        self.describe(id, &shape);
        let choices = std::mem::take(&mut shape.choices);
        let (choices, checks): (Vec<_>, Vec<_>) = choices.into_iter().partition(|choice| is_union(choice, &shape));
        for check in checks {
            let keyword = if check.keyword == ONE_OF { "oneOf" } else { "anyOf" };
            check.owner.get(keyword).iter().for_each(|place| shape.constraints.add(keyword, place));
        }
        let product = choices.iter().map(|choice| choice.branches.len()).fold(1, usize::saturating_mul);
        if choices.len() > 1 && product > MOST_VARIANTS {
            for choice in choices {
                let keyword = if choice.keyword == ONE_OF { "oneOf" } else { "anyOf" };
                choice.owner.get(keyword).iter().for_each(|place| shape.constraints.add(keyword, place));
            }
        } else if let Some(choice) = choices.first() {
            return self.choose(id, choice, choices.len() > 1, &shape, plain);
        }
        self.settle(id, shape);
        Ok(())
    }

    /// A union of the branches of a choice, each with what is said beside them.
    fn choose(
        &mut self,
        id: TypeId,
        choice: &Choice<'d>,
        more: bool,
        beside: &Shape<'d>,
        mut plain: Vec<Part<'d>>,
    ) -> Result<(), Problem> {
        for part in plain.iter_mut().filter(|part| part.place.pointer == choice.owner.pointer) {
            part.without |= choice.keyword;
        }
        let says_something = more || beside.says_something();
        let branches = choice.branches.iter().map(|branch| {
            let mut node = Node { parts: if says_something { plain.clone() } else { Vec::new() } };
            node.parts.push(Part::new(branch.clone()));
            let target = reference_with_prose(branch).ok().flatten().unwrap_or_else(|| branch.clone()).chain_end();
            let title = branch.get("title").and_then(|title| title.value.as_str()).map(str::to_owned);
            Branch { ty: self.of_node(node), component: target.component(), title }
        });
        let branches = branches.collect();
        let null =
            if beside.or_null { Some(true) } else { (!beside.stated.is_empty()).then(|| beside.types.nullable()) };
        let discriminator = Discriminator::read(&choice.owner)?;
        self.made[id.0].union = Some(Draft { branches, discriminator, null });
        Ok(())
    }

    /// A component that its base leads to. One that does not extend the base gets the base's members all the same.
    fn subtype(&mut self, base: &Place<'d>, own: &Part<'d>, branch: &super::bases::Subtype<'d>) -> Branch {
        let name = branch.place.component();
        if branch.place.pointer == base.pointer {
            return Branch {
                ty: self.of_node(Node { parts: vec![own.clone()] }),
                component: name,
                title: Some("Base".to_owned()),
            };
        }
        let mut node = Node::new(branch.place.clone());
        if !branch.extends {
            node.parts.push(own.clone());
        }
        Branch { ty: self.of_node(node), component: name, title: None }
    }

    fn describe(&mut self, id: TypeId, shape: &Shape<'d>) {
        let made = &mut self.made[id.0];
        (made.read_only, made.write_only) = (shape.read_only, shape.write_only);
        let ty = &mut made.ty;
        ty.title = shape.title.map(str::to_owned);
        ty.docs = shape.docs.map(str::to_owned);
        ty.default = shape.default.cloned();
        ty.lifecycle = Lifecycle { deprecated: shape.deprecated, stage: shape.stage.map(str::to_owned) };
        ty.secret = shape.secret;
        ty.direction = Direction::default();
    }

    /// Decides on the kind of a type that is no union of schemas.
    fn settle(&mut self, id: TypeId, mut shape: Shape<'d>) {
        let others = shape.types.without(JsonTypes::NULL);
        let nullable = shape.or_null || !shape.stated.is_empty() && shape.types.nullable() && !others.is_empty();
        self.made[id.0].ty.nullable = nullable;
        self.made[id.0].ty.null_excluded = nullable && shape.null_excluded && !shape.or_null;
        let mut types: Vec<JsonTypes> = Vec::new();
        for stated in &shape.stated {
            let common = *stated & others;
            if !common.is_empty() && types.iter().all(|known| !known.meets(common)) {
                types.push(common);
            } else if let Some(known) = types.iter_mut().find(|known| known.meets(common)) {
                *known = *known | common;
            }
        }
        // Several schemas state types; only those that all of them permit are left, in the order of the first.
        types.retain(|one| one.meets(others));
        let one = match types[..] {
            _ if shape.stated.is_empty() => JsonTypes::ANY,
            [] if shape.types.nullable() => JsonTypes::NULL,
            [] => JsonTypes::NONE,
            [one] => one,
            _ => return self.split(id, &types, &shape),
        };
        let values = shape.values.take();
        self.fill(id, one, shape, values);
    }

    /// A union with a variant for each JSON type, which takes along the keywords that speak of it.
    fn split(&mut self, id: TypeId, types: &[JsonTypes], shape: &Shape<'d>) {
        let mut branches = Vec::new();
        for one in types {
            let of_type = |value: &&Value| JsonTypes::of(value).meets(*one);
            let values: Option<Vec<Value>> =
                shape.values.as_ref().map(|values| values.iter().filter(of_type).cloned().collect());
            if values.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            let ty = self.add(Type::new(Kind::Any, self.made[id.0].ty.source.clone()));
            let mut own = shape.clone();
            own.constraints.0.retain(|keyword, _| speaks_of(keyword).is_none_or(|types| types.meets(*one)));
            if own.format.is_some_and(|format| NUMERIC.contains(&format) == one.meets(JsonTypes::STRING)) {
                own.format = None;
            }
            self.fill(ty, *one, own, values);
            branches.push(Branch { ty, component: None, title: None });
        }
        let null = Some(self.made[id.0].ty.nullable);
        self.made[id.0].union = Some(Draft { branches, discriminator: None, null });
    }

    /// Fills in a type of one JSON type.
    fn fill(&mut self, id: TypeId, one: JsonTypes, mut shape: Shape<'d>, values: Option<Vec<Value>>) {
        settle_constraints(&mut shape, one);
        let format = Format(shape.format.map(str::to_owned));
        let is_object =
            !shape.properties.is_empty() || !shape.patterns.is_empty() || !matches!(shape.rest, Rest::Anything);
        let is_list = shape.items.is_some() || !shape.leading.is_empty();
        let mut listed = values;
        let kind = match one {
            JsonTypes::NONE => Kind::Never,
            JsonTypes::NULL => Kind::Null,
            _ if listed.as_ref().is_some_and(Vec::is_empty) => Kind::Never,
            JsonTypes::BOOLEAN => Kind::Boolean,
            JsonTypes::INTEGER => Kind::Integer(format),
            JsonTypes::STRING => match listed.take() {
                Some(values) => Kind::StringEnum { values: enum_values(&values), open: shape.open },
                None => Kind::String(format),
            },
            JsonTypes::ARRAY => self.list(&mut shape),
            JsonTypes::OBJECT => self.object(id, &mut shape),
            JsonTypes::ANY if is_object => self.object(id, &mut shape),
            JsonTypes::ANY if is_list => self.list(&mut shape),
            JsonTypes::ANY => Kind::Any,
            _ => Kind::Number(format),
        };
        let ty = &mut self.made[id.0].ty;
        ty.values = listed;
        ty.kind = kind;
        ty.constraints = shape.constraints;
    }

    fn list(&mut self, shape: &mut Shape<'d>) -> Kind {
        let rest = match shape.items.take() {
            Some(items) => self.of_node(items),
            None => self.anything(),
        };
        if shape.leading.is_empty() {
            return Kind::List(rest);
        }
        let leading = std::mem::take(&mut shape.leading).into_iter().map(|node| self.of_node(node)).collect();
        Kind::Tuple { leading, rest }
    }

    fn object(&mut self, id: TypeId, shape: &mut Shape<'d>) -> Kind {
        let additional = match std::mem::take(&mut shape.rest) {
            Rest::Anything => Additional::Anything,
            Rest::Nothing => Additional::Nothing,
            Rest::Typed(node) => Additional::Typed(self.of_node(node)),
        };
        let patterns = std::mem::take(&mut shape.patterns).into_iter();
        let patterns: Vec<_> = patterns.map(|(pattern, node)| (pattern.to_owned(), self.of_node(node))).collect();
        let is_open = !patterns.is_empty();
        self.made[id.0].ty.patterns = patterns;
        let mut members = Vec::new();
        for (name, node) in std::mem::take(&mut shape.properties) {
            let required = shape.required.contains(&name);
            let source = node.pointer().clone();
            members.push(member(name, self.of_node(node), required, source));
        }
        for name in &shape.required {
            if members.iter().all(|member: &Member| member.wire != *name) && !members.is_empty() {
                let ty = self.anything();
                members.push(member(name, ty, true, self.made[id.0].ty.source.clone()));
            }
        }
        if !members.is_empty() {
            return Kind::Struct { members, additional };
        }
        Kind::Map(match additional {
            Additional::Typed(values) => values,
            Additional::Nothing if !is_open => {
                let source = self.made[id.0].ty.source.clone();
                self.add(Type::new(Kind::Never, source))
            }
            _ => self.anything(),
        })
    }
}

fn member(name: &str, ty: TypeId, required: bool, source: Pointer) -> Member {
    Member { wire: name.to_owned(), rust: String::new(), ty, required, read_only: false, write_only: false, source }
}

fn enum_values(values: &[Value]) -> Vec<EnumValue> {
    let strings = values.iter().filter_map(Value::as_str);
    strings.map(|value| EnumValue { wire: value.to_owned(), rust: String::new() }).collect()
}

/// Whether a choice is one between shapes. Beside properties, combinations of required ones are a check.
fn is_union(choice: &Choice<'_>, beside: &Shape<'_>) -> bool {
    let names_members = |branch: &Place<'_>| {
        ["properties", "$ref", "oneOf", "anyOf", "allOf"].iter().any(|key| branch.get(key).is_some())
    };
    beside.properties.is_empty() || choice.branches.iter().any(names_members)
}

/// Formats of numbers.
const NUMERIC: [&str; 6] = ["int32", "int64", "uint32", "uint64", "float", "double"];

/// The JSON types that a constraint is about, where it is not about all.
fn speaks_of(keyword: &str) -> Option<JsonTypes> {
    let is_bound = LOWER.contains(&keyword) || UPPER.contains(&keyword);
    match keyword {
        "minLength" | "maxLength" | "pattern" | "contentEncoding" | "contentMediaType" | "contentSchema" => {
            Some(JsonTypes::STRING)
        }
        "uniqueItems" | "contains" | "minContains" | "maxContains" | "unevaluatedItems" => Some(JsonTypes::ARRAY),
        "dependentRequired" | "dependentSchemas" | "propertyNames" | "discriminator" => Some(JsonTypes::OBJECT),
        "multipleOf" => Some(JsonTypes::NUMBER),
        _ if keyword.ends_with("Items") => Some(JsonTypes::ARRAY),
        _ if keyword.ends_with("Properties") => Some(JsonTypes::OBJECT),
        _ => is_bound.then_some(JsonTypes::NUMBER),
    }
}

/// Says in one way what documents say in several: bounds of integers, and that a string is `base64`.
fn settle_constraints(shape: &mut Shape<'_>, one: JsonTypes) {
    if one == JsonTypes::INTEGER {
        shape.constraints.bound_integers();
    } else {
        shape.constraints.bound_numbers();
    }
    let encoding = shape.constraints.text("contentEncoding").map(str::to_lowercase);
    let format = match encoding.as_deref() {
        Some("base64") => Some("byte"),
        Some("base64url") => Some("base64url"),
        Some(_) => return,
        None => None,
    };
    if let Some(format) = format.filter(|format| shape.format.is_none_or(|own| own == *format)) {
        shape.format = Some(format);
        shape.constraints.0.remove("contentEncoding");
    }
    let is_bytes = shape.constraints.text("contentMediaType") == Some("application/octet-stream");
    if is_bytes && shape.format.is_none_or(|own| ["binary", "byte", "base64url"].contains(&own)) {
        shape.format = shape.format.or(Some("binary"));
        shape.constraints.0.remove("contentMediaType");
    }
}
