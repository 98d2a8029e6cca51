//! What the document says is secret is not printed by `Debug`.
//!
//! Step 4.

use quote::quote;
use syn::{Attribute, Fields, Item, ItemImpl, ItemStruct, Path, Token, parse_quote, punctuated::Punctuated};

use super::parts::{Parts, derives};
use crate::{generate::shapes::notes, openapi::Document};

/// Writes `Debug` anew for structs that are secret, or have fields that are, and says how many there were.
pub(super) fn apply(parts: &mut Parts, document: &Document) -> usize {
    let mut blocks = Vec::new();
    for item in &mut parts.types {
        let Item::Struct(structure) = item else { continue };
        let schema = document.schemas().and_then(|schemas| schemas.get(&structure.ident.to_string()));
        let Some(schema) = schema.filter(|_| derives(&structure.attrs, "Debug")) else { continue };
        let block = if schema[notes::SECRET] == true {
            Some(hidden(structure))
        } else {
            with_hidden_fields(structure, |field| schema["properties"][field][notes::SECRET] == true)
        };
        if let Some(block) = block {
            structure.attrs = structure.attrs.drain(..).map(without_debug).collect();
            blocks.push(Item::Impl(block));
        }
    }
    let places = blocks.len();
    parts.types.extend(blocks);
    places
}

fn hidden(structure: &ItemStruct) -> ItemImpl {
    let (name, text) = (&structure.ident, format!("{}([hidden])", structure.ident));
    parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(#text)
            }
        }
    }
}

/// `None` where no field is secret.
fn with_hidden_fields(structure: &ItemStruct, is_secret: impl Fn(&str) -> bool) -> Option<ItemImpl> {
    let Fields::Named(fields) = &structure.fields else { return None };
    let mut any = false;
    let lines = fields.named.iter().filter_map(|field| field.ident.as_ref()).map(|field| {
        let text = field.to_string();
        let text = text.trim_start_matches("r#");
        if is_secret(text) {
            any = true;
            quote! { .field(#text, &::std::format_args!("[hidden]")) }
        } else {
            quote! { .field(#text, &self.#field) }
        }
    });
    let (lines, name) = (lines.collect::<Vec<_>>(), &structure.ident);
    let text = name.to_string();
    any.then(|| {
        parse_quote! {
            impl ::std::fmt::Debug for #name {
                fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    formatter.debug_struct(#text) #(#lines)* .finish()
                }
            }
        }
    })
}

fn without_debug(attribute: Attribute) -> Attribute {
    if !attribute.path().is_ident("derive") {
        return attribute;
    }
    let Ok(paths) = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else {
        return attribute;
    };
    let others = paths.iter().filter(|path| path.segments.last().is_none_or(|last| last.ident != "Debug"));
    parse_quote! { #[derive(#(#others),*)] }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use syn::File;

    use super::*;

    #[test]
    fn secrets_are_hidden_and_the_rest_is_printed() {
        let mut parts = Parts {
            methods: Vec::new(),
            types: vec![
                parse_quote! { #[derive(Clone, Debug)] pub struct Token { pub id: String, pub r#type: String, pub token: String } },
                parse_quote! { #[derive(Debug, PartialEq)] pub struct Options(pub Map); },
                parse_quote! { #[derive(Debug)] pub struct Plain { pub id: String } },
            ],
        };
        let document = Document {
            root: json!({"components": {"schemas": {
                "Token": {"properties": {"id": {}, "type": {}, "token": {"x-secret": true}}},
                "Options": {"x-secret": true},
                "Plain": {"properties": {"id": {}}},
            }}}),
        };
        assert_eq!(apply(&mut parts, &document), 2);
        insta::assert_snapshot!(prettyplease::unparse(&File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: parts.types
        }));
    }
}
