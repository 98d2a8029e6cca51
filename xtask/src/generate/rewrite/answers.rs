//! The type of what each operation answers, as a program beside the crate names it.

use quote::quote;
use syn::{ReturnType, Type};

use super::{
    generics::first_argument,
    modules::Layout,
    parts::{Method, Operation, type_name},
};

/// What an operation answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The method in small letters.
    pub verb: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The type, named from the root of the crate.
    pub ty: String,
}

/// The answers that are JSON.
pub(super) fn of(methods: &[Method]) -> Vec<Answer> {
    let json = methods.iter().filter(|method| method.operation.answers.iter().any(|(_, kind)| kind == "json"));
    json.filter_map(|method| {
        let ReturnType::Type(_, result) = &method.code.sig.output else { return None };
        let body: &Type = first_argument(first_argument(result, "Result")?, "Response")?;
        let Operation { verb, path, .. } = method.operation.clone();
        Some(Answer { verb, path, ty: quote!(#body).to_string().replace(' ', "") })
    })
    .collect()
}

impl Answer {
    /// The same with the type named where it stands in the crate.
    pub(super) fn located(mut self, layout: &Layout) -> Self {
        let mut parts = self.ty.split("types::");
        let mut ty = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let name: String = part.chars().take_while(|one| one.is_alphanumeric() || *one == '_').collect();
            let home = layout.modules.iter().find(|module| {
                layout.files.get(&module.name).is_some_and(|file| types_of(file).any(|item| *item == name))
            });
            let module = home.map(|module| format!("{}::", module.name)).unwrap_or_default();
            ty.extend(["client::", &module, "types::", part]);
        }
        self.ty = ty.replace("crate::", "client::");
        self
    }
}

/// The names of the types in the module `types` of a file.
fn types_of(file: &syn::File) -> impl Iterator<Item = &syn::Ident> {
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    modules.flat_map(|(_, items)| items).filter_map(type_name)
}
