//! Structs are read and written by the macros of `values`: objects keep the members that their type does not name, and
//! unions choose the branch that fits. What the document says of each schema is found by the name of its type.
//!
//! Step 1.

use std::collections::BTreeSet;

use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Field, Fields, Ident, Item, ItemStruct, Type, parse_quote};

use super::{
    generics::first_argument,
    parts::{Parts, derives, is_for},
    reach::Reach,
};
use crate::{
    generate::{names::Names, shapes::notes},
    openapi::{Document, Problem},
};

/// How a field is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Required,
    /// The document requires it, but a reader does not insist.
    Expected,
    Optional,
    /// It can be left out, be null, or hold a value.
    Field,
}

/// A field of an object.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) field: Ident,
    pub(super) kind: Kind,
    /// The type without the option around it.
    pub(super) ty: Type,
}

/// A struct with what the document says of its fields.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) name: Ident,
    pub(super) members: Vec<Member>,
    pub(super) by_request: bool,
}

/// Rewrites every struct, and tells what they are made of and how many unions there were.
pub(super) fn apply(parts: &mut Parts, document: &Document, reach: &Reach) -> Result<(Vec<Object>, usize), Problem> {
    let (mut objects, mut unions) = (Vec::new(), 0);
    let named: BTreeSet<String> = parts
        .types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(structure) if is_object(structure) => Some(structure.ident.to_string()),
            _ => None,
        })
        .collect();
    let mut items = Vec::new();
    for item in std::mem::take(&mut parts.types) {
        match item {
            Item::Struct(structure) if is_object(&structure) => {
                let schema = document.schemas().and_then(|schemas| schemas.get(&structure.ident.to_string()));
                let schema = schema.unwrap_or(&Value::Null);
                if schema.get(notes::VARIANTS).is_some() {
                    unions += 1;
                    items.extend(union(&structure, schema)?);
                } else {
                    let (object, rewritten) = object(structure, schema, reach)?;
                    objects.push(object);
                    items.extend(rewritten);
                }
            }
            // Their defaults and conversions know too few fields.
            Item::Impl(block) if block.trait_.is_some() && named.iter().any(|name| is_for(&block, name)) => {}
            other => items.push(other),
        }
    }
    parts.types = items;
    Ok((objects, unions))
}

fn is_object(structure: &ItemStruct) -> bool {
    matches!(structure.fields, Fields::Named(_)) && derives(&structure.attrs, "Deserialize")
}

fn docs(attributes: &[Attribute]) -> Vec<&Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).collect()
}

