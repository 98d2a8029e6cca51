//! Which types a response can hold, and which a request can.

use std::collections::{BTreeMap, BTreeSet};

use syn::{
    Ident,
    visit::{self, Visit},
};

use super::parts::Parts;

/// The types on each side, by name. One type can be on both.
#[derive(Debug)]
pub(super) struct Reach {
    responses: BTreeSet<Ident>,
    requests: BTreeSet<Ident>,
}

impl Reach {
    pub(super) fn of(parts: &Parts) -> Self {
        let items = parts.type_items();
        let holds: BTreeMap<&Ident, BTreeSet<Ident>> = items
            .iter()
            .map(|(name, item)| {
                let mut names = Names::default();
                names.visit_item(item);
                (*name, names.0)
            })
            .collect();
        let (mut responses, mut requests) = (Names::default(), Names::default());
        for method in &parts.methods {
            responses.visit_return_type(&method.sig.output);
            method.sig.inputs.iter().for_each(|input| requests.visit_fn_arg(input));
        }
        Self { responses: closure(responses.0, &holds), requests: closure(requests.0, &holds) }
    }

    /// Whether a response can hold a type of this name.
    pub(super) fn by_response(&self, name: &Ident) -> bool {
        self.responses.contains(name)
    }

    /// Whether a request can hold a type of this name.
    pub(super) fn by_request(&self, name: &Ident) -> bool {
        self.requests.contains(name)
    }
}

fn closure(start: BTreeSet<Ident>, holds: &BTreeMap<&Ident, BTreeSet<Ident>>) -> BTreeSet<Ident> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<_> = start.into_iter().collect();
    while let Some(name) = waiting.pop() {
        if let Some(inner) = holds.get(&name)
            && reached.insert(name)
        {
            waiting.extend(inner.iter().cloned());
        }
    }
    reached
}

/// Every last segment of a path is a candidate; names that are no type of ours drop out in [`closure`].
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

    use super::*;

    #[test]
    fn follows_fields_and_variants_to_the_end() {
        let parts = Parts {
            methods: vec![parse_quote! {
                pub async fn a(&self, body: &types::In) -> Result<ResponseValue<types::Out>, Error<()>> {}
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
