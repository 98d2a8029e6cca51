//! Enumerations of texts that a response can hold stay open: the known values as variants and one variant that keeps
//! any other to the letter. It cannot be made for a known value.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Fields, Ident, Item, ItemEnum, LitStr};

use super::{
    parts::{Parts, derives, is_for},
    reach::Reach,
};
use crate::openapi::Problem;

/// Opens every enumeration of texts that responses reach, and says how many there were.
pub(super) fn apply(parts: &mut Parts, reach: &Reach) -> Result<usize, Problem> {
    let mut places = 0;
    let mut items = Vec::new();
    let closed: Vec<ItemEnum> = parts
        .types
        .iter()
        .filter_map(|item| match item {
            Item::Enum(enumeration) if reach.by_response(&enumeration.ident) && is_of_texts(enumeration) => {
                Some(enumeration.clone())
            }
            _ => None,
        })
        .collect();
    for item in std::mem::take(&mut parts.types) {
        match &item {
            Item::Enum(enumeration) if closed.iter().any(|closed| closed.ident == enumeration.ident) => {
                items.extend(open(enumeration)?);
                places += 1;
            }
            Item::Impl(block) if closed.iter().any(|closed| is_for(block, &closed.ident.to_string())) => {}
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

fn open(enumeration: &ItemEnum) -> Result<Vec<Item>, Problem> {
    let name = &enumeration.ident;
    let docs: Vec<&Attribute> = enumeration.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).collect();
    let variants: Vec<&Ident> = enumeration.variants.iter().map(|variant| &variant.ident).collect();
    let values: Vec<String> = enumeration.variants.iter().map(value_of).collect::<Result<_, _>>()?;
    let variant_docs = values.iter().map(|value| format!(" The value `{value}`."));
    let other = ["Unknown", "Unrecognized", "UnrecognizedValue"]
        .into_iter()
        .find(|other| variants.iter().all(|variant| variant != other))
        .map(|other| format_ident!("{other}"))
        .ok_or_else(|| Problem::new(format!("the enumeration {name} leaves no name for unknown values")))?;
    let schema = schema(name);
    let tokens = quote! {
        #(#docs)*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, ::serde::Deserialize)]
        #[serde(from = "::std::string::String")]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #variants,)*
            /// A value that this client does not know, kept as it came.
            #other(UnknownValue<Self>),
        }

        impl #name {
            /// The value as the API writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#other(value) => value.as_str(),
                }
            }
        }

        impl ::std::convert::From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    value => Self::#other(UnknownValue::new(value)),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for #name {
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::std::str::FromStr for #name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #schema
    };
    syn::parse2::<syn::File>(tokens)
        .map(|file| file.items)
        .map_err(|error| Problem::new(format!("the enumeration {name} cannot be opened: {error}")))
}

fn schema(name: &Ident) -> TokenStream {
    let text = name.to_string();
    quote! {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #name {
            fn inline_schema() -> bool {
                false
            }

            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                #text.into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string" })
            }
        }
    }
}

/// The value of a variant: what `#[serde(rename = …)]` says, or its name.
fn value_of(variant: &syn::Variant) -> Result<String, Problem> {
    let mut value = variant.ident.to_string();
    for attribute in variant.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        attribute
            .parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    value = meta.value()?.parse::<LitStr>()?.value();
                }
                Ok(())
            })
            .map_err(|error| Problem::new(format!("the variant {} is unreadable: {error}", variant.ident)))?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::{
        super::parts::{Method, Operation},
        *,
    };

    fn parts() -> Parts {
        Parts {
            methods: vec![Method {
                code: parse_quote! {
                    pub async fn a(&self, body: &types::Closed) -> Result<Response<types::Level>, Error> {}
                },
                operation: Operation::default(),
            }],
            types: vec![
                parse_quote! {
                    /// How far.
                    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Copy)]
                    pub enum Level { #[serde(rename = "all-of-it")] AllOfIt, #[serde(rename = "unknown")] Unknown }
                },
                parse_quote! { impl ::std::fmt::Display for Level {} },
                parse_quote! {
                    #[derive(::serde::Deserialize, ::serde::Serialize)]
                    pub enum Closed { A, B }
                },
                parse_quote! { impl ::std::fmt::Display for Closed {} },
            ],
        }
    }

    #[test]
    fn opens_what_responses_hold_and_leaves_the_rest() {
        let mut parts = parts();
        let reach = Reach::of(&parts);
        assert_eq!(apply(&mut parts, &reach).ok(), Some(1));
        let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: parts.types };
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }
}
