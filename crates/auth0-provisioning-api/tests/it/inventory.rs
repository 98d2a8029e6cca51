//! A short list of everything public in the generated client, for review. A change of the contract, of progenitor or of the
//! generator shows as the few lines that users will notice. `…` marks `#[non_exhaustive]`.

use std::fmt::Write as _;

use auth0_provisioning_api::{connections, directory_provisioning, groups, logs, scim};
use auth0_transport::Operation;
use quote::ToTokens;
use syn::{Fields, FnArg, ImplItem, Item, ItemEnum, ItemImpl, ReturnType, Type, Visibility};

/// An area with the source of its module and its operations.
type Area = (&'static str, &'static str, &'static [&'static Operation]);

const AREAS: [Area; 5] = [
    (
        "directory provisioning",
        include_str!("../../src/generated/directory_provisioning.rs"),
        directory_provisioning::operations::ALL,
    ),
    ("connections", include_str!("../../src/generated/connections.rs"), connections::operations::ALL),
    ("scim", include_str!("../../src/generated/scim.rs"), scim::operations::ALL),
    ("groups", include_str!("../../src/generated/groups.rs"), groups::operations::ALL),
    ("logs", include_str!("../../src/generated/logs.rs"), logs::operations::ALL),
];

fn items(source: &str) -> Vec<Item> {
    syn::parse_file(source).unwrap().items
}

/// Returns the items of a module within a file.
fn items_within(source: &str, name: &str) -> Vec<Item> {
    let found = items(source).into_iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => Some(module.content?.1),
        _ => None,
    });
    found.unwrap()
}

/// Shortens `:: std :: option :: Option < :: std :: string :: String >` to `Option<String>`.
fn short(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string().replace(' ', "").replace("&'a", "&");
    let mut out = String::new();
    for part in text.split_inclusive(['<', '>', ',', '&', '(', ')']) {
        out.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    out.replace(",>", ">").replace(',', ", ").replace("implInto", "impl Into")
}

fn operations((_, source, all): &Area) -> String {
    let mut out = String::new();
    let mut constants = all.iter();
    for item in items(source) {
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
            let statuses: Vec<_> = constants.next().unwrap().success.iter().map(ToString::to_string).collect();
            let statuses = statuses.join(" ");
            writeln!(out, "{}({}) -> {} {statuses}", method.sig.ident, arguments.join(", "), short(output)).unwrap();
        }
    }
    for operation in *all {
        writeln!(out, "{} {:?} {}", operation.id, operation.idempotency, operation.scopes.join(" ")).unwrap();
    }
    out
}

fn derives(attributes: &[syn::Attribute]) -> String {
    let mut names = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        attribute
            .parse_nested_meta(|meta| {
                names.extend(meta.path.segments.last().map(|segment| segment.ident.to_string()));
                Ok(())
            })
            .unwrap();
    }
    names.sort();
    names.join(" ")
}

/// Returns the functions of a type, and the checks of a string.
fn functions(name: &str, items: &[Item]) -> Vec<String> {
    let mut lines = Vec::new();
    for item in items {
        match item {
            Item::Impl(block) if block.trait_.is_none() && is_for(block, name) => {
                for function in &block.items {
                    let ImplItem::Fn(function) = function else { continue };
                    let arguments: Vec<_> = function.sig.inputs.iter().map(short_argument).collect();
                    lines.push(format!("fn {}({})", function.sig.ident, arguments.join(", ")));
                }
            }
            _ => {
                let checks = arguments_of("string", name, item).unwrap_or_default();
                let checks =
                    checks.split(" , ").map(|check| check.trim_matches([' ', ','])).filter(|check| !check.is_empty());
                lines.extend(checks.map(|check| format!("check: {check}")));
            }
        }
    }
    lines
}

/// Returns the arguments of a macro call for a type.
fn arguments_of(call: &str, name: &str, item: &Item) -> Option<String> {
    let Item::Macro(found) = item else { return None };
    let mut tokens = found.mac.tokens.clone().into_iter();
    let is_meant = found.mac.path.segments.last()?.ident == call && tokens.next()?.to_string() == name;
    is_meant.then(|| tokens.last().map(|group| group.to_string().trim_matches(['{', '}', ' ']).to_owned()))?
}

fn short_argument(argument: &FnArg) -> String {
    match argument {
        FnArg::Receiver(_) => "self".to_owned(),
        FnArg::Typed(typed) => format!("{}: {}", short(&typed.pat), short(&typed.ty).replace("implInto", "impl Into")),
    }
}

fn types(items: &[Item]) -> String {
    let mut out = String::new();
    for item in items {
        match item {
            Item::Struct(structure) => {
                let growing = if has(&structure.attrs, "non_exhaustive") { " …" } else { "" };
                match &structure.fields {
                    Fields::Named(fields) => {
                        writeln!(out, "struct {}{growing} ({})", structure.ident, derives(&structure.attrs)).unwrap();
                        for field in fields.named.iter().filter(|field| matches!(field.vis, Visibility::Public(_))) {
                            writeln!(out, "    {}: {}", field.ident.to_token_stream(), short(&field.ty)).unwrap();
                        }
                    }
                    Fields::Unnamed(fields) => {
                        let inner: Vec<_> = fields.unnamed.iter().map(|field| short(&field.ty)).collect();
                        let derives = derives(&structure.attrs);
                        writeln!(out, "struct {}({}) ({derives})", structure.ident, inner.join(", ")).unwrap();
                    }
                    Fields::Unit => writeln!(out, "struct {}", structure.ident).unwrap(),
                }
                for line in functions(&structure.ident.to_string(), items) {
                    writeln!(out, "    {line}").unwrap();
                }
            }
            Item::Enum(enumeration) => {
                let growing = if has(&enumeration.attrs, "non_exhaustive") { " …" } else { "" };
                writeln!(out, "enum {}{growing} ({})", enumeration.ident, derives(&enumeration.attrs)).unwrap();
                for line in variants(enumeration, items) {
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

/// Returns the variants with their strings, from the arguments of the macro.
fn variants(enumeration: &ItemEnum, items: &[Item]) -> Vec<String> {
    let name = enumeration.ident.to_string();
    let pairs = items.iter().find_map(|item| arguments_of("string_enum", &name, item)).unwrap_or_default();
    let mut lines: Vec<_> = pairs
        .split(',')
        .filter_map(|pair| pair.trim().split_once(' '))
        .map(|(name, text)| format!("{name} = {text}"))
        .collect();
    let open = enumeration.variants.iter().filter(|variant| !variant.fields.is_empty());
    lines.extend(open.map(|variant| format!("{} = anything else", variant.ident)));
    lines
}

fn is_for(block: &ItemImpl, name: &str) -> bool {
    matches!(&*block.self_ty, Type::Path(path) if path.path.is_ident(name))
}

/// Every area under its name.
fn by_area(describe: impl Fn(&Area) -> String) -> String {
    AREAS.iter().map(|area| format!("# {}\n{}", area.0, describe(area))).collect::<Vec<_>>().join("\n")
}

#[test]
fn operations_are_those_of_the_contract() {
    insta::assert_snapshot!(by_area(operations));
}

#[test]
fn types_are_those_of_the_contract() {
    insta::assert_snapshot!(by_area(|(_, source, _)| types(&items_within(source, "types"))));
}

#[test]
fn areas_share_no_type() {
    assert_eq!(types(&items(include_str!("../../src/generated/types.rs"))), "");
}
