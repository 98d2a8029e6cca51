//! The canonical form of a schema: what it lets through, whatever it is called and however it is put together.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use serde_json::Value;

use super::resolve::{Node, Tag};
use crate::{
    model::{Constraints, JsonTypes as Types, constraints::canonical},
    openapi::{Place, Pointer, Problem},
};

/// What an object may hold beyond its named fields.
#[derive(Clone, Debug)]
pub(super) enum Additional<'d> {
    Anything,
    Nothing,
    Typed(Node<'d>),
}

/// Whether a field is in one direction only.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Access {
    pub(super) read_only: bool,
    pub(super) write_only: bool,
}

/// A schema at one position. What is below it (fields, items, variants) stays unresolved until it is visited, so that
/// a schema may contain itself.
#[derive(Clone, Debug)]
pub(super) struct Shape<'d> {
    pub(super) types: Types,
    /// The values that are let through, null aside, as JSON text.
    pub(super) values: Option<Vec<String>>,
    pub(super) format: Option<&'d str>,
    pub(super) constraints: Constraints,
    pub(super) fields: BTreeMap<&'d str, Node<'d>>,
    pub(super) patterns: BTreeMap<&'d str, Node<'d>>,
    pub(super) required: BTreeSet<&'d str>,
    pub(super) additional: Additional<'d>,
    pub(super) items: Option<Node<'d>>,
    pub(super) leading_items: Vec<Node<'d>>,
    /// Each of these lets a value through if one of its branches does.
    pub(super) unions: Vec<Vec<Node<'d>>>,
    pub(super) default: Option<&'d Value>,
    pub(super) lifecycle: Option<&'d str>,
    pub(super) deprecated: bool,
    pub(super) access: Access,
    /// Whether a union was taken away that a plain schema says as well.
    pub(super) respelled: bool,
    /// Where the keywords stand that reports point to.
    sources: BTreeMap<&'static str, Pointer>,
    pointer: Pointer,
}

impl<'d> Shape<'d> {
    pub(super) fn anything(pointer: Pointer) -> Self {
        Self {
            types: Types::ANY,
            values: None,
            format: None,
            constraints: Constraints::default(),
            fields: BTreeMap::new(),
            patterns: BTreeMap::new(),
            required: BTreeSet::new(),
            additional: Additional::Anything,
            items: None,
            leading_items: Vec::new(),
            unions: Vec::new(),
            default: None,
            lifecycle: None,
            deprecated: false,
            access: Access::default(),
            respelled: false,
            sources: BTreeMap::new(),
            pointer,
        }
    }

