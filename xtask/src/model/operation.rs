//! The API as a whole, and its operations.

use std::collections::{BTreeMap, BTreeSet};

use super::{Parameter, Type, TypeId};
use crate::openapi::Pointer;

/// An API.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub docs: Option<String>,
    /// The operations in the order of the document.
    pub operations: Vec<Operation>,
    /// The types by [`TypeId`], in the order in which operations meet them.
    pub types: Vec<Type>,
    /// The description of each tag that has one.
    pub tags: BTreeMap<String, String>,
    /// The security schemes by name, in canonical form.
    pub security_schemes: BTreeMap<String, serde_json::Value>,
    /// The paths of the document's servers, without a slash at the end; the first is called.
    pub server_paths: Vec<String>,
}

impl std::ops::Index<TypeId> for Api {
    type Output = Type;

    fn index(&self, id: TypeId) -> &Type {
        &self.types[id.0]
    }
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The id in the document; one made of method and path where it has none.
    pub id: String,
    /// Whether the id is the document's own.
    pub has_own_id: bool,
    /// The method's name in Rust, unique in the API.
    pub rust: String,
    /// The HTTP method in capitals.
    pub method: String,
    /// Where it is called.
    pub path: Template,
    /// The path of the server that it is called at, without a slash at the end: its own, or the document's first.
    pub base_path: String,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub docs: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// In the order of the document: those of the path item first.
    pub parameters: Vec<Parameter>,
    /// The body of the request.
    pub body: Option<Body>,
    /// The responses in the order of the document.
    pub responses: Vec<Response>,
    /// What a call returns.
    pub success: Success,
    /// Which of these is enough for a call.
    pub security: Security,
    /// Deprecation and early access.
    pub lifecycle: Lifecycle,
    /// Its place in the document.
    pub source: Pointer,
}

/// The path of an operation, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// As the key of `paths` is written.
    pub written: String,
    /// The path with `{wire name}` for each path parameter, without query and fragment.
    pub path: String,
    /// `key=value` or `key`, as written behind a `?` in the key of `paths`: sent with every request.
    pub fixed_query: Vec<String>,
}

/// Deprecation and early access.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// `deprecated`.
    pub deprecated: bool,
    /// `x-release-lifecycle`, such as `EA` or `beta`.
    pub stage: Option<String>,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether each request has one.
    pub required: bool,
    /// What the document says about it.
    pub docs: Option<String>,
    /// Its forms by media type, in the order of the document.
    pub contents: Vec<Content>,
    /// The index of the form that is sent: JSON, else a form, parts, text, bytes. None where none can be sent.
    pub chosen: Option<usize>,
    /// Its place in the document.
    pub source: Pointer,
}

/// A body in one media type.
#[derive(Clone, Debug)]
pub struct Content {
    /// The media type in small letters, without parameters.
    pub media_type: String,
    /// What kind it is.
    pub media: Media,
    /// The type of the value.
    pub ty: TypeId,
    /// How members of a form or of parts are written, by property, where the document says so.
    pub encoding: BTreeMap<String, Encoding>,
    /// The schema's place in the document.
    pub source: Pointer,
}

/// Kinds of media types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Media {
    /// `application/json`, `…+json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data` and other `multipart/…`.
    Multipart,
    /// `text/…`.
    Text,
    /// `text/event-stream`.
    EventStream,
    /// Everything else: bytes.
    Binary,
}

/// How one member of a form or of parts is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// `contentType`.
    pub content_type: Option<String>,
    /// `style`, where the document has one.
    pub style: Option<super::Style>,
    /// `explode`; its default follows the style.
    pub explode: bool,
    /// `allowReserved`.
    pub allow_reserved: bool,
}

/// A response by its status.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: Status,
    /// What the document says about it.
    pub docs: Option<String>,
    /// The headers by name in small letters.
    pub headers: Vec<Header>,
    /// Its forms by media type, in the order of the document; empty where it has no body.
    pub contents: Vec<Content>,
    /// Its place in the document.
    pub source: Pointer,
}

/// The status of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Such as 200.
    Code(u16),
    /// Such as `2XX`, by its first digit.
    Range(u8),
    /// Every other.
    Default,
}

/// A header of a response.
#[derive(Clone, Debug)]
pub struct Header {
    /// In small letters.
    pub name: String,
    /// Whether each response has it.
    pub required: bool,
    /// The type of its value.
    pub ty: TypeId,
    /// Its place in the document.
    pub source: Pointer,
}

/// What a call returns.
#[derive(Clone, Debug)]
pub enum Success {
    /// No body.
    Nothing,
    /// A body of this content. Successes of several types are one union.
    Body {
        /// The media types that are accepted, the preferred first.
        accept: Vec<String>,
        /// How the body is read.
        media: Media,
        /// Its type.
        ty: TypeId,
        /// Whether a success without a body is declared as well.
        optional: bool,
    },
}

/// By the name of each scheme that is needed, the scopes of which one is enough. Empty where nothing is needed.
pub type Requirement = BTreeMap<String, BTreeSet<String>>;

/// What is needed to call an operation.
#[derive(Clone, Debug, Default)]
pub struct Security {
    /// Which of these is enough.
    pub requirements: Vec<Requirement>,
    /// Where it is stated.
    pub source: Pointer,
}
