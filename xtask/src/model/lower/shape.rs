//! Step 2: what the plain schemas of a node say together.

use serde_json::Value;

use super::{
    super::{Constraints, JsonTypes, constraints::canonical},
    resolve::{ANY_OF, Node, ONE_OF, Part, SUBTYPES},
};
use crate::openapi::{Place, Problem};

/// What an object may hold beside its properties.
#[derive(Clone, Debug, Default)]
pub(super) enum Rest<'d> {
    #[default]
    Anything,
    Nothing,
    Typed(Node<'d>),
}

/// `oneOf` or `anyOf` of one schema.
#[derive(Clone, Debug)]
pub(super) struct Choice<'d> {
    pub(super) owner: Place<'d>,
    /// The flag that leaves it out.
    pub(super) keyword: u8,
    pub(super) branches: Vec<Place<'d>>,
}

/// The keywords of one or more plain schemas.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent keywords")]
pub(super) struct Shape<'d> {
    pub(super) types: JsonTypes,
    /// The types in the order in which `type` lists them; empty where no schema has it.
    pub(super) stated: Vec<JsonTypes>,
    /// Whether null is let through whatever else is said.
    pub(super) or_null: bool,
    pub(super) values: Option<Vec<Value>>,
    /// Whether the values are not all: some of them contradict the type.
    pub(super) open: bool,
    /// Whether null is among the types, and values are listed without it.
    pub(super) null_excluded: bool,
    pub(super) format: Option<&'d str>,
    pub(super) constraints: Constraints,
    pub(super) properties: Vec<(&'d str, Node<'d>)>,
    pub(super) patterns: Vec<(&'d str, Node<'d>)>,
    pub(super) required: Vec<&'d str>,
    pub(super) rest: Rest<'d>,
    pub(super) items: Option<Node<'d>>,
    pub(super) leading: Vec<Node<'d>>,
    pub(super) choices: Vec<Choice<'d>>,
    pub(super) title: Option<&'d str>,
    pub(super) docs: Option<&'d str>,
    pub(super) default: Option<&'d Value>,
    pub(super) stage: Option<&'d str>,
    pub(super) deprecated: bool,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) secret: bool,
}

impl<'d> Shape<'d> {
    pub(super) fn anything() -> Self {
        Self {
            types: JsonTypes::ANY,
            stated: Vec::new(),
            or_null: false,
            values: None,
            open: false,
            null_excluded: false,
            format: None,
            constraints: Constraints::default(),
            properties: Vec::new(),
            patterns: Vec::new(),
            required: Vec::new(),
            rest: Rest::Anything,
            items: None,
            leading: Vec::new(),
            choices: Vec::new(),
            title: None,
            docs: None,
            default: None,
            stage: None,
            deprecated: false,
            read_only: false,
            write_only: false,
            secret: false,
        }
    }