    /// Reads the keywords of one plain schema; `$ref` and `allOf` are the caller's.
    pub(super) fn read(schema: &Place<'d>) -> Result<Self, Problem> {
        let mut shape = Self::anything(schema.pointer.clone());
        if let Some(anything) = schema.value.as_bool() {
            if !anything {
                shape.types = Types::NONE;
            }
            return Ok(shape);
        }
        for keyword in ["type", "enum", "const", "format", "default", "x-release-lifecycle", "additionalProperties"] {
            if let Some(place) = schema.get(keyword) {
                shape.sources.insert(keyword, place.pointer);
            }
        }
        if let Some(place) = schema.get("type") {
            shape.types = Types::read(&place)?;
        }
        shape.values = values(schema)?;
        if schema.flag("nullable")? {
            shape.types = shape.types | Types::NULL;
        }
        shape.format = schema.text("format")?;
        shape.constraints = Constraints::read(schema)?;
        shape.read_object(schema)?;
        shape.items = schema.get("items").map(Node::new);
        shape.leading_items = schema.elements_of("prefixItems")?.into_iter().map(Node::new).collect();
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.elements_of(keyword)?;
            if !branches.is_empty() {
                shape.unions.push(variants(schema, branches)?);
                // Each of its variants says what it demands.
                shape.constraints.remove("discriminator");
            }
        }
        shape.default = schema.get("default").map(|place| place.value);
        shape.lifecycle = schema.text("x-release-lifecycle")?;
        shape.deprecated = schema.flag("deprecated")?;
        shape.access.read_only = schema.flag("readOnly")?;
        shape.access.write_only = schema.flag("writeOnly")?;
        Ok(shape)
    }

    fn read_object(&mut self, schema: &Place<'d>) -> Result<(), Problem> {
        for (name, field) in schema.entries_of("properties")? {
            self.fields.insert(name, Node::new(field));
        }
        for (pattern, field) in schema.entries_of("patternProperties")? {
            self.patterns.insert(pattern, Node::new(field));
        }
        // A flag beside a parameter's schema in documents that predate 3.0; harmless, and seen in the wild.
        if let Some(required) = schema.get("required").filter(|place| !place.value.is_boolean()) {
            for name in required.elements()? {
                self.required.insert(name.string()?);
            }
        }
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            match schema.get(keyword) {
                Some(place) if place.value == &Value::Bool(false) => self.additional = Additional::Nothing,
                Some(place) if matches!(place.value, Value::Object(object) if !object.is_empty()) => {
                    self.additional = Additional::Typed(Node::new(place));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Demands the values of a tag, where these are objects.
    pub(super) fn demand(&mut self, tag: &Rc<Tag<'d>>, node: &Node<'d>) {
        if self.types.meets(Types::OBJECT) {
            let field = self.fields.entry(tag.name).or_insert_with(|| Node::anything(node.place()));
            field.is_tag = Some(Rc::clone(tag));
        }
    }

    /// Lets through the values of a tag. Values of its own that are all others win: what they exclude is never sent.
    pub(super) fn limit_to(&mut self, tag: &Tag<'d>) {
        let typed = |text: &&str| {
            let value =
                if self.types.meets(Types::STRING) { Value::from(*text) } else { serde_json::from_str(text).ok()? };
            self.types.meets(Types::of(&value)).then(|| value.to_string())
        };
        let values: Vec<String> = tag.values.iter().filter_map(typed).collect();
        let common = match &self.values {
            Some(own) => own.iter().filter(|value| values.contains(value)).cloned().collect(),
            None => values,
        };
        if !common.is_empty() {
            self.values = Some(common);
            self.sources.entry("enum").or_insert_with(|| tag.pointer.clone());
        }
    }

    /// Says in one way what documents say in several: bounds of integers, and that a text is `base64`.
    pub(super) fn settle_constraints(&mut self) {
        if self.types & Types::NUMBER == Types::INTEGER {
            self.constraints.bound_integers();
        } else {
            self.constraints.bound_numbers();
        }
        let encoding = self.constraints.text("contentEncoding").map(str::to_lowercase);
        let format = match encoding.as_deref() {
            Some("base64") => Some("byte"),
            Some("base64url") => Some("base64url"),
            Some(_) => return,
            None => None,
        };
        if let Some(format) = format.filter(|format| self.format.is_none_or(|own| own == *format)) {
            self.format = Some(format);
            self.constraints.remove("contentEncoding");
        }
        let is_bytes = self.constraints.text("contentMediaType") == Some("application/octet-stream");
        if is_bytes && self.format.is_none_or(|own| ["binary", "byte", "base64url"].contains(&own)) {
            self.format = self.format.or(Some("binary"));
            self.constraints.remove("contentMediaType");
        }
    }

    pub(super) fn permit_null(&mut self) {
        self.types = self.types | Types::NULL;
        if let Some(values) = &mut self.values {
            values.push("null".to_owned());
        }
    }

    /// Demands what both demand. Statements about the schema itself are taken from the outer one.
    pub(super) fn intersect(&mut self, other: Self) {
        self.types = self.types & other.types;
        self.values = match (self.values.take(), other.values) {
            (Some(ours), Some(theirs)) => Some(ours.into_iter().filter(|value| theirs.contains(value)).collect()),
            (ours, theirs) => ours.or(theirs),
        };
        self.format = self.format.or(other.format);
        self.constraints.intersect(other.constraints);
        merge(&mut self.fields, other.fields);
        merge(&mut self.patterns, other.patterns);
        self.required.extend(other.required);
        match (&mut self.additional, other.additional) {
            (_, Additional::Anything) | (Additional::Nothing, _) => {}
            (Additional::Typed(ours), Additional::Typed(theirs)) => ours.and(theirs),
            (ours, theirs) => *ours = theirs,
        }
        match (&mut self.items, other.items) {
            (Some(ours), Some(theirs)) => ours.and(theirs),
            (ours @ None, theirs) => *ours = theirs,
            (Some(_), None) => {}
        }
        for (index, theirs) in other.leading_items.into_iter().enumerate() {
            match self.leading_items.get_mut(index) {
                Some(ours) => ours.and(theirs),
                None => self.leading_items.push(theirs),
            }
        }
        self.unions.extend(other.unions);
        self.default = self.default.or(other.default);
        self.lifecycle = self.lifecycle.or(other.lifecycle);
        self.deprecated |= other.deprecated;
        self.access.read_only |= other.access.read_only;
        self.access.write_only |= other.access.write_only;
        self.respelled |= other.respelled;
        self.adopt_sources(other.sources);
    }

    /// Lets through what either does. Only for shapes whose types do not meet.
    pub(super) fn unite_disjoint(&mut self, other: Self) {
        self.types = self.types | other.types;
        self.format = self.format.or(other.format);
        self.constraints.0.extend(other.constraints.0);
        if other.types.meets(Types::OBJECT) {
            self.fields = other.fields;
            self.patterns = other.patterns;
            self.required = other.required;
            self.additional = other.additional;
        }
        if other.types.meets(Types::ARRAY) {
            self.items = other.items;
            self.leading_items = other.leading_items;
        }
        self.default = self.default.or(other.default);
        self.adopt_sources(other.sources);
    }

    pub(super) fn adopt_sources(&mut self, sources: BTreeMap<&'static str, Pointer>) {
        for (keyword, pointer) in sources {
            self.sources.entry(keyword).or_insert(pointer);
        }
    }

    pub(super) fn take_sources(&mut self) -> BTreeMap<&'static str, Pointer> {
        std::mem::take(&mut self.sources)
    }

    /// Values decide on types: `enum` without `type`, and null among the values or not.
    pub(super) fn settle_values(&mut self) {
        if let Some(values) = &mut self.values {
            let mut types = Types::NONE;
            for value in values.iter() {
                types = types | serde_json::from_str(value).as_ref().map_or(Types::NONE, Types::of);
            }
            self.types = self.types & types;
            let is_of =
                |value: &str| serde_json::from_str(value).is_ok_and(|value| self.types.meets(Types::of(&value)));
            values.retain(|value| value != "null" && is_of(value));
            let mut seen = BTreeSet::new();
            values.retain(|value| seen.insert(value.clone()));
            if values.is_empty() && self.types.nullable() {
                self.values = None;
            }
        }
    }

    pub(super) fn closed(&self) -> bool {
        matches!(self.additional, Additional::Nothing)
    }

    /// The place of a keyword, of the schema where it does not have it.
    pub(super) fn source(&self, keyword: &'static str) -> Pointer {
        let keyword = match keyword {
            "enum" if !self.sources.contains_key("enum") => "const",
            other => other,
        };
        self.sources.get(keyword).unwrap_or(&self.pointer).clone()
    }

    /// The shape in a few words.
    pub(super) fn summary(&self) -> String {
        let mut summary = self.types.to_string();
        if let Some(format) = self.format {
            summary = format!("{summary} ({format})");
        }
        if let Some(values) = &self.values {
            summary = format!("{summary}, one of {}", values.join(", "));
        }
        if let Some(variants) = self.unions.first() {
            summary = format!("{summary}, {} variants", variants.len());
        }
        summary
    }
}

/// The branches of a union, with what its discriminator says of each.
fn variants<'d>(schema: &Place<'d>, branches: Vec<Place<'d>>) -> Result<Vec<Node<'d>>, Problem> {
    let discriminator = schema.get("discriminator").filter(|place| place.value.is_object());
    let variant = |branch: Place<'d>| {
        let tag = discriminator.as_ref().map(|discriminator| Tag::of(discriminator, &branch)).transpose()?.flatten();
        let mut node = Node::new(branch);
        node.tag = tag.map(Rc::new);
        Ok(node)
    };
    branches.into_iter().map(variant).collect()
}

fn values(schema: &Place<'_>) -> Result<Option<Vec<String>>, Problem> {
    if let Some(place) = schema.get("const") {
        return Ok(Some(vec![canonical(place.value).to_string()]));
    }
    let Some(place) = schema.get("enum") else {
        return Ok(None);
    };
    Ok(Some(place.elements()?.iter().map(|element| canonical(element.value).to_string()).collect()))
}

fn merge<'d>(ours: &mut BTreeMap<&'d str, Node<'d>>, theirs: BTreeMap<&'d str, Node<'d>>) {
    for (name, node) in theirs {
        match ours.get_mut(name) {
            Some(known) => known.and(node),
            None => {
                ours.insert(name, node);
            }
        }
    }
}
