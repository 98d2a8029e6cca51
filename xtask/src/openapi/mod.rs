//! The one model of an OpenAPI document that `generate` and `drift` stand on: the document, places in it and where
//! their references lead, and its operations with everything that is said of them.

pub mod document;
mod identifiers;
pub(crate) mod keywords;
pub(crate) mod operation;
pub(crate) mod path_template;
pub(crate) mod place;
pub mod pointer;
pub mod problem;
pub(crate) mod security;
pub(crate) mod servers;

pub(crate) use self::place::Place;
pub use self::{document::Document, pointer::Pointer, problem::Problem};

/// The methods that a path item can hold, in the order in which they are generated.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
