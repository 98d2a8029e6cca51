//! How the code is laid out in files: a client with one tag in three, any other in a module for each tag, each behind a
//! feature, with the types that several of them use in one place.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use heck::{ToKebabCase, ToSnakeCase};

use super::{
    docs::code,
    expressible::{Call, Returned, Sent},
    items::Items,
    methods::{Method, constants, method, returned_type},
    rust_types::RustTypes,
};
use crate::model::{
    Api, Member, Type, TypeId,
    identifiers::{Names, snake},
};

/// A generated client.
#[derive(Debug, Default)]
pub struct Client {
    /// The generated files by name, without the ending.
    pub files: BTreeMap<String, String>,
    /// The modules that are a feature each; none in a small client.
    pub modules: Vec<Module>,
    /// A call that a reader can make sense of: an operation whose arguments are strings, or none, if there is one.
    pub example: Option<String>,
    /// How many operations there are.
    pub operations: usize,
    /// The paths of the servers that they are called at.
    pub base_paths: BTreeSet<String>,
    /// What each operation returns that returns JSON.
    pub responses: Vec<JsonResponse>,
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

/// What an operation returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonResponse {
    /// The method in small letters.
    pub verb: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The type, named from the root of the crate.
    pub ty: String,
}

/// Names that the crate, cargo or the language take for something else.
const TAKEN: [&str; 9] =
    ["types", "operations", "client", "full", "default", "schemars", "values", "gen", "auth0_transport"];

/// A named type, or the parameters of a method: its name, its items and the modules that use it.
struct Declared {
    name: String,
    items: Vec<String>,
    users: BTreeSet<String>,
}

/// Writes the files of a client.
pub(super) fn write(
    api: &Api,
    rust: &RustTypes,
    calls: &[Call<'_>],
    insists: &dyn Fn(&Type, &Member) -> bool,
) -> Client {
    let mut names = Names::of_types();
    let taken = api.types.iter().filter_map(|ty| ty.rust.as_ref()).chain(api.aliases.iter().map(|(name, _)| name));
    taken.for_each(|name| drop(names.take(name)));
    let methods: Vec<Method> = calls.iter().map(|call| method(api, rust, call, &mut names)).collect();
    let tags: BTreeSet<Option<&String>> = calls.iter().map(|call| call.operation.tags.first()).collect();
    let module_of = |call: &Call<'_>| match tags.len() {
        0 | 1 => String::new(),
        _ => module_name(call.operation.tags.first().map_or("", String::as_str)),
    };
    let in_parts: HashSet<TypeId> = calls
        .iter()
        .filter_map(|call| call.body.as_ref())
        .filter(|(_, _, sent)| matches!(sent, Sent::Parts(_)))
        .map(|(_, ty, _)| api.followed(*ty))
        .collect();
    let items = Items { api, rust, insists, in_parts: &in_parts };
    let declared = declared(api, &items, calls, &methods, &module_of);
    let mut client = Client {
        example: methods.iter().find_map(|method| method.example.clone()),
        operations: calls.len(),
        base_paths: calls.iter().map(|call| call.operation.base_path.clone()).collect(),
        ..Client::default()
    };
    let homes: HashMap<&str, &str> = declared
        .iter()
        .filter_map(|ty| match ty.users.iter().collect::<Vec<_>>()[..] {
            [module] => Some((ty.name.as_str(), module.as_str())),
            _ => None,
        })
        .collect();
    client.responses = responses(api, rust, calls, &homes);
    if tags.len() < 2 {
        flat(&mut client, calls, &methods, &declared);
    } else {
        by_tag(&mut client, calls, &methods, &declared, &module_of);
    }
    client
}

