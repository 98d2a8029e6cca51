//! From what progenitor writes to what we check in: a chain over the syntax tree, each step in its own file and
//! counted. A piece that a step does not know is a problem, never passed on in silence, so that a new progenitor
//! cannot change the client behind our back.

mod constructors;
mod docs;
mod methods;
mod modules;
mod open_enums;
mod operations;
mod parts;
mod reach;
mod type_attributes;
mod unknown_value;

use syn::File;

use super::normalize::Applied;
use crate::openapi::{Document, Problem};
use parts::Parts;

pub use modules::{Layout, Module};

/// A generated client.
#[derive(Debug)]
pub struct Client {
    /// Its files, and the features that choose among them.
    pub layout: Layout,
    /// A call that a reader can make sense of: an operation whose arguments are texts, or none, if there is one.
    pub example: Option<String>,
    /// How many operations there are.
    pub operations: usize,
    /// What each step did.
    pub applied: Vec<Applied>,
}

/// Rewrites progenitor's tree. `document` is the one that progenitor was given.
///
/// # Errors
///
/// The tree holds a piece that no step knows.
pub fn rewrite(tree: File, document: &Document) -> Result<Client, Problem> {
    let mut parts = Parts::split(tree, document)?;
    let reach = reach::Reach::of(&parts);
    let applied = vec![
        Applied { transform: "typed-methods", places: methods::apply(&mut parts)? },
        Applied { transform: "open-enums", places: open_enums::apply(&mut parts, &reach)? },
        Applied { transform: "constructors", places: constructors::apply(&mut parts, &reach) },
        Applied { transform: "type-attributes", places: type_attributes::apply(&mut parts) },
        Applied { transform: "docs", places: docs::apply(&mut parts) },
    ];
    if applied.iter().any(|step| step.transform == "open-enums" && step.places > 0) {
        parts.types.extend(unknown_value::items());
    }
    let (example, operations) = (methods::example(&parts.methods), parts.methods.len());
    Ok(Client { layout: modules::lay_out(parts), example, operations, applied })
}
