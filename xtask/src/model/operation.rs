//! The API as a whole, and its operations.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{JsonTypes, Kind, Lifecycle, Parameter, Style, Type, TypeId, types::json_types};
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
    /// The types by [`TypeId`]. Those that a client uses and that need a declaration have a Rust name.
    pub types: Vec<Type>,
    /// Other names of types, where types that say the same became one.
    pub aliases: Vec<(String, TypeId)>,
    /// The description of each tag that has one.
    pub tags: BTreeMap<String, String>,
    /// The security schemes by name, as the document writes them.
    pub security_schemes: BTreeMap<String, Sourced<serde_json::Value>>,
    /// The document's servers; the path of the first is called.
    pub servers: Servers,
}

/// A value and its place in the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// The place.
    pub source: Pointer,
}

/// The servers that a part of a document states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Servers {
    /// The URLs as written.
    pub urls: Vec<String>,
    /// Their paths, variables at their defaults, without a slash at the end.
    pub paths: Vec<String>,
    /// What states them.
    pub source: Pointer,
}

impl std::ops::Index<TypeId> for Api {
    type Output = Type;

    fn index(&self, id: TypeId) -> &Type {
        &self.types[id.0]
    }
}

impl Api {
    /// Visits every reference to a type.
    pub fn each_reference(&mut self, visit: &mut dyn FnMut(&mut TypeId)) {
        for operation in &mut self.operations {
            operation.parameters.iter_mut().for_each(|parameter| visit(&mut parameter.ty));
            let bodies = operation.body.iter_mut().flat_map(|body| &mut body.contents);
            bodies.for_each(|content| visit(&mut content.ty));
            for response in &mut operation.responses {
                response.headers.iter_mut().for_each(|header| visit(&mut header.ty));
                response.contents.iter_mut().for_each(|content| visit(&mut content.ty));
            }
            if let Success::Body { ty, .. } = &mut operation.success {
                visit(ty);
            }
        }
        for ty in &mut self.types {
            ty.each_reference(visit);
        }
    }

    /// The type behind aliases.
    #[must_use]
    pub fn followed(&self, mut id: TypeId) -> TypeId {
        for _ in 0..self.types.len() {
            let Kind::Alias(target) = self[id].kind else { break };
            id = target;
        }
        id
    }

    /// The JSON types of the values of a type, null aside.
    #[must_use]
    pub fn json_types(&self, id: TypeId) -> JsonTypes {
        json_types(id, &|id| &self[self.followed(id)].kind)
    }

    /// Whether null is let through, here or behind aliases.
    #[must_use]
    pub fn nullable(&self, mut id: TypeId) -> bool {
        for _ in 0..self.types.len() {
            let ty = &self[id];
            let Kind::Alias(target) = ty.kind else { return ty.nullable };
            if ty.nullable {
                return true;
            }
            id = target;
        }
        false
    }
}

impl Operation {
    /// The types that a client sends: of parameters and of the chosen body.
    #[must_use]
    pub fn sent(&self) -> Vec<TypeId> {
        let body = self.body.as_ref().and_then(|body| body.contents.get(body.chosen?));
        self.parameters.iter().map(|parameter| parameter.ty).chain(body.map(|content| content.ty)).collect()
    }

    /// The type that a client reads: of a success.
    #[must_use]
    pub fn received(&self) -> Option<TypeId> {
        if let Success::Body { ty, .. } = self.success { Some(ty) } else { None }
    }

    /// The types of all bodies and headers, whether a client uses them or not.
    #[must_use]
    pub fn described(&self) -> Vec<TypeId> {
        let body = self.body.iter().flat_map(|body| &body.contents);
        let contents = self.responses.iter().flat_map(|response| &response.contents);
        let headers = self.responses.iter().flat_map(|response| &response.headers).map(|header| header.ty);
        body.chain(contents).map(|content| content.ty).chain(headers).collect()
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
    /// The servers of the operation or its path item, where they state any.
    pub servers: Option<Servers>,
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
    /// The path with `{}` for each parameter: the same for paths that differ in names alone.
    pub nameless: String,
    /// `key=value` or `key`, as written behind a `?` in the key of `paths`: sent with every request.
    pub fixed_query: Vec<String>,
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
    /// The index of the form that is sent: JSON, else a form, text, bytes, parts, a stream of events.
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

/// Kinds of media types, the preferred first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Media {
    /// `application/json`, `…+json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `text/…`.
    Text,
    /// Everything else: bytes.
    Binary,
    /// `multipart/form-data` and other `multipart/…`.
    Multipart,
    /// `text/event-stream`.
    EventStream,
}

/// How one member of a form or of parts is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// `contentType`.
    pub content_type: Option<String>,
    /// `style`, where the document has one.
    pub style: Option<Style>,
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

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "{code}"),
            Self::Range(digit) => write!(formatter, "{digit}XX"),
            Self::Default => formatter.write_str("DEFAULT"),
        }
    }
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
    /// JSON with one status and something else with another, which no one type can hold.
    Several,
    /// Media types of which none can be read: parts or a stream of events.
    Unread(Media),
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
