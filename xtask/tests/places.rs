//! Other places of the project follow the contract: the checklist of CONTRIBUTING.md for a new operation, scopes, and values of
//! enumerations.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use heck::ToSnakeCase as _;
use quote::ToTokens as _;
use serde_json::Value;
use syn::{Expr, Fields, ImplItem, Item, Lit, Meta, Visibility};
use xtask::project;

/// What a place names of an operation.
type Named = fn(&Operation) -> String;

/// The places of the checklist, and what of an operation each of them names.
const PLACES: [(&str, Named); 9] = [
    ("openapi/official-document.txt", |operation| format!("is {}\n", operation.id)),
    ("crates/auth0-provisioning-api/tests/it/snapshots", |operation| format!("{} ", operation.id)),
    ("crates/auth0-provisioning-api/tests/it/requests", |operation| format!(".{}(", operation.method())),
    ("crates/auth0-provisioning-mock/src", |operation| format!("\"{}\"", operation.id)),
    ("crates/auth0-provisioning/src", |operation| format!(".{}(", operation.method())),
    ("crates/auth0-provisioning-cli/src/operations.rs", |operation| format!("\"{}\"", operation.id)),
    (SNAPSHOTS, |operation| format!("it__requests__{}.snap", operation.id)),
    ("xtask/src/tasks/interop/drive-node.mjs", |operation| format!("did(\"{}\")", operation.id)),
    ("xtask/src/tasks/interop/drive_python.py", |operation| format!("did(\"{}\")", operation.id)),
];

const SNAPSHOTS: &str = "crates/auth0-provisioning/tests/it/snapshots";

struct Operation {
    id: String,
    scopes: Vec<String>,
}

impl Operation {
    /// The generated method.
    fn method(&self) -> String {
        self.id.to_snake_case()
    }
}

fn contract() -> Value {
    serde_json::from_str(&fs::read_to_string(project::contract()).unwrap()).unwrap()
}

fn operations() -> Vec<Operation> {
    let contract = contract();
    let items = contract["paths"].as_object().unwrap().values().filter_map(Value::as_object);
    let operations = items.flat_map(serde_json::Map::values).filter_map(|operation| {
        let id = operation.get("operationId")?.as_str()?.to_owned();
        let requirements = operation["security"].as_array()?.iter().filter_map(Value::as_object);
        let scopes = requirements.flat_map(serde_json::Map::values).filter_map(Value::as_array).flatten();
        Some(Operation { id, scopes: scopes.filter_map(Value::as_str).map(str::to_owned).collect() })
    });
    operations.collect()
}

/// The text of a file, or the names and texts of all files of a folder.
fn text(place: &Path) -> String {
    files(place)
        .into_iter()
        .fold(String::new(), |text, (path, content)| text + &path.to_string_lossy() + "\n" + &content)
}

fn files(place: &Path) -> Vec<(PathBuf, String)> {
    let Ok(entries) = fs::read_dir(place) else {
        return fs::read_to_string(place).map(|text| (place.to_owned(), text)).into_iter().collect();
    };
    entries.flat_map(|entry| files(&entry.unwrap().path())).collect()
}

#[test]
fn every_operation_is_in_each_place_of_the_checklist() {
    let root = project::workspace();
    let contributing = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let (_, checklist) = contributing.split_once("## A new operation").unwrap();
    let mut lacking = Vec::new();
    for (place, what) in PLACES {
        assert!(checklist.contains(&format!("`{place}`")), "CONTRIBUTING.md does not name {place}");
        let text = text(&root.join(place));
        let named = operations().into_iter().map(|operation| (what(&operation), operation.id));
        let missing = named.filter(|(named, _)| !text.contains(named));
        lacking.extend(missing.map(|(named, id)| format!("{place} lacks {named:?}, for the operation {id}")));
    }
    assert!(lacking.is_empty(), "{lacking:#?}");
}

#[test]
fn every_snapshot_of_a_request_belongs_to_an_operation() {
    let known: BTreeSet<_> = operations().into_iter().map(|operation| operation.id).collect();
    for (path, _) in files(&project::workspace().join(SNAPSHOTS)) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if let Some(id) = name.strip_prefix("it__requests__") {
            assert!(known.contains(id), "{} belongs to no operation", path.display());
        }
    }
}

