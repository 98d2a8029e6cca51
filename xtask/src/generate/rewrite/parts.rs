//! Progenitor's one file, taken apart: types and methods are kept, its own client struct and its hooks are not.

use std::collections::BTreeMap;

use syn::{Attribute, File, Ident, ImplItem, ImplItemFn, Item, ItemImpl, Type};

use crate::generate::problem::Problem;

/// What is kept of progenitor's file.
#[derive(Debug)]
pub(super) struct Parts {
    /// One method an operation, in the order of the document.
    pub(super) methods: Vec<ImplItemFn>,
    /// The items of the module `types`.
    pub(super) types: Vec<Item>,
}

impl Parts {
    pub(super) fn split(tree: File) -> Result<Self, Problem> {
        let mut methods = Vec::new();
        let mut types = Vec::new();
        for item in tree.items {
            match item {
                Item::Mod(module) if module.ident == "types" => {
                    types = module.content.map(|(_, items)| items).unwrap_or_default();
                }
                Item::Impl(block) if is_inherent(&block, "Client") => methods.extend(operations(block)),
                // The shell has its own client; imports, hooks and prelude belong to progenitor's.
                Item::Struct(_) | Item::Use(_) | Item::Impl(_) | Item::Const(_) | Item::Mod(_) => {}
                other => return Err(Problem::new(format!("progenitor wrote an unknown item: {}", kind_of(&other)))),
            }
        }
        Ok(Self { methods, types })
    }

    /// The structs and enums among the types, by name.
    pub(super) fn type_items(&self) -> BTreeMap<&Ident, &Item> {
        self.types
            .iter()
            .filter_map(|item| match item {
                Item::Struct(structure) => Some((&structure.ident, item)),
                Item::Enum(enumeration) => Some((&enumeration.ident, item)),
                Item::Type(alias) => Some((&alias.ident, item)),
                _ => None,
            })
            .collect()
    }
}

/// Whether a block is `impl NAME { … }`.
pub(super) fn is_inherent(block: &ItemImpl, name: &str) -> bool {
    block.trait_.is_none() && is_for(block, name)
}

/// Whether a block implements something for the type `name`.
pub(super) fn is_for(block: &ItemImpl, name: &str) -> bool {
    matches!(&*block.self_ty, Type::Path(path) if path.path.is_ident(name))
}

/// Whether an item derives a trait of this name.
pub(super) fn derives(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let mut found = false;
        // A derive list holds nothing but paths, so that nothing is left unread.
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.segments.last().is_some_and(|segment| segment.ident == name);
            Ok(())
        });
        found
    })
}

fn operations(block: ItemImpl) -> impl Iterator<Item = ImplItemFn> {
    block.items.into_iter().filter_map(|item| match item {
        ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method),
        _ => None,
    })
}

fn kind_of(item: &Item) -> String {
    let text = quote::quote!(#item).to_string();
    text.chars().take(80).collect()
}