/// All types in the order of their names, then the parameters of methods.
fn declared(
    api: &Api,
    items: &Items<'_>,
    calls: &[Call<'_>],
    methods: &[Method],
    module_of: &dyn Fn(&Call<'_>) -> String,
) -> Vec<Declared> {
    let mut users: BTreeMap<TypeId, BTreeSet<String>> = BTreeMap::new();
    for call in calls {
        let module = module_of(call);
        let (mut seen, mut waiting) = (HashSet::new(), roots(call));
        while let Some(id) = waiting.pop() {
            if seen.insert(id) {
                users.entry(id).or_default().insert(module.clone());
                waiting.extend(api[id].inner());
            }
        }
    }
    let aliases = api.aliases.iter().filter_map(|(name, target)| {
        Some(Declared { name: name.clone(), items: items.alias(name, *target), users: users.get(target)?.clone() })
    });
    let aliases: Vec<Declared> = aliases.collect();
    let named = users
        .into_iter()
        .filter_map(|(id, users)| Some(Declared { name: api[id].rust.clone()?, items: items.of(id), users }));
    let mut declared: Vec<Declared> = named.chain(aliases).collect();
    declared.sort_by(|one, other| one.name.cmp(&other.name));
    declared.extend(calls.iter().zip(methods).filter_map(|(call, method)| {
        let (name, items) = method.parameters.clone()?;
        Some(Declared { name, items, users: BTreeSet::from([module_of(call)]) })
    }));
    declared
}

/// The types that a method names.
fn roots(call: &Call<'_>) -> Vec<TypeId> {
    let returned = match call.returned {
        Returned::Json(ty) | Returned::OptionalJson { ty, .. } => Some(ty),
        Returned::Nothing | Returned::Bytes => None,
    };
    let body = call.body.iter().filter(|(_, _, sent)| !matches!(sent, Sent::Text(_) | Sent::Bytes(_)));
    let parameters = call.parameters.iter().map(|(parameter, _)| parameter.ty);
    parameters.chain(body.map(|(_, ty, _)| *ty)).chain(returned).collect()
}

fn responses(api: &Api, rust: &RustTypes, calls: &[Call<'_>], homes: &HashMap<&str, &str>) -> Vec<JsonResponse> {
    let place = |name: &str| match homes.get(name).filter(|module| !module.is_empty()) {
        Some(module) => format!("client::{module}::types::{name}"),
        None => format!("client::types::{name}"),
    };
    let json = calls.iter().filter_map(|call| {
        let ty = match call.returned {
            Returned::Json(ty) => returned_type(api, rust, ty, &place),
            Returned::OptionalJson { ty, .. } => format!("Option<{}>", returned_type(api, rust, ty, &place)),
            Returned::Nothing | Returned::Bytes => return None,
        };
        let ty = ty.replace("crate::", "client::");
        let operation = call.operation;
        Some(JsonResponse { verb: operation.method.to_lowercase(), path: operation.path.path.clone(), ty })
    });
    json.collect()
}

fn flat(client: &mut Client, calls: &[Call<'_>], methods: &[Method], declared: &[Declared]) {
    let block = client_block(&methods.iter().collect::<Vec<_>>());
    let imports = format!("{}use crate::{{Client, operations, types}};\n", transport_imports(&block));
    let mut add = |name: &str, doc: &str, parts: &[String]| {
        client.files.insert(name.to_owned(), format!("//! {doc}\n\n{}", parts.join("\n")));
    };
    add("client", "The operations as methods.", &[imports, block]);
    let constants = constants(&calls.iter().collect::<Vec<_>>());
    add("operations", "The operations as data, for logs, retries and errors.", &constants);
    let types: Vec<String> = declared.iter().flat_map(|ty| ty.items.clone()).collect();
    add("types", "The types of parameters, bodies and responses.", &with_errors(types));
}

fn by_tag(
    client: &mut Client,
    calls: &[Call<'_>],
    methods: &[Method],
    declared: &[Declared],
    module_of: &dyn Fn(&Call<'_>) -> String,
) {
    let mut modules: BTreeMap<String, (Module, Vec<&Call<'_>>, Vec<&Method>)> = BTreeMap::new();
    for (call, method) in calls.iter().zip(methods) {
        let name = module_of(call);
        let tag = call.operation.tags.first().cloned().unwrap_or_default();
        let module = Module { tag, feature: name.to_kebab_case(), name: name.clone(), operations: 0 };
        let (module, calls, methods) = modules.entry(name).or_insert_with(|| (module, Vec::new(), Vec::new()));
        module.operations += 1;
        calls.push(call);
        methods.push(method);
    }
    let mut own: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut shared = Vec::new();
    for ty in declared {
        let users: Vec<&String> = ty.users.iter().collect();
        match &users[..] {
            [one] => own.entry(one.as_str()).or_default().extend(ty.items.clone()),
            several if several.len() < modules.len() => {
                let features = several.iter().map(|name| format!("feature = {:?}", modules[*name].0.feature));
                let gate = format!("#[cfg(any({}))]\n", features.collect::<Vec<_>>().join(", "));
                shared.extend(ty.items.iter().map(|item| format!("{gate}{item}")));
            }
            _ => shared.extend(ty.items.clone()),
        }
    }
    for (name, (module, calls, methods)) in &modules {
        let block = client_block(methods);
        let types = own.get(name.as_str()).cloned().unwrap_or_default();
        let text = format!(
            "//! The operations of the tag {}, and the types that they alone use.\n\n{}use crate::Client;\n\n{block}\n\
             /// The operations as data, for logs, retries and errors.\npub mod operations {{\n{}}}\n\n\
             /// The types of parameters, bodies and responses.\npub mod types {{\n    pub use crate::types::*;\n{}{}}}\n",
            code(&module.tag),
            transport_imports(&block),
            indented(&constants(calls)),
            if types.is_empty() { "" } else { "\n" },
            indented(&types),
        );
        client.files.insert(name.clone(), text);
    }
    let shared = with_errors(shared).join("\n");
    client.files.insert("types".to_owned(), format!("//! The types that several modules use.\n\n{shared}"));
    client.modules = modules.into_values().map(|(module, ..)| module).collect();
}

/// Types, and the error that those with checks have in common.
fn with_errors(mut types: Vec<String>) -> Vec<String> {
    types.push("/// Error types.\npub mod error {\n    #[allow(unused_imports)]\n    #[doc(inline)]\n    pub use auth0_transport::codegen::ConversionError;\n}\n".to_owned());
    types
}

/// What the methods of a block need of the transport.
fn transport_imports(block: &str) -> String {
    let bytes = if block.contains("Bytes") { "Bytes, " } else { "" };
    let encoding = if block.contains("Encoding::") { ", codegen::Encoding" } else { "" };
    format!("use auth0_transport::{{{bytes}Error, Response{encoding}}};\n")
}

fn client_block(methods: &[&Method]) -> String {
    let methods: Vec<&str> = methods.iter().map(|method| method.code.as_str()).collect();
    format!("impl Client {{\n{}}}\n", methods.join("\n"))
}

fn indented(items: &[String]) -> String {
    let text = items.join("\n");
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
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
    if TAKEN.contains(&name.as_str()) || snake(&name) != name {
        return format!("{name}_tag");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::module_name;

    #[test]
    fn names_of_modules_are_free() {
        let names = ["actions", "", "Ünïcode", "3rd", "type", "types", "Gen", "attack-protection"].map(module_name);
        assert_eq!(
            names,
            ["actions", "untagged", "n_code", "tag_3rd", "type_tag", "types_tag", "gen_tag", "attack_protection"]
        );
    }
}
