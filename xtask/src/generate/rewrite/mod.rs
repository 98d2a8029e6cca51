//! From what progenitor writes to what we check in: a chain over the syntax tree, each step in its own file and
//! counted. A piece that a step does not know is a problem, never passed on in silence, so that a new progenitor
//! cannot change the client behind our back.

mod aliases;
mod answers;
mod constructors;
mod docs;
mod exact;
mod generics;
mod json_schemas;
mod methods;
mod modules;
mod objects;
mod operations;
mod parameters;
mod parts;
mod patterns;
pub(super) mod prose;
mod reach;
mod secrets;
mod texts;

use std::collections::BTreeSet;

use syn::File;

use super::{noted::Skipped, shapes::Applied};
use crate::openapi::{Document, Problem};
use parts::{Method, Parts};

pub use answers::Answer;
pub use modules::{Layout, Module};
pub(crate) use parameters::MOST_ARGUMENTS;
pub(super) use parts::MANAGEMENT_API;

/// A generated client.
#[derive(Debug)]
pub struct Client {
    /// Its files, and the features that choose among them.
    pub layout: Layout,
    /// A call that a reader can make sense of: an operation whose arguments are texts, or none, if there is one.
    pub example: Option<String>,
    /// How many operations there are.
    pub operations: usize,
    /// The paths of the servers that they are called at.
    pub base_paths: BTreeSet<String>,
    /// What each operation answers.
    pub answers: Vec<Answer>,
    /// The operations that have types, but no method.
    pub skipped: Vec<Skipped>,
    /// What each step did.
    pub applied: Vec<Applied>,
}

/// Rewrites progenitor's tree. `document` is the one that progenitor was given.
///
/// # Errors
///
/// The tree holds a piece that no step knows.
pub fn rewrite(tree: File, document: &Document, exact: bool) -> Result<Client, Problem> {
    let mut parts = Parts::split(tree, document)?;
    let reach = reach::Reach::of(&parts);
    let (objects, unions) = objects::apply(&mut parts, document, &reach)?;
    let applied = vec![
        Applied { transform: "objects", places: objects.len() },
        Applied { transform: "tagged-unions", places: unions },
        Applied { transform: "open-enums", places: texts::apply(&mut parts, document, &reach)? },
        Applied { transform: "constructors", places: constructors::apply(&mut parts, &objects) },
        Applied { transform: "secrets", places: secrets::apply(&mut parts, document) },
        Applied { transform: "aliases", places: aliases::apply(&mut parts, document) },
        Applied { transform: "exact-values", places: if exact { exact::apply(&mut parts, &reach) } else { 0 } },
        Applied { transform: "typed-methods", places: methods::apply(&mut parts, &mut aliases::names(document))? },
        Applied { transform: "json-schemas", places: json_schemas::apply(&mut parts) },
        Applied { transform: "docs", places: docs::apply(&mut parts) },
        Applied { transform: "unicode-patterns", places: patterns::apply(&mut parts) },
    ];
    let answers = answers::of(&parts.methods);
    let (methods, left_out): (Vec<_>, Vec<_>) =
        parts.methods.into_iter().partition(|method| method.operation.left_out.is_none());
    let skipped = left_out.into_iter().map(|Method { operation, .. }| Skipped {
        operation: operation.id,
        reason: operation.left_out.unwrap_or_default(),
    });
    let skipped = skipped.collect();
    parts.methods = methods;
    let (example, operations) = (methods::example(&parts.methods), parts.methods.len());
    let base_paths = parts.methods.iter().map(|method| method.operation.base_path.clone()).collect();
    let layout = modules::lay_out(parts);
    let answers = answers.into_iter().map(|answer| answer.located(&layout)).collect();
    Ok(Client { layout, example, operations, base_paths, answers, skipped, applied })
}
