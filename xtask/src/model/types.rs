//! Types by index. A schema at one place of the document is one [`Type`]; what refers to it has its [`TypeId`], so a
//! type may contain itself.

use serde_json::Value;

use super::{Constraints, Lifecycle};
use crate::openapi::Pointer;

/// The index of a type in [`super::Api::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// A schema, whatever it is composed of.
#[derive(Clone, Debug)]
pub struct Type {
    /// What it lets through, null aside.
    pub kind: Kind,
    /// Whether null is let through as well.
    pub nullable: bool,
    /// The Rust name, unique in the API. Structs, unions, string enums and strings with checks have one.
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
    /// An object of which only the type of the values is known.
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
        /// How they are told apart.
        tell: Tell,
        /// Whether the document permits values of several variants at once (`anyOf`).
        any_of: bool,
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
    /// The values of the tag that lead to it: strings or integers. Empty where the union has no tag.
    pub tags: Vec<Value>,
}

/// How the variants of a union are told apart when a value is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tell {
    /// By the value of one property.
    Tag {
        /// The property.
        property: String,
        /// The variant without tag values of its own, by its index: what other values of the tag lead to.
        otherwise: Option<usize>,
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
