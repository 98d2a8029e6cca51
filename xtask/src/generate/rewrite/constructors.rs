//! Structs that a request can hold get `new`, with what is required, and a setter for each other field: being
//! non-exhaustive, they could not be made outside of the crate otherwise.
//!
//! Step 3.

use std::collections::BTreeMap;

use quote::{format_ident, quote};
use syn::{Ident, Item, Type, parse_quote};

use super::{
    objects::{Kind, Member, Object},
    parts::Parts,
};

/// Adds constructors and setters behind each type, and says how many types got some.
pub(super) fn apply(parts: &mut Parts, objects: &[Object]) -> usize {
    let mut blocks: BTreeMap<&Ident, Item> = objects
        .iter()
        .filter(|object| object.by_request)
        .filter_map(|object| Some((&object.name, block(object)?)))
        .collect();
    let places = blocks.len();
    for item in std::mem::take(&mut parts.types) {
        let block = match &item {
            Item::Struct(structure) => blocks.remove(&structure.ident),
            _ => None,
        };
        parts.types.push(item);
        parts.types.extend(block);
    }
    places
}

fn block(object: &Object) -> Option<Item> {
    let name = &object.name;
    let is_asked = |member: &&Member| matches!(member.kind, Kind::Required | Kind::Expected);
    let (required, others): (Vec<&Member>, Vec<&Member>) = object.members.iter().partition(is_asked);
    if object.members.is_empty() {
        return None;
    }
    let constructor = (!required.is_empty()).then(|| constructor(&required, &others));
    let setters = others.iter().map(|member| setter(member));
    Some(parse_quote! { impl #name { #constructor #(#setters)* } })
}

/// Nothing where nothing is required: `Default` makes such a struct.
fn constructor(required: &[&Member], others: &[&Member]) -> proc_macro2::TokenStream {
    let names: Vec<_> = required.iter().map(|member| &member.field).collect();
    let absent: Vec<_> = others.iter().map(|member| &member.field).collect();
    let arguments = required.iter().map(|Member { field, ty, .. }| {
        if is_text(ty) {
            quote! { #field: impl ::std::convert::Into<#ty> }
        } else {
            quote! { #field: #ty }
        }
    });
    let values = required.iter().map(|Member { field, ty, kind }| {
        let value = if is_text(ty) {
            quote! { #field.into() }
        } else {
            quote! { #field }
        };
        if *kind == Kind::Expected {
            quote! { #field: ::std::option::Option::Some(#value) }
        } else {
            quote! { #field: #value }
        }
    });
    let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let doc = format!(" Constructor with the required fields: {list}.");
    quote! {
        #[doc = #doc]
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self {
                #(#values,)*
                #(#absent: ::std::default::Default::default(),)*
                unknown: ::std::default::Default::default(),
            }
        }
    }
}

/// A setter takes what converts into the field, and gives the struct back.
pub(super) fn setter(member: &Member) -> proc_macro2::TokenStream {
    let Member { field, ty, kind } = member;
    let name = setter_name(field);
    let (taken, value): (Type, _) = match kind {
        Kind::Field => (parse_quote! { crate::values::Field<#ty> }, quote! { value.into() }),
        _ => (ty.clone(), quote! { ::std::option::Option::Some(value.into()) }),
    };
    let doc =
        if *kind == Kind::Field { format!(" Sets `{field}`; `None` is null.") } else { format!(" Sets `{field}`.") };
    quote! {
        #[doc = #doc]
        #[must_use]
        pub fn #name(mut self, value: impl ::std::convert::Into<#taken>) -> Self {
            self.#field = #value;
            self
        }
    }
}

fn setter_name(field: &Ident) -> Ident {
    if field == "new" { format_ident!("with_new") } else { field.clone() }
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "String"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(kinds: &[(&str, Kind, Type)]) -> Object {
        let member = |(name, kind, ty): &(&str, Kind, Type)| Member {
            field: format_ident!("{name}"),
            kind: *kind,
            ty: ty.clone(),
        };
        Object { name: format_ident!("Thing"), members: kinds.iter().map(member).collect(), by_request: true }
    }

    #[test]
    fn takes_what_is_required_and_sets_the_rest() {
        let members = [
            ("text", Kind::Required, parse_quote! { ::std::string::String }),
            ("number", Kind::Expected, parse_quote! { i64 }),
            ("new", Kind::Optional, parse_quote! { bool }),
            ("patched", Kind::Field, parse_quote! { bool }),
        ];
        let items = vec![block(&object(&members)).unwrap()];
        let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items };
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }
}
