//! The other names of types that several schemas of the document have in common.
//!
//! Step 5.

use quote::format_ident;
use serde_json::Value;
use syn::parse_quote;

use super::parts::Parts;
use crate::{
    generate::{names::Names, shapes::notes},
    openapi::Document,
};

/// Adds the aliases of types that are there, and says how many.
pub(super) fn apply(parts: &mut Parts, document: &Document) -> usize {
    let aliases: Vec<_> = {
        let types = parts.type_items();
        let all = document.root[notes::ALIASES].as_object().into_iter().flatten();
        let pairs =
            all.filter_map(|(alias, name)| Some((format_ident!("{alias}"), format_ident!("{}", name.as_str()?))));
        pairs.filter(|(alias, name)| types.contains_key(name) && !types.contains_key(alias)).collect()
    };
    let places = aliases.len();
    parts.types.extend(aliases.into_iter().map(|(alias, name)| {
        let doc = format!(" Another name of [`{name}`].");
        parse_quote! { #[doc = #doc] pub type #alias = #name; }
    }));
    places
}

/// The names of types that are taken.
pub(super) fn names(document: &Document) -> Names {
    let mut names = Names::of_types();
    let aliases = document.root[notes::ALIASES].as_object().into_iter().flatten();
    let taken = document.schemas().into_iter().flatten().chain(aliases).map(|(name, _): (&String, &Value)| name);
    taken.for_each(|name| drop(names.take(name)));
    names
}
