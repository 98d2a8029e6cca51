//! Types get what their users need: room to grow, and a JSON schema behind the feature `schemars`.

use syn::{Attribute, Fields, Item, parse_quote};

use super::parts::{Parts, derives};

/// Marks every type, and says how many there were.
pub(super) fn apply(parts: &mut Parts) -> usize {
    let mut places = 0;
    for item in &mut parts.types {
        match item {
            Item::Struct(structure) => {
                add_schema(&mut structure.attrs);
                // A named field may be added by the API at any time; the one field of a wrapper is the type.
                if matches!(structure.fields, Fields::Named(_)) {
                    structure.attrs.push(parse_quote! { #[non_exhaustive] });
                }
                places += 1;
            }
            Item::Enum(enumeration) => {
                add_schema(&mut enumeration.attrs);
                if !enumeration.attrs.iter().any(|attribute| attribute.path().is_ident("non_exhaustive")) {
                    enumeration.attrs.push(parse_quote! { #[non_exhaustive] });
                }
                places += 1;
            }
            _ => {}
        }
    }
    places
}

/// Open enumerations bring a schema of their own, which derives could not know.
fn add_schema(attributes: &mut Vec<Attribute>) {
    if derives(attributes, "Serialize") {
        attributes.insert(0, parse_quote! { #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))] });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_may_grow_and_wrappers_are_what_they_are() {
        let mut parts = Parts {
            methods: Vec::new(),
            types: vec![
                parse_quote! { #[derive(::serde::Serialize)] pub struct A { pub b: B } },
                parse_quote! { #[derive(::serde::Serialize)] pub struct B(String); },
                parse_quote! { #[derive(Clone)] #[non_exhaustive] pub enum C { D } },
            ],
        };
        assert_eq!(apply(&mut parts), 3);
        let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: parts.types };
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }
}
