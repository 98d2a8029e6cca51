//! Enumerations of texts: the known values as variants, and where a response can hold one, or the document says that
//! any text will do, one variant that keeps any other to the letter. It cannot be made for a known value. Texts that
//! are checked can be looked at.
//!
//! Step 2.

use std::collections::BTreeSet;

use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Fields, Ident, Item, ItemEnum, ItemStruct, parse_quote};

use super::{
    objects::rename_of,
    parts::{Parts, derives, is_for},
    prose::code,
    reach::Reach,
};
use crate::{
    generate::{names::Names, shapes::notes},
    openapi::{Document, Problem},
};

/// Rewrites every enumeration of texts, and says how many of them are open.
pub(super) fn apply(parts: &mut Parts, document: &Document, reach: &Reach) -> Result<usize, Problem> {
    let mut places = 0;
    let rewritten: BTreeSet<Ident> = parts
        .types
        .iter()
        .filter_map(|item| match item {
            Item::Enum(enumeration) if is_of_texts(enumeration) => Some(enumeration.ident.clone()),
            _ => None,
        })
        .collect();
    let displayed: BTreeSet<String> = parts.types.iter().filter_map(displayed).collect();
    let mut items = Vec::new();
    for item in std::mem::take(&mut parts.types) {
        match &item {
            Item::Enum(enumeration) if rewritten.contains(&enumeration.ident) => {
                let schema = document.schemas().and_then(|schemas| schemas.get(&enumeration.ident.to_string()));
                let is_open = reach.by_response(&enumeration.ident)
                    || schema.is_some_and(|schema| schema.get(notes::OPEN).is_some());
                places += usize::from(is_open);
                items.extend(enumeration_items(enumeration, schema, is_open)?);
            }
            Item::Impl(block) if rewritten.iter().any(|name| is_for(block, &name.to_string())) => {}
            Item::Struct(structure) if is_text(structure) => {
                let name = structure.ident.clone();
                items.push(item);
                items.extend(views(&name, displayed.contains(&name.to_string())));
            }
            _ => items.push(item),
        }
    }
    parts.types = items;
    Ok(places)
}

fn is_of_texts(enumeration: &ItemEnum) -> bool {
    derives(&enumeration.attrs, "Deserialize")
        && !enumeration.attrs.iter().any(|attribute| attribute.path().is_ident("serde"))
        && enumeration.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit))
}

fn enumeration_items(enumeration: &ItemEnum, schema: Option<&Value>, is_open: bool) -> Result<Vec<Item>, Problem> {
    let name = &enumeration.ident;
    let docs: Vec<&Attribute> = enumeration.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).collect();
    let variants: Vec<&Ident> = enumeration.variants.iter().map(|variant| &variant.ident).collect();
    let value_of = |variant: &syn::Variant| {
        let rename = rename_of(&variant.attrs)
            .map_err(|error| Problem::new(format!("the variant {} is unreadable: {error}", variant.ident)))?;
        let name = rename.unwrap_or_else(|| variant.ident.to_string());
        let noted = schema.and_then(|schema| schema[notes::VALUES][&name].as_str());
        Ok(noted.map_or(name.clone(), ToOwned::to_owned))
    };
    let values: Vec<String> = enumeration.variants.iter().map(value_of).collect::<Result<_, Problem>>()?;
    let variant_docs = values.iter().map(|value| format!(" The value {}.", code(value)));
    let unknown = is_open.then(|| {
        let mut names = Names::of_variants();
        for variant in &variants {
            names.take(&variant.to_string());
        }
        format_ident!("{}", names.take("Unknown"))
    });
    let unknown_variant = unknown.as_ref().map(|unknown| {
        quote! {
            /// A value that this client does not know, kept as it came.
            #unknown(crate::values::UnknownValue<Self>),
        }
    });
    let copy = (!is_open).then(|| quote! { Copy, });
    Ok(vec![
        parse_quote! {
            #(#docs)*
            #[derive(Clone, #copy Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
            #[non_exhaustive]
            pub enum #name {
                #(#[doc = #variant_docs] #variants,)*
                #unknown_variant
            }
        },
        parse_quote! { auth0_transport::codegen::string_enum! { #name #unknown { #(#variants #values,)* } } },
    ])
}

/// Whether a struct is a text with a name of its own.
fn is_text(structure: &ItemStruct) -> bool {
    let Fields::Unnamed(fields) = &structure.fields else { return false };
    fields.unnamed.iter().all(|field| matches!(&field.ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "String")))
}

/// The name of the type that a block implements `Display` for.
fn displayed(item: &Item) -> Option<String> {
    let Item::Impl(block) = item else { return None };
    let (path, _) = block.trait_.as_ref()?;
    let syn::Type::Path(owner) = &*block.self_ty else { return None };
    (path.segments.last()?.ident == "Display").then(|| owner.path.get_ident().map(ToString::to_string))?
}

fn views(name: &Ident, is_displayed: bool) -> Vec<Item> {
    let mut items: Vec<Item> = vec![parse_quote! {
        impl #name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }
    }];
    if !is_displayed {
        items.push(parse_quote! {
            impl ::std::fmt::Display for #name {
                fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    formatter.pad(&self.0)
                }
            }
        });
    }
    items
}
