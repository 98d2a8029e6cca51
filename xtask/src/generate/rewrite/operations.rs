//! The operations as data: id, whether a repeated call changes anything more, and the scope that the token needs.

use heck::{ToShoutySnakeCase, ToSnakeCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::generate::{
    document::{Document, METHODS},
    problem::Problem,
};

/// The name of an operation's constant, from that of its method.
pub(super) fn constant_name(method: &str) -> String {
    method.to_shouty_snake_case()
}

/// The file that holds one constant an operation, and all of them in a list.
#[expect(clippy::unnecessary_wraps, reason = "an operation may come to need what a document lacks")]
pub(super) fn table(document: &Document) -> Result<TokenStream, Problem> {
    let mut constants = Vec::new();
    let mut names = Vec::new();
    for (path, item) in document.root["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let id = operation["operationId"].as_str().unwrap_or_default();
            let name = format_ident!("{}", constant_name(&id.to_snake_case()));
            let idempotency = if method == "post" { quote!(NotIdempotent) } else { quote!(Idempotent) };
            let scopes = scopes(operation);
            let scope_words = if scopes.is_empty() { String::new() } else { format!(", scope {}", in_words(&scopes)) };
            let doc = format!(" `{} {path}`{scope_words}.", method.to_uppercase());
            constants.push(quote! {
                #[doc = #doc]
                pub const #name: Operation = Operation::new(#id, Idempotency::#idempotency, &[#(#scopes),*]);
            });
            names.push(name);
        }
    }
    Ok(quote! {
        //! The operations as data, for logs, retries and errors.

        use auth0_transport::{Idempotency, Operation};

        #(#constants)*

        /// Every operation, in the order of the document.
        pub const ALL: &[&Operation] = &[#(&#names),*];
    })
}

/// Scopes as prose: `` `read:a` or `read:b` ``.
pub(super) fn in_words(scopes: &[&str]) -> String {
    scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(" or ")
}

/// The scopes of which an operation wants one.
pub(super) fn scopes(operation: &Value) -> Vec<&str> {
    let requirements = operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object);
    let mut scopes: Vec<&str> = requirements
        .flat_map(|requirement| requirement.values())
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    scopes.dedup();
    scopes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_post_is_not_idempotent_and_scopes_are_told() {
        let document = Document {
            root: json!({"paths": {"/a": {"post": {
                "operationId": "post_some-thing",
                "security": [{"bearer": []}, {"oauth": ["create:a"]}],
            }}}}),
        };
        let file = syn::parse2(table(&document).unwrap()).unwrap();
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }
}
