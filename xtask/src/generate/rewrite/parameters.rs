//! Many optional parameters are one struct with setters instead of a row of `None`.

use quote::quote;
use syn::{Ident, Item, Type, parse_quote};

use super::{
    constructors::setter,
    generics::first_argument,
    objects::{Kind, Member},
    parts::Operation,
};

/// How many optional arguments a method takes one by one.
pub(crate) const MOST_ARGUMENTS: usize = 3;

/// The struct of a method's optional parameters.
pub(super) fn items(
    name: &Ident,
    method: &Ident,
    optional: &[(Ident, Type)],
    operation: &Operation,
) -> Result<Vec<Item>, String> {
    let (mut fields, mut members) = (Vec::new(), Vec::new());
    for (argument, ty) in optional {
        let inner = first_argument(ty, "Option")
            .ok_or_else(|| format!("has an optional argument {argument} that is no option"))?;
        let owned: Type = match inner {
            Type::Reference(reference) => match &*reference.elem {
                Type::Path(path) if path.path.is_ident("str") => parse_quote! { ::std::string::String },
                owned => in_types(owned),
            },
            other => in_types(other),
        };
        members.push(Member { field: argument.clone(), kind: Kind::Optional, ty: owned.clone() });
        let described = operation.parameters.iter().find(|parameter| *argument == parameter.argument);
        let doc = described.map(|parameter| parameter.description.clone()).filter(|text| !text.is_empty());
        let doc = doc.unwrap_or_else(|| "Not described by the document.".to_owned());
        fields.push(quote! { #[doc = #doc] pub #argument: ::std::option::Option<#owned> });
    }
    let doc = format!("The optional parameters of `{method}`.");
    let setters = members.iter().map(setter);
    Ok(vec![
        parse_quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, Default, PartialEq)]
            #[non_exhaustive]
            pub struct #name { #(#fields,)* }
        },
        parse_quote! { impl #name { #(#setters)* } },
    ])
}

/// `types::T` as it is called where it stands.
fn in_types(ty: &Type) -> Type {
    struct Local;
    impl syn::visit_mut::VisitMut for Local {
        fn visit_path_mut(&mut self, path: &mut syn::Path) {
            if path.leading_colon.is_none() && path.segments.len() > 1 && path.segments[0].ident == "types" {
                path.segments = path.segments.iter().skip(1).cloned().collect();
            }
            syn::visit_mut::visit_path_mut(self, path);
        }
    }
    let mut ty = ty.clone();
    syn::visit_mut::VisitMut::visit_type_mut(&mut Local, &mut ty);
    ty
}
