//! How the code is laid out in files: a small client in three, a large one in a module a tag, each behind a feature,
//! with the types that several of them use in one place.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToKebabCase, ToSnakeCase};
use quote::format_ident;
use syn::{Attribute, File, Ident, Item, ItemImpl, ItemMod, parse_quote};

use super::{
    operations,
    parts::{Method, Parts},
    prose::code,
    reach::Reach,
};

/// The generated files, as syntax trees, and the features that choose among them.
#[derive(Debug)]
pub struct Layout {
    /// The files by name, without the ending.
    pub files: BTreeMap<String, File>,
    /// The modules that are a feature each; none in a small client.
    pub modules: Vec<Module>,
}

/// A part of a large client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The tag that its operations have in common.
    pub tag: String,
    /// The name of the module, and of its file.
    pub name: String,
    /// The feature that it stands behind.
    pub feature: String,
    /// How many operations it has.
    pub operations: usize,
}

/// Names that the crate, cargo or the language take for something else.
const TAKEN: [&str; 9] =
    ["types", "operations", "client", "full", "default", "schemars", "values", "gen", "auth0_transport"];

/// Lays the parts out in files.
pub(super) fn lay_out(parts: Parts) -> Layout {
    let tags: BTreeSet<Option<&String>> = parts.methods.iter().map(|method| method.operation.tag.as_ref()).collect();
    if tags.len() > 1 { by_tag(parts) } else { flat(&parts) }
}

fn flat(parts: &Parts) -> Layout {
    let constants = operations::constants(&parts.methods);
    let client = client_block(&parts.methods);
    let files = [
        (
            "client",
            parse_quote! {
                //! The operations as methods.

                use auth0_transport::{Bytes, Error, Response, codegen::Encoding};
                use crate::{Client, operations, types};

                #client
            },
        ),
        ("operations", file(" The operations as data, for logs, retries and errors.", &constants)),
        ("types", file(" The types of parameters, bodies and responses.", &parts.types)),
    ];
    Layout { files: files.map(|(name, tree)| (name.to_owned(), tree)).into_iter().collect(), modules: Vec::new() }
}

fn by_tag(parts: Parts) -> Layout {
    let reach = Reach::of(&parts);
    let mut modules: BTreeMap<String, (Module, Vec<Method>)> = BTreeMap::new();
    let mut users: BTreeMap<Ident, BTreeSet<String>> = BTreeMap::new();
    for method in parts.methods {
        let tag = method.operation.tag.clone().unwrap_or_default();
        let name = module_name(&tag);
        for used in reach.by_method(&method) {
            users.entry(used).or_default().insert(name.clone());
        }
        let module = Module { tag, feature: name.to_kebab_case(), name: name.clone(), operations: 0 };
        let (module, methods) = modules.entry(name).or_insert_with(|| (module, Vec::new()));
        module.operations += 1;
        methods.push(method);
    }
    let mut own: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    let mut shared = Vec::new();
    for mut item in parts.types {
        let users = reach.owner(&item).and_then(|owner| users.get(&owner));
        match users.map(|users| users.iter().collect::<Vec<_>>()).as_deref() {
            Some([one]) => own.entry(one.as_str()).or_default().push(item),
            Some(several) if several.len() < modules.len() => {
                let features = several.iter().map(|name| &modules[*name].0.feature);
                let gate = parse_quote! { #[cfg(any(#(feature = #features),*))] };
                if let Some(attributes) = attributes(&mut item) {
                    attributes.insert(0, gate);
                }
                shared.push(item);
            }
            _ => shared.push(item),
        }
    }
    let mut files = BTreeMap::new();
    for (name, (module, methods)) in &modules {
        files.insert(name.clone(), tag_file(module, methods, own.get(name.as_str()).map_or(&[], Vec::as_slice)));
    }
    files.insert("types".to_owned(), file(" The types that several modules use.", &shared));
    Layout { files, modules: modules.into_values().map(|(module, _)| module).collect() }
}

fn tag_file(module: &Module, methods: &[Method], types: &[Item]) -> File {
    let doc = format!(" The operations of the tag {}, and the types that they alone use.", code(&module.tag));
    let client = client_block(methods);
    let constants = operations::constants(methods);
    let operations: ItemMod = parse_quote! {
        /// The operations as data, for logs, retries and errors.
        pub mod operations { #(#constants)* }
    };
    let types: ItemMod = parse_quote! {
        /// The types of parameters, bodies and responses.
        pub mod types {
            pub use crate::types::*;
            #(#types)*
        }
    };
    parse_quote! {
        #![doc = #doc]

        use auth0_transport::{Bytes, Error, Response, codegen::Encoding};
        use crate::Client;

        #client
        #operations
        #types
    }
}

fn client_block(methods: &[Method]) -> ItemImpl {
    let methods = methods.iter().map(|method| &method.code);
    parse_quote! { impl Client { #(#methods)* } }
}

fn file(doc: &str, items: &[Item]) -> File {
    parse_quote! {
        #![doc = #doc]
        #(#items)*
    }
}

/// A name for a module that no keyword and no other part of the crate has.
fn module_name(tag: &str) -> String {
    let plain: String = tag.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { ' ' }).collect();
    let name = plain.to_snake_case();
    if name.is_empty() {
        return "untagged".to_owned();
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("tag_{name}");
    }
    if TAKEN.contains(&name.as_str()) || syn::parse_str::<Ident>(&name).is_err() {
        return format!("{name}_tag");
    }
    format_ident!("{name}").to_string()
}

fn attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    Some(match item {
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Type(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Macro(item) => &mut item.attrs,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::parts::{MANAGEMENT_API, Operation},
        *,
    };

    fn method(code: syn::ImplItemFn, tag: &str) -> Method {
        Method {
            code,
            operation: Operation {
                id: "id".to_owned(),
                verb: "get".to_owned(),
                base_path: MANAGEMENT_API.to_owned(),
                tag: Some(tag.to_owned()),
                ..Operation::default()
            },
        }
    }

    fn text(layout: &Layout) -> String {
        let files = layout.files.iter().map(|(name, tree)| format!("// {name}.rs\n{}", prettyplease::unparse(tree)));
        files.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_tag_is_a_module_and_shared_types_stand_once() {
        let parts = Parts {
            methods: vec![
                method(parse_quote! { pub async fn a(&self) -> Result<Response<types::OfA>, Error> {} }, "first tag"),
                method(
                    parse_quote! { pub async fn b(&self, body: &types::OfB) -> Result<Response<()>, Error> {} },
                    "type",
                ),
                method(parse_quote! { pub async fn c(&self) -> Result<Response<()>, Error> {} }, "3rd"),
            ],
            types: vec![
                parse_quote! { pub struct OfA { pub both: Both } },
                parse_quote! { pub struct OfB(pub Both); },
                parse_quote! { pub struct Both; },
                parse_quote! { impl From<Both> for String {} },
                parse_quote! { impl From<Vec<Both>> for OfB {} },
                parse_quote! { pub mod error {} },
            ],
        };
        insta::assert_snapshot!(text(&lay_out(parts)));
    }

    #[test]
    fn names_of_modules_are_free() {
        let names = ["actions", "", "Ünïcode", "3rd", "type", "types", "Gen", "attack-protection"].map(module_name);
        assert_eq!(
            names,
            ["actions", "untagged", "n_code", "tag_3rd", "type_tag", "types_tag", "gen_tag", "attack_protection"]
        );
    }
}
