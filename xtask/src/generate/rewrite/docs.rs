//! Docs, one comment a line, with the scope that an operation needs.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use syn::{Attribute, Expr, ExprLit, Fields, ImplItemFn, Item, Lit, Meta, parse_quote};

use super::{
    operations::{in_words, scopes},
    parts::Parts,
};
use crate::generate::document::{Document, METHODS};

/// Rewrites the docs of methods and types, and says how many of them had some.
pub(super) fn apply(parts: &mut Parts, document: &Document) -> usize {
    let scopes = scopes_by_method(document);
    let mut places = 0;
    for method in &mut parts.methods {
        let scope = scopes.get(&method.sig.ident.to_string());
        of_method(method, scope);
        places += 1;
    }
    for item in &mut parts.types {
        places += of_type(item);
    }
    places
}

fn scopes_by_method(document: &Document) -> BTreeMap<String, String> {
    let items = document.root["paths"].as_object().into_iter().flat_map(|items| items.values());
    items
        .flat_map(|item| METHODS.iter().filter_map(|method| item.get(method)))
        .map(|operation| (operation["operationId"].as_str().unwrap_or_default().to_snake_case(), scopes(operation)))
        .filter(|(_, scopes)| !scopes.is_empty())
        .map(|(method, scopes)| (method, in_words(&scopes)))
        .collect()
}

fn of_method(method: &mut ImplItemFn, scope: Option<&String>) {
    let mut text = take(&mut method.attrs);
    if let Some(scope) = scope {
        text = text.replacen("\n\nArguments:", &format!("\n\nNeeds the scope {scope}.\n\nArguments:"), 1);
    }
    text.push_str("\n\n# Errors\n\nThe request could not be sent, or was answered by anything but what is declared: see [`Error`].");
    put(&mut method.attrs, &text);
}

fn of_type(item: &mut Item) -> usize {
    let attributes = match item {
        Item::Struct(structure) => {
            if let Fields::Named(fields) = &mut structure.fields {
                fields.named.iter_mut().for_each(|field| {
                    let text = take(&mut field.attrs);
                    put(&mut field.attrs, if text.is_empty() { "Not described by the document." } else { &text });
                });
            }
            &mut structure.attrs
        }
        Item::Enum(enumeration) => &mut enumeration.attrs,
        _ => return 0,
    };
    let text = take(attributes);
    put(attributes, &text);
    usize::from(!text.is_empty())
}

/// The text of all doc comments, which are taken away.
fn take(attributes: &mut Vec<Attribute>) -> String {
    let mut lines = Vec::new();
    attributes.retain(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else { return true };
        let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return true };
        if !pair.path.is_ident("doc") {
            return true;
        }
        lines.push(text.value().strip_prefix(' ').map_or_else(|| text.value(), ToOwned::to_owned));
        false
    });
    lines.join("\n").trim_end().to_owned()
}

fn put(attributes: &mut Vec<Attribute>, text: &str) {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    attributes.splice(0..0, lines.map(|line| parse_quote! { #[doc = #line] }));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_method_tells_its_scope_and_its_errors() {
        let mut parts = Parts {
            methods: vec![parse_quote! {
                #[doc = "Get it\n\nSends a `GET` request to `/a`\n\nArguments:\n- `id`: The id.\n"]
                pub async fn get_a(&self, id: &str) {}
            }],
            types: Vec::new(),
        };
        let document = Document {
            root: json!({"paths": {"/a": {"get": {"operationId": "get-a", "security": [{"oauth": ["read:a"]}]}}}}),
        };
        assert_eq!(apply(&mut parts, &document), 1);
        let text = take(&mut parts.methods[0].attrs);
        assert!(
            text.starts_with("Get it\n\nSends a `GET` request to `/a`\n\nNeeds the scope `read:a`.\n\nArguments:"),
            "{text}"
        );
        assert!(text.contains("- `id`: The id.\n\n# Errors\n\n"), "{text}");
    }
}
