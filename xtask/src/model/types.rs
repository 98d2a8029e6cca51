//! Types by index. A schema at one place of the document is one [`Type`]; what refers to it has its [`TypeId`], so a
//! type may contain itself.

use std::collections::HashSet;

use serde_json::Value;

use super::{Constraints, JsonTypes, Lifecycle};
use crate::openapi::Pointer;

/// The index of a type in [`super::Api::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// A schema, whatever it is composed of.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a schema")]
pub struct Type {
    /// What it lets through, null aside.
    pub kind: Kind,
    /// Whether null is let through as well.
    pub nullable: bool,
    /// Whether null is excluded again, because the document lists values and null is none of them: `nullable` is what
    /// its author means, this is what the specification says.
    pub null_excluded: bool,
    /// Whether the document writes it as a union that is none.
    pub respelled: bool,
    /// The Rust name, unique in the API. Components, structs, unions, string enums and strings with checks have one.
    pub rust: Option<String>,
    /// The name of the component, as the document writes it.
    pub component: Option<String>,
    /// `title`, where there is one.
    pub title: Option<String>,
    /// `description`.
    pub docs: Option<String>,
    /// The values that are let through, where the document lists them and the kind is no string enum.
    pub values: Option<Vec<Value>>,
    /// Checks beside the kind.
    pub constraints: Constraints,
    /// `patternProperties`, each with the type of its values.
    pub patterns: Vec<(String, TypeId)>,
    /// `default`.
    pub default: Option<Value>,
    /// Deprecation and early access.
    pub lifecycle: Lifecycle,
    /// Who sends values of this type.
    pub direction: Direction,
    /// Whether values must not be printed: `format: password`, `x-secret`.
    pub secret: bool,
    /// Its place in the document.
    pub source: Pointer,
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Any JSON value.
    Any,
    /// No value at all: `false`, or `allOf` of what contradicts itself.
    Never,
    /// Null alone.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(Format),
    /// A number.
    Number(Format),
    /// A string.
    String(Format),
    /// One of some strings.
    StringEnum {
        /// Its values, in the order of the document, each once.
        values: Vec<EnumValue>,
        /// Whether other strings are let through: the document lists values that its own type excludes.
        open: bool,
    },
    /// A list.
    List(TypeId),
    /// A list whose first elements have types of their own.
    Tuple {
        /// The types of the first elements.
        leading: Vec<TypeId>,
        /// The type of the others.
        rest: TypeId,
    },
    /// An object of which only the type of the values is known: [`Kind::Never`] where it holds none.
    Map(TypeId),
    /// An object with members that are known.
    Struct {
        /// Its members, in the order of the document.
        members: Vec<Member>,
        /// What else it may hold.
        additional: Additional,
    },
    /// One of several types.
    Union {
        /// Two or more of them.
        variants: Vec<Variant>,
        /// How a reader selects one.
        by: VariantBy,
        /// Whether other values are let through as well: one of the variants says nothing.
        open: bool,
    },
    /// Another type, with docs, a default or a null of its own.
    Alias(TypeId),
}

/// The format of a string or number: the known ones that decide a Rust type, or the name of another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format(pub Option<String>);

impl Format {
    /// The name of the format, `""` without one.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

/// A value of a string enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// The string.
    pub wire: String,
    /// The variant's name in Rust, unique within the enum.
    pub rust: String,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Member {
    /// The property.
    pub wire: String,
    /// The field's name in Rust, unique within the struct.
    pub rust: String,
    /// The type of its value. Docs, default and lifecycle of the member are those of this type, or of this alias.
    pub ty: TypeId,
    /// Whether each object has it.
    pub required: bool,
    /// Only in responses.
    pub read_only: bool,
    /// Only in requests.
    pub write_only: bool,
    /// The property's place in the document.
    pub source: Pointer,
}

/// What an object may hold beside its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Additional {
    /// Anything.
    Anything,
    /// Nothing.
    Nothing,
    /// Values of a type.
    Typed(TypeId),
}