#[test]
fn each_method_documents_the_scope_of_the_contract() {
    let by_method: BTreeMap<String, Operation> =
        operations().into_iter().map(|operation| (operation.method(), operation)).collect();
    let mut documented = BTreeSet::new();
    for (path, source) in files(&project::workspace().join("crates/auth0-provisioning/src")) {
        let methods = methods(&source);
        let calls = |body: &str, name: &str| body.contains(&format!(". {name} ("));
        // A private method stands between some public ones and the generated client.
        let reaches = |body: &str, name: &str| {
            let private = methods.iter().filter(|method| !method.public && calls(&method.body, name));
            calls(body, name) || private.into_iter().any(|method| calls(body, &method.name))
        };
        for method in methods.iter().filter(|method| method.public) {
            for operation in by_method.iter().filter(|(name, _)| reaches(&method.body, name)).map(|(_, found)| found) {
                let known = operation.scopes.iter().any(|scope| method.docs.contains(scope));
                let (name, scopes) = (&method.name, &operation.scopes);
                assert!(known, "{}: the docs of {name} name none of {scopes:?}", path.display());
                documented.insert(&operation.id);
            }
        }
    }
    assert_eq!(documented.len(), by_method.len(), "{documented:?}");
}

struct Method {
    name: String,
    public: bool,
    docs: String,
    body: String,
}

fn methods(source: &str) -> Vec<Method> {
    let mut methods = Vec::new();
    for item in syn::parse_file(source).unwrap().items {
        let Item::Impl(block) = item else { continue };
        methods.extend(block.items.into_iter().filter_map(|item| match item {
            ImplItem::Fn(method) => Some(Method {
                name: method.sig.ident.to_string(),
                public: matches!(method.vis, Visibility::Public(_)),
                docs: docs(&method.attrs),
                body: method.block.to_token_stream().to_string(),
            }),
            _ => None,
        }));
    }
    methods
}

fn docs(attributes: &[syn::Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_scope_is_named_that_the_contract_does_not_know() {
    let contract = contract();
    let flows = &contract["components"]["securitySchemes"]["oAuth2ClientCredentials"]["flows"];
    let known: BTreeSet<&String> = flows["clientCredentials"]["scopes"].as_object().unwrap().keys().collect();
    let resources: BTreeSet<&str> = known.iter().filter_map(|scope| Some(scope.split_once(':')?.1)).collect();
    let root = project::workspace();
    let is_word = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    for place in ["README.md", "ARCHITECTURE.md", "docs", "crates"] {
        for (path, text) in files(&root.join(place)) {
            for (before, after) in text.match_indices(':').map(|(at, _)| (&text[..at], &text[at + 1..])) {
                let action = before.rsplit(|letter: char| !letter.is_ascii_lowercase()).next().unwrap_or_default();
                let resource = after.split(|letter: char| !is_word(letter)).next().unwrap_or_default();
                if ["read", "create", "update", "delete"].contains(&action) && resources.contains(resource) {
                    let scope = format!("{action}:{resource}");
                    assert!(known.contains(&scope), "{}: {scope} is no scope of the contract", path.display());
                }
            }
        }
    }
}

/// Enumerations whose values the mock tenant keeps as texts: it judges those of requests by the contract itself, and
/// responds with one value of the others.
const KEPT_AS_TEXTS: [&str; 6] = [
    "ConnectionStrategy",
    "CrossAppAccessResourceAppStatus",
    "GroupMemberType",
    "GroupType",
    "RoleType",
    "ScimTokenScope",
];

#[test]
fn the_mock_tenant_knows_the_values_of_each_enumeration() {
    let mut known = Vec::new();
    for (_, source) in files(&project::workspace().join("crates/auth0-provisioning-mock/src")) {
        for item in syn::parse_file(&source).unwrap().items {
            if let Item::Enum(enumeration) = item
                && enumeration.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit))
            {
                let names = enumeration.variants.iter().map(|variant| variant.ident.to_string().to_lowercase());
                known.push(names.collect::<BTreeSet<_>>());
            }
        }
    }
    let contract = contract();
    let schemas = contract["components"]["schemas"].as_object().unwrap();
    let enumerations = schemas.iter().filter_map(|(name, schema)| Some((name, schema.get("enum")?.as_array()?)));
    let mut count = 0;
    for (name, values) in enumerations.filter(|(name, _)| !KEPT_AS_TEXTS.contains(&name.as_str())) {
        let values: BTreeSet<_> = values.iter().filter_map(Value::as_str).map(str::to_lowercase).collect();
        assert!(known.contains(&values), "no enum of the mock tenant has the values of {name}: {values:?}");
        count += 1;
    }
    assert!(count > 0);
}
