//! From what progenitor writes to what we check in: a chain over the syntax tree, each step in its own file and
//! counted. A piece that a step does not know is a problem, never passed on in silence, so that a new progenitor
//! cannot change the client behind our back.

mod constructors;
mod docs;
mod methods;
mod open_enums;
mod operations;
mod parts;
mod reach;
mod type_attributes;
mod unknown_value;

use quote::quote;
use syn::{File, parse_quote};

use super::{document::Document, normalize::Applied, problem::Problem};
use parts::Parts;

/// The files of a generated client, as syntax trees.
#[derive(Debug)]
pub struct Client {
    /// The operations as methods.
    pub client: File,
    /// The operations as data.
    pub operations: File,
    /// The types of parameters, bodies and responses.
    pub types: File,
    /// How many operations there are.
    pub operation_count: usize,
    /// What each step did.
    pub applied: Vec<Applied>,
}

/// Rewrites progenitor's tree. `document` is the one that progenitor was given.
///
/// # Errors
///
/// The tree holds a piece that no step knows.
pub fn rewrite(tree: File, document: &Document) -> Result<Client, Problem> {
    let mut parts = Parts::split(tree)?;
    let reach = reach::Reach::of(&parts);
    let applied = vec![
        Applied { transform: "typed-methods", places: methods::apply(&mut parts)? },
        Applied { transform: "open-enums", places: open_enums::apply(&mut parts, &reach)? },
        Applied { transform: "constructors", places: constructors::apply(&mut parts, &reach) },
        Applied { transform: "type-attributes", places: type_attributes::apply(&mut parts) },
        Applied { transform: "docs", places: docs::apply(&mut parts, document) },
    ];
    if applied.iter().any(|step| step.transform == "open-enums" && step.places > 0) {
        parts.types.extend(unknown_value::items());
    }
    let Parts { methods, types, .. } = parts;
    Ok(Client {
        operation_count: methods.len(),
        client: parse_quote! {
            //! The operations as methods.

            use auth0_transport::{Error, Response, encode_segment};
            use crate::{Client, operations, types};

            impl Client {
                #(#methods)*
            }
        },
        operations: syn::parse2(operations::table(document)?).map_err(unreadable)?,
        types: syn::parse2(quote! {
            //! The types of parameters, bodies and responses.
            #(#types)*
        })
        .map_err(unreadable)?,
        applied,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
fn unreadable(error: syn::Error) -> Problem {
    Problem::new(format!("the rewriter wrote what is not Rust: {error}"))
}
