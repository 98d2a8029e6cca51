//! An API as Rust types, lowered once from a document. `generate` writes it as Rust, `drift` compares two of it.
//!
//! | concern | file |
//! | --- | --- |
//! | the API, its operations, bodies and responses | `operation` |
//! | the place and the style of a parameter | `parameter` |
//! | types by index, their kinds and members | `types` |
//! | bounds and other checks of a type | `constraints` |
//! | what cannot be expressed | `diagnostic` |
//! | from a document to an [`Api`], in steps | `lower` |

pub mod constraints;
pub mod diagnostic;
pub mod identifiers;
mod json_types;
mod lifecycle;
pub mod lower;
pub mod operation;
pub mod parameter;
pub mod types;

pub use self::{
    constraints::{Constraint, Constraints},
    diagnostic::Diagnostic,
    json_types::JsonTypes,
    lifecycle::Lifecycle,
    lower::{Options, lower},
    operation::{
        Api, Body, Content, Encoding, Header, Media, Operation, Requirement, Response, Security, Servers, Sourced,
        Status, Success, Template,
    },
    parameter::{Parameter, Place, Style},
    types::{Additional, Direction, EnumValue, Format, Kind, Member, Type, TypeId, Variant, VariantBy},
};
