//! What the generated client offers, short enough to be read in review: a change of the contract, of progenitor or of
//! the generator shows here as the few lines that users will notice. `…` stands for room to grow (`non_exhaustive`).

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::fmt::Write as _;

use quote::ToTokens;
use syn::{Expr, Fields, FnArg, ImplItem, Item, ItemEnum, ItemImpl, ReturnType, Stmt, Type, Visibility};

fn items(source: &str) -> Vec<Item> {
    syn::parse_file(source).unwrap().items
}

/// `:: std :: option :: Option < :: std :: string :: String >` as `Option<String>`.
fn short(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string().replace(' ', "").replace("&'a", "&");
    let mut out = String::new();
    for part in text.split_inclusive(['<', '>', ',', '&', '(', ')']) {
        out.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    out.replace(",>", ">").replace(',', ", ")
}

fn operations() -> String {
    let mut out = String::new();
    for item in items(include_str!("../src/generated/client.rs")) {
        let Item::Impl(block) = item else { continue };
        for method in block.items {
            let ImplItem::Fn(method) = method else { continue };
            let arguments: Vec<_> = method
                .sig
                .inputs
                .iter()
                .filter_map(|input| match input {
                    FnArg::Typed(typed) => Some(format!("{}: {}", short(&typed.pat), short(&typed.ty))),
                    FnArg::Receiver(_) => None,
                })
                .collect();
            let ReturnType::Type(_, output) = &method.sig.output else { continue };
            writeln!(out, "{}({}) -> {}", method.sig.ident, arguments.join(", "), short(output)).unwrap();
        }
    }
    for operation in auth0_provisioning_api::operations::ALL {
        writeln!(out, "{} {:?} {}", operation.id, operation.idempotency, operation.scopes.join(" ")).unwrap();
    }
    out
}

fn types() -> String {
    let items = items(include_str!("../src/generated/types.rs"));
    let mut out = String::new();
    for item in &items {
        match item {
            Item::Struct(structure) => {
                let growing = if has(&structure.attrs, "non_exhaustive") { " …" } else { "" };
                match &structure.fields {
                    Fields::Named(fields) => {
                        writeln!(out, "struct {}{growing}", structure.ident).unwrap();
                        for field in fields.named.iter().filter(|field| matches!(field.vis, Visibility::Public(_))) {
                            writeln!(out, "    {}: {}", field.ident.to_token_stream(), short(&field.ty)).unwrap();
                        }
                    }
                    Fields::Unnamed(fields) => {
                        let inner: Vec<_> = fields.unnamed.iter().map(|field| short(&field.ty)).collect();
                        writeln!(out, "struct {}({})", structure.ident, inner.join(", ")).unwrap();
                    }
                    Fields::Unit => writeln!(out, "struct {}", structure.ident).unwrap(),
                }
            }
            Item::Enum(enumeration) => {
                let growing = if has(&enumeration.attrs, "non_exhaustive") { " …" } else { "" };
                writeln!(out, "enum {}{growing}", enumeration.ident).unwrap();
                for line in variants(enumeration, &items) {
                    writeln!(out, "    {line}").unwrap();
                }
            }
            Item::Type(alias) => writeln!(out, "type {} = {}", alias.ident, short(&alias.ty)).unwrap(),
            _ => {}
        }
    }
    out
}

fn has(attributes: &[syn::Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// The variants with the texts that `as_str` gives for them.
fn variants(enumeration: &ItemEnum, items: &[Item]) -> Vec<String> {
    let block = items.iter().find_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() && is_for(block, &enumeration.ident.to_string()) => Some(block),
        _ => None,
    });
    let arms = block.into_iter().flat_map(|block| &block.items).find_map(|item| match item {
        ImplItem::Fn(method) if method.sig.ident == "as_str" => match method.block.stmts.as_slice() {
            [Stmt::Expr(Expr::Match(choice), _)] => Some(&choice.arms),
            _ => None,
        },
        _ => None,
    });
    arms.into_iter().flatten().map(|arm| format!("{} = {}", short(&arm.pat), short(&arm.body))).collect()
}

fn is_for(block: &ItemImpl, name: &str) -> bool {
    matches!(&*block.self_ty, Type::Path(path) if path.path.is_ident(name))
}

#[test]
fn operations_are_those_of_the_contract() {
    insta::assert_snapshot!(operations());
}

#[test]
fn types_are_those_of_the_contract() {
    insta::assert_snapshot!(types());
}