    /// What several parts demand together. Prose is that of the first that has any.
    pub(super) fn of(parts: &[Part<'d>]) -> Result<Self, Problem> {
        let mut shape = Self::anything();
        for part in parts {
            shape.intersect(Self::read(part)?);
        }
        shape.settle_values();
        Ok(shape)
    }

    fn read(part: &Part<'d>) -> Result<Self, Problem> {
        let schema = &part.place;
        let mut shape = Self::anything();
        if let Some(anything) = schema.value.as_bool() {
            if !anything {
                shape.types = JsonTypes::NONE;
                shape.stated = vec![JsonTypes::NONE];
            }
            return Ok(shape);
        }
        shape.read_prose(schema)?;
        shape.read_types(schema)?;
        shape.format = schema.text("format")?;
        shape.secret |= shape.format == Some("password");
        shape.constraints = Constraints::read(schema)?;
        shape.read_object(schema)?;
        shape.items = schema.get("items").map(Node::new);
        shape.leading = schema.elements_of("prefixItems")?.into_iter().map(Node::new).collect();
        for (name, keyword) in [("oneOf", ONE_OF), ("anyOf", ANY_OF)] {
            let branches = schema.elements_of(name)?;
            if !branches.is_empty() && part.without & keyword == 0 {
                shape.choices.push(Choice { owner: schema.clone(), keyword, branches });
            }
        }
        if !shape.choices.is_empty() || part.without & SUBTYPES != 0 {
            shape.constraints.0.remove("discriminator");
        }
        Ok(shape)
    }

    pub(super) fn read_prose(&mut self, schema: &Place<'d>) -> Result<(), Problem> {
        let text = |key: &str| schema.get(key).and_then(|place| place.value.as_str());
        self.title = text("title");
        self.docs = text("description");
        self.default = schema.get("default").map(|place| place.value);
        self.stage = schema.text("x-release-lifecycle")?;
        self.deprecated = schema.flag("deprecated")?;
        self.read_only = schema.flag("readOnly")?;
        self.write_only = schema.flag("writeOnly")?;
        self.secret = schema.get("x-secret").is_some_and(|place| place.value == &Value::Bool(true));
        // OpenAPI 3.0 has no other way to say that what is referred to may be null here.
        let says_more = ["type", "enum", "const"].iter().any(|keyword| schema.get(keyword).is_some());
        self.or_null = schema.flag("nullable")? && !says_more;
        Ok(())
    }

    fn read_types(&mut self, schema: &Place<'d>) -> Result<(), Problem> {
        if let Some(place) = schema.get("type") {
            let names = if place.value.is_array() { place.elements()? } else { vec![place] };
            for place in names {
                let name = place.string()?;
                let known = JsonTypes::named(name);
                self.stated.push(known.ok_or_else(|| place.problem(format!("`{name}` is not a JSON type")))?);
            }
            self.types = self.stated.iter().fold(JsonTypes::NONE, |all, one| all | *one);
        }
        if schema.flag("nullable")? && !self.stated.is_empty() {
            self.types = self.types | JsonTypes::NULL;
        }
        let values = match (schema.get("const"), schema.get("enum")) {
            (Some(only), _) => Some(vec![canonical(only.value)]),
            (None, Some(list)) => Some(list.elements()?.iter().map(|value| canonical(value.value)).collect()),
            (None, None) => None,
        };
        if let Some(values) = values.filter(|values: &Vec<Value>| !values.is_empty()) {
            let fits = |value: &Value| value.is_null() || self.types.meets(JsonTypes::of(value));
            // A `NO` that YAML reads as `false`, say: the author means other strings too.
            self.open = values.iter().any(|value| !fits(value)) && values.iter().any(fits);
            self.values = Some(values);
        }
        Ok(())
    }

    fn read_object(&mut self, schema: &Place<'d>) -> Result<(), Problem> {
        let nodes = |key| -> Result<Vec<_>, Problem> {
            Ok(schema.entries_of(key)?.into_iter().map(|(name, place)| (name, Node::new(place))).collect())
        };
        (self.properties, self.patterns) = (nodes("properties")?, nodes("patternProperties")?);
        // A flag beside a parameter's schema in documents that predate 3.0; harmless, and seen in the wild.
        if let Some(required) = schema.get("required").filter(|place| !place.value.is_boolean()) {
            self.required = required.elements()?.iter().map(Place::string).collect::<Result<_, _>>()?;
        }
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            match schema.get(keyword) {
                Some(place) if place.value == &Value::Bool(false) => self.rest = Rest::Nothing,
                Some(place) if place.value.as_object().is_some_and(|schema| !schema.is_empty()) => {
                    self.rest = Rest::Typed(Node::new(place));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Demands what both demand.
    fn intersect(&mut self, other: Self) {
        self.types = self.types & other.types;
        self.stated.extend(other.stated);
        self.or_null |= other.or_null;
        self.values = match (self.values.take(), other.values) {
            (Some(ours), Some(theirs)) => Some(ours.into_iter().filter(|value| theirs.contains(value)).collect()),
            (ours, theirs) => ours.or(theirs),
        };
        self.open |= other.open;
        self.format = self.format.or(other.format);
        self.constraints.intersect(other.constraints);
        merge(&mut self.properties, other.properties);
        merge(&mut self.patterns, other.patterns);
        for name in other.required {
            if !self.required.contains(&name) {
                self.required.push(name);
            }
        }
        match (&mut self.rest, other.rest) {
            (_, Rest::Anything) | (Rest::Nothing, _) => {}
            (Rest::Typed(ours), Rest::Typed(theirs)) => ours.and(theirs),
            (ours, theirs) => *ours = theirs,
        }
        match (&mut self.items, other.items) {
            (Some(ours), Some(theirs)) => ours.and(theirs),
            (ours @ None, theirs) => *ours = theirs,
            (Some(_), None) => {}
        }
        for (index, theirs) in other.leading.into_iter().enumerate() {
            match self.leading.get_mut(index) {
                Some(ours) => ours.and(theirs),
                None => self.leading.push(theirs),
            }
        }
        self.choices.extend(other.choices);
        self.title = self.title.or(other.title);
        self.docs = self.docs.or(other.docs);
        self.default = self.default.or(other.default);
        self.stage = self.stage.or(other.stage);
        self.deprecated |= other.deprecated;
        self.read_only |= other.read_only;
        self.write_only |= other.write_only;
        self.secret |= other.secret;
    }

    /// Values that the types exclude are none, and each is there once. Without `type`, values of one type state it.
    fn settle_values(&mut self) {
        let Some(mut values) = self.values.take() else { return };
        let mut seen = std::collections::HashSet::new();
        values.retain(|value| self.types.meets(JsonTypes::of(value)) && seen.insert(value.to_string()));
        let types = values.iter().map(JsonTypes::of).fold(JsonTypes::NONE, |all, one| all | one);
        let others = types.without(JsonTypes::NULL);
        let fractions = JsonTypes::NUMBER.without(JsonTypes::INTEGER);
        let named = if others.meets(fractions) { others | JsonTypes::INTEGER } else { others };
        if self.stated.is_empty() && !values.is_empty() {
            let known = [JsonTypes::BOOLEAN, JsonTypes::INTEGER, JsonTypes::NUMBER, JsonTypes::STRING, JsonTypes::NONE];
            if known.contains(&named) {
                self.types = named | (types & JsonTypes::NULL);
                self.stated = vec![named];
            }
            self.or_null |= types.nullable() && !others.is_empty();
        }
        if self.open && others != JsonTypes::STRING {
            return; // Of other types than strings nothing is left that could be trusted.
        }
        if others.is_empty() && types.nullable() {
            self.types = JsonTypes::NULL;
            return;
        }
        values.retain(|value| !value.is_null());
        self.values = Some(values);
        self.null_excluded = self.types.nullable() && !types.nullable();
    }

    /// Whether it restricts values in any way but by its choices and that they are objects.
    pub(super) fn says_something(&self) -> bool {
        !(self.properties.is_empty()
            && self.patterns.is_empty()
            && self.values.is_none()
            && self.format.is_none()
            && self.constraints.0.is_empty()
            && self.items.is_none()
            && self.leading.is_empty()
            && matches!(self.rest, Rest::Anything)
            && (self.stated.is_empty() || self.types.without(JsonTypes::NULL) == JsonTypes::OBJECT))
    }
}

fn merge<'d>(ours: &mut Vec<(&'d str, Node<'d>)>, theirs: Vec<(&'d str, Node<'d>)>) {
    for (name, node) in theirs {
        match ours.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.and(node),
            None => ours.push((name, node)),
        }
    }
}