fn object(structure: ItemStruct, schema: &Value, reach: &Reach) -> Result<(Object, Vec<Item>), Problem> {
    let name = structure.ident.clone();
    let by_request = reach.by_request(&name);
    let lists =
        |key: &str, member: &str| schema[key].as_array().is_some_and(|list| list.iter().any(|one| one == member));
    let (mut fields, mut lines, mut members) = (Vec::new(), Vec::new(), Vec::new());
    for field in structure.fields {
        let ident = field.ident.clone().unwrap_or_else(|| format_ident!("unnamed"));
        let own = renamed(&field)?.unwrap_or_else(|| ident.to_string());
        let wire = schema[notes::WIRE_NAMES][&own].as_str().unwrap_or(&own).to_owned();
        let boxed = || first_argument(first_argument(&field.ty, "Box")?, "Option");
        let option = first_argument(&field.ty, "Option").cloned().or_else(|| {
            let inner = boxed()?;
            Some(parse_quote! { ::std::boxed::Box<#inner> })
        });
        let (kind, ty) = match option {
            _ if lists("required", &own) => (Kind::Required, field.ty.clone()),
            Some(inner) if by_request && lists(notes::NULLABLE, &own) => (Kind::Field, inner),
            Some(inner) if lists(notes::EXPECTED, &own) => (Kind::Expected, inner),
            Some(inner) => (Kind::Optional, inner),
            None => return Err(Problem::new(format!("the field {ident} of {name} is neither required nor an option"))),
        };
        let word = format_ident!("{}", format!("{kind:?}").to_lowercase());
        lines.push(quote! { #word #ident #wire, });
        let whole: Type = match kind {
            Kind::Required => ty.clone(),
            Kind::Expected | Kind::Optional => parse_quote! { ::std::option::Option<#ty> },
            Kind::Field => parse_quote! { crate::values::Field<#ty> },
        };
        let docs = docs(&field.attrs);
        let rename = (ident != wire).then(|| quote! { #[cfg_attr(feature = "schemars", schemars(rename = #wire))] });
        let default = (kind == Kind::Field).then(|| quote! { #[cfg_attr(feature = "schemars", schemars(default))] });
        fields.push(quote! { #(#docs)* #rename #default pub #ident: #whole });
        members.push(Member { field: ident, kind, ty });
    }
    let docs = docs(&structure.attrs);
    let default = members.iter().all(|member| member.kind != Kind::Required).then(|| quote! { Default, });
    let item: Item = parse_quote! {
        #(#docs)*
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
        #[derive(Clone, Debug, #default PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
            /// Members that this type does not name, and those that came as null.
            #[cfg_attr(feature = "schemars", schemars(skip))]
            pub unknown: crate::values::UnknownMembers,
        }
    };
    let macro_call: Item = parse_quote! { auth0_transport::codegen::object! { #name { #(#lines)* } } };
    Ok((Object { name, members, by_request }, vec![item, macro_call]))
}

/// A value of a tag as Rust writes it; a negative number in parentheses, so that it is one piece.
fn literal(value: &Value) -> Option<proc_macro2::TokenStream> {
    match value {
        Value::String(text) => Some(quote! { #text }),
        Value::Bool(flag) => Some(quote! { #flag }),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Some(quote! { (#number) }),
            None => number.as_f64().map(|number| quote! { (#number) }),
        },
        _ => None,
    }
}

/// What `#[serde(rename = …)]` says.
pub(super) fn renamed(field: &Field) -> Result<Option<String>, Problem> {
    rename_of(&field.attrs).map_err(|error| Problem::new(format!("the attributes of a field are unreadable: {error}")))
}

pub(super) fn rename_of(attributes: &[Attribute]) -> syn::Result<Option<String>> {
    let mut rename = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                rename = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            } else if let Ok(value) = meta.value() {
                value.parse::<syn::Expr>()?;
            }
            Ok(())
        })?;
    }
    Ok(rename)
}

fn union(structure: &ItemStruct, schema: &Value) -> Result<Vec<Item>, Problem> {
    let name = &structure.ident;
    let wanted: Vec<&str> =
        schema[notes::VARIANTS].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut names = Names::of_variants();
    let variants: Vec<Ident> = wanted.iter().map(|wanted| format_ident!("{}", names.take(wanted))).collect();
    let unknown = format_ident!("{}", names.take("Unknown"));
    let types: Vec<&Type> = structure.fields.iter().map(|field| &field.ty).collect();
    if types.len() != variants.len() {
        return Err(Problem::new(format!(
            "the union {name} has {} branches and {} names for them",
            types.len(),
            variants.len()
        )));
    }
    let texts: Vec<String> = types.iter().map(|ty| quote!(#ty).to_string()).collect();
    let reads = texts.iter().map(|text| {
        // Whatever takes every object says nothing of its members.
        let is_open = text.contains(":: serde_json ::") || text.contains("HashMap");
        if is_open {
            quote! { read_open }
        } else {
            quote! { read }
        }
    });
    let tag = schema[notes::TAG]["name"].as_str().map(|tag| {
        let values = schema[notes::TAG]["values"].as_array().into_iter().flatten();
        let lines = values.filter_map(|value| {
            let variant = variants.get(usize::try_from(value[1].as_u64()?).ok()?)?;
            let value = literal(&value[0])?;
            Some(quote! { #value #variant, })
        });
        quote! { #tag { #(#lines)* } }
    });
    let docs = docs(&structure.attrs);
    let item = parse_quote! {
        #(#docs)*
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
        #[cfg_attr(feature = "schemars", schemars(untagged))]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#[allow(missing_docs)] #variants(#types),)*
            /// A value that is none of the known branches, kept as it came.
            #unknown(::serde_json::Value),
        }
    };
    let macro_call =
        parse_quote! { auth0_transport::codegen::union! { #name #unknown { #(#variants #reads,)* } #tag } };
    let mut items: Vec<Item> = vec![item, macro_call];
    for (number, (variant, ty)) in variants.iter().zip(&types).enumerate() {
        let is_only_one = texts.iter().filter(|text| **text == texts[number]).count() == 1;
        if is_only_one && texts[number] != ":: serde_json :: Value" {
            items.push(parse_quote! {
                impl ::std::convert::From<#ty> for #name {
                    fn from(value: #ty) -> Self {
                        Self::#variant(value)
                    }
                }
            });
        }
    }
    Ok(items)
}