/// A variant of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The variant's name in Rust, unique within the union.
    pub rust: String,
    /// Its type.
    pub ty: TypeId,
    /// The component that it is, perhaps with what stands beside the union.
    pub component: Option<String>,
    /// The values of the tag that lead to it: strings, numbers or booleans. Empty where the union has no tag.
    pub tags: Vec<Value>,
}

/// How a reader selects the variant of a union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariantBy {
    /// By the value of one property.
    Tag {
        /// The property.
        property: String,
    },
    /// By the JSON type of the value: no two variants have one in common.
    JsonType,
    /// By what fits best: required members, then the number of known members, then the order of the document.
    BestFit,
}

/// Who sends values of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Direction {
    /// Requests hold it.
    pub sent: bool,
    /// Responses hold it.
    pub received: bool,
}

impl Type {
    /// A type of this kind, of which nothing else is known.
    #[must_use]
    pub fn new(kind: Kind, source: Pointer) -> Self {
        Self {
            kind,
            nullable: false,
            null_excluded: false,
            respelled: false,
            rust: None,
            component: None,
            title: None,
            docs: None,
            values: None,
            constraints: Constraints::default(),
            patterns: Vec::new(),
            default: None,
            lifecycle: Lifecycle::default(),
            direction: Direction::default(),
            secret: false,
            source,
        }
    }

    /// The types that this one refers to, those of patterns last.
    #[must_use]
    pub fn inner(&self) -> Vec<TypeId> {
        let kind = match &self.kind {
            Kind::List(inner) | Kind::Map(inner) | Kind::Alias(inner) => vec![*inner],
            Kind::Tuple { leading, rest } => leading.iter().chain([rest]).copied().collect(),
            Kind::Struct { members, additional } => {
                let additional = if let Additional::Typed(inner) = additional { Some(*inner) } else { None };
                members.iter().map(|member| member.ty).chain(additional).collect()
            }
            Kind::Union { variants, .. } => variants.iter().map(|variant| variant.ty).collect(),
            _ => Vec::new(),
        };
        kind.into_iter().chain(self.patterns.iter().map(|(_, inner)| *inner)).collect()
    }

    /// Visits the references to the types of [`Self::inner`].
    pub fn each_reference(&mut self, visit: &mut dyn FnMut(&mut TypeId)) {
        match &mut self.kind {
            Kind::List(inner) | Kind::Map(inner) | Kind::Alias(inner) => visit(inner),
            Kind::Tuple { leading, rest } => leading.iter_mut().chain([rest]).for_each(&mut *visit),
            Kind::Struct { members, additional } => {
                for member in members {
                    visit(&mut member.ty);
                }
                if let Additional::Typed(inner) = additional {
                    visit(inner);
                }
            }
            Kind::Union { variants, .. } => variants.iter_mut().for_each(|variant| visit(&mut variant.ty)),
            _ => {}
        }
        self.patterns.iter_mut().for_each(|(_, inner)| visit(inner));
    }
}

/// The JSON types of the values of a type, null aside. `kind` looks behind aliases.
pub(super) fn json_types<'a>(start: TypeId, kind: &dyn Fn(TypeId) -> &'a Kind) -> JsonTypes {
    let (mut seen, mut waiting) = (HashSet::from([start]), vec![start]);
    let mut all = JsonTypes::NONE;
    while let Some(id) = waiting.pop() {
        let own = match kind(id) {
            Kind::Never | Kind::Null => JsonTypes::NONE,
            Kind::Boolean => JsonTypes::BOOLEAN,
            Kind::Integer(_) => JsonTypes::INTEGER,
            Kind::Number(_) => JsonTypes::NUMBER,
            Kind::String(_) | Kind::StringEnum { .. } => JsonTypes::STRING,
            Kind::List(_) | Kind::Tuple { .. } => JsonTypes::ARRAY,
            Kind::Map(_) | Kind::Struct { .. } => JsonTypes::OBJECT,
            Kind::Union { variants, open: false, .. } => {
                let variants = variants.iter().map(|variant| variant.ty);
                waiting.extend(variants.filter(|variant| seen.insert(*variant)));
                JsonTypes::NONE
            }
            Kind::Any | Kind::Union { .. } | Kind::Alias(_) => return JsonTypes::ANY,
        };
        all = all | own;
    }
    all
}
