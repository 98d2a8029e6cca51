//! Structs that a request can hold get `new`, with what is required: being non-exhaustive, they could not be made
//! outside of the crate otherwise.

use quote::quote;
use syn::{Fields, Item, ItemStruct, Type, parse_quote};

use super::{parts::Parts, reach::Reach};

/// Adds the constructors, and says how many.
pub(super) fn apply(parts: &mut Parts, reach: &Reach) -> usize {
    let mut places = 0;
    let mut items = Vec::new();
    for item in std::mem::take(&mut parts.types) {
        let constructor = match &item {
            Item::Struct(structure) if reach.by_request(&structure.ident) => constructor(structure),
            _ => None,
        };
        items.push(item);
        places += usize::from(constructor.is_some());
        items.extend(constructor);
    }
    parts.types = items;
    places
}

/// Nothing where nothing is required: `Default` makes such a struct.
fn constructor(structure: &ItemStruct) -> Option<Item> {
    let Fields::Named(fields) = &structure.fields else { return None };
    let (optional, required): (Vec<_>, Vec<_>) = fields.named.iter().partition(|field| is_option(&field.ty));
    if required.is_empty() {
        return None;
    }
    let name = &structure.ident;
    let names: Vec<_> = required.iter().map(|field| &field.ident).collect();
    let absent: Vec<_> = optional.iter().map(|field| &field.ident).collect();
    let arguments = required.iter().map(|field| {
        let (name, ty) = (&field.ident, &field.ty);
        if is_text(ty) {
            quote! { #name: impl ::std::convert::Into<#ty> }
        } else {
            quote! { #name: #ty }
        }
    });
    let values = required.iter().map(|field| {
        let name = &field.ident;
        if is_text(&field.ty) {
            quote! { #name: #name.into() }
        } else {
            quote! { #name }
        }
    });
    let doc = format!(" Made of what is required: {}.", list(&names));
    Some(parse_quote! {
        impl #name {
            #[doc = #doc]
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* #(#absent: ::std::option::Option::None,)* }
            }
        }
    })
}

fn list(names: &[&Option<syn::Ident>]) -> String {
    names.iter().filter_map(|name| name.as_ref()).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn is_option(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|name| name == "Option")
}

fn is_text(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|name| name == "String")
}

fn last_segment(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_is_required_and_leaves_the_rest_absent() {
        let structure = parse_quote! {
            pub struct Item { pub text: ::std::string::String, pub number: i64, pub rest: ::std::option::Option<bool> }
        };
        let file = syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![constructor(&structure).unwrap()],
        };
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }

    #[test]
    fn is_left_out_where_default_will_do() {
        assert!(constructor(&parse_quote! { pub struct Item { pub rest: Option<bool> } }).is_none());
    }
}
