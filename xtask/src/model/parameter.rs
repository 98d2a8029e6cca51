//! Parameters of operations: where each is in a request, and how its value is written there.

use super::{Lifecycle, TypeId};
use crate::openapi::Pointer;

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A placeholder of the path template.
    Path,
    /// A key of the query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// How a value is written. `explode` stands beside it in [`Parameter`] and [`super::Encoding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `a,b` (paths and headers).
    Simple,
    /// `.a.b` (paths).
    Label,
    /// `;name=a,b` (paths).
    Matrix,
    /// `name=a,b` or, exploded, `name=a&name=b`.
    Form,
    /// `name=a%20b`.
    SpaceDelimited,
    /// `name=a|b`.
    PipeDelimited,
    /// `name[member]=a`.
    DeepObject,
    /// The value as JSON text: `content` with a JSON media type.
    Json,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Where it stands.
    pub place: Place,
    /// Its name in the request.
    pub wire: String,
    /// Its name in Rust, unique within the operation.
    pub rust: String,
    /// The type of its value.
    pub ty: TypeId,
    /// Whether each request has it.
    pub required: bool,
    /// How its value is written.
    pub style: Style,
    /// Whether each element of a list, or each member of an object, stands for itself.
    pub explode: bool,
    /// Whether `:/?#[]@!$&'()*+,;=` are sent as they are.
    pub allow_reserved: bool,
    /// What the document says about it.
    pub docs: Option<String>,
    /// Deprecation and early access.
    pub lifecycle: Lifecycle,
    /// Its place in the document.
    pub source: Pointer,
}

impl Parameter {
    /// Such as "query parameter `page`".
    #[must_use]
    pub fn in_words(&self) -> String {
        let place = format!("{:?}", self.place).to_lowercase();
        format!("{place} parameter `{}`", self.wire.replace(['`', '\n', '\r'], "'"))
    }
}
