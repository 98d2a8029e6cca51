//! Which types a response can hold, and which a request can.

use std::collections::{BTreeMap, BTreeSet};

use syn::{
    Ident, Item,
    visit::{self, Visit},
};

use super::parts::{Method, Parts};

/// The types on each side, by name. One type can be on both.
#[derive(Debug)]
pub(super) struct Reach {
    holds: BTreeMap<Ident, BTreeSet<Ident>>,
    responses: BTreeSet<Ident>,
    requests: BTreeSet<Ident>,
}

impl Reach {
    pub(super) fn of(parts: &Parts) -> Self {
        let items = parts.type_items().into_iter();
        let holds = items.map(|(name, item)| (name.clone(), names_in(|names| names.visit_item(item)))).collect();
        let mut reach = Self { holds, responses: BTreeSet::new(), requests: BTreeSet::new() };
        for method in &parts.methods {
            reach.responses.extend(reach.closure(names_in(|names| names.visit_return_type(&method.code.sig.output))));
            reach.requests.extend(reach.closure(arguments(method)));
        }
        reach
    }

    /// Whether a response can hold a type of this name.
    pub(super) fn by_response(&self, name: &Ident) -> bool {
        self.responses.contains(name)
    }

    /// Whether a request can hold a type of this name.
    pub(super) fn by_request(&self, name: &Ident) -> bool {
        self.requests.contains(name)
    }

    /// The types that a method's parameters, body and answer can hold.
    pub(super) fn by_method(&self, method: &Method) -> BTreeSet<Ident> {
        let mut names = names_in(|names| names.visit_return_type(&method.code.sig.output));
        names.extend(arguments(method));
        self.closure(names)
    }

    /// The type that an item declares or implements something for; for a conversion into a foreign type, the one that
    /// is converted.
    pub(super) fn owner(&self, item: &Item) -> Option<Ident> {
        let known = |names: BTreeSet<Ident>| names.into_iter().find(|name| self.holds.contains_key(name));
        match item {
            Item::Impl(block) => {
                let own = match &*block.self_ty {
                    syn::Type::Path(path) => {
                        path.path.get_ident().filter(|name| self.holds.contains_key(*name)).cloned()
                    }
                    _ => None,
                };
                let converted = || {
                    let (path, _) = block.trait_.as_ref()?;
                    known(names_in(|names| names.visit_path(path)))
                };
                own.or_else(converted).or_else(|| known(names_in(|names| names.visit_type(&block.self_ty))))
            }
            // A macro call starts with the type that it is for.
            Item::Macro(call) => call.mac.tokens.clone().into_iter().find_map(|token| match token {
                proc_macro2::TokenTree::Ident(name) => Some(name),
                _ => None,
            }),
            // An alias stands with its type.
            Item::Type(alias) => known(names_in(|names| names.visit_type(&alias.ty))),
            item => super::parts::type_name(item).cloned(),
        }
    }

    fn closure(&self, start: BTreeSet<Ident>) -> BTreeSet<Ident> {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<_> = start.into_iter().collect();
        while let Some(name) = waiting.pop() {
            if let Some(inner) = self.holds.get(&name)
                && reached.insert(name)
            {
                waiting.extend(inner.iter().cloned());
            }
        }
        reached
    }
}

fn arguments(method: &Method) -> BTreeSet<Ident> {
    names_in(|names| method.code.sig.inputs.iter().for_each(|input| names.visit_fn_arg(input)))
}

fn names_in(visit: impl FnOnce(&mut Names)) -> BTreeSet<Ident> {
    let mut names = Names::default();
    visit(&mut names);
    names.0
}

/// Every last segment of a path is a candidate; names that are no type of ours drop out in [`Reach::closure`].
#[derive(Default)]
struct Names(BTreeSet<Ident>);

impl<'ast> Visit<'ast> for Names {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.extend(path.segments.last().map(|segment| segment.ident.clone()));
        visit::visit_path(self, path);
    }
}

#[cfg(test)]
mod tests {
    use quote::format_ident;
    use syn::parse_quote;

    use super::{super::parts::Operation, *};

    #[test]
    fn follows_fields_and_variants_to_the_end() {
        let parts = Parts {
            methods: vec![Method {
                code: parse_quote! {
                    pub async fn a(&self, body: &types::In) -> Result<Response<types::Out>, Error> {}
                },
                operation: Operation::default(),
            }],
            types: vec![
                parse_quote! { pub struct In { pub shared: Shared } },
                parse_quote! { pub struct Out { pub deep: ::std::option::Option<::std::vec::Vec<Choice>> } },
                parse_quote! { pub enum Choice { A(Shared), B } },
                parse_quote! { pub struct Shared(pub String); },
                parse_quote! { pub struct Unused(pub Shared); },
            ],
        };
        let reach = Reach::of(&parts);
        let names = ["In", "Out", "Choice", "Shared", "Unused"];
        let on = |side: fn(&Reach, &Ident) -> bool| names.map(|name| side(&reach, &format_ident!("{name}")));
        assert_eq!(on(Reach::by_response), [false, true, true, true, false]);
        assert_eq!(on(Reach::by_request), [true, false, false, true, false]);
    }
}
