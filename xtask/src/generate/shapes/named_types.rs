//! Every schema that becomes a type gets a name of its own among the components, unique in Rust: objects, unions,
//! enumerations of texts, and texts with checks. Later steps and the rewriter find each type by that name.
//!
//! Step 27 of `SHAPES`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    Apply, Noted, Transform,
    components::reference_to,
    schemas::{Schema, each, each_operation, each_root},
    unions::{TAG, reference_of},
};
use crate::{
    generate::names::{Names, pascal},
    openapi::{Document, document::component_name},
};

pub(super) const TRANSFORM: Transform = Transform { name: "named-types", apply: Apply::Noted(apply) };

/// Where the names of a union's variants are noted, in the order of its branches.
pub const VARIANTS: &str = "x-variants";

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let mut names = Names::of_types();
    let renamed = component_names(document, &mut names);
    for (old, new) in renamed.iter().filter(|(old, new)| **new != pascal(old)) {
        noted.renamed.push(format!("the schema {old:?} is the type {new}"));
    }
    rename(document, &renamed);
    let mut naming = Naming { names, schemas: Map::new() };
    each_operation(document, |operation| {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let name = format!("{id}-{}", parameter["name"].as_str().unwrap_or_default());
            parameter.get_mut("schema").into_iter().for_each(|slot| naming.name_slot(slot, &name));
        }
        let mut body = |part: Option<&mut Value>, name: &str| {
            for schema in part.into_iter().filter_map(|part| part.pointer_mut("/content/application~1json/schema")) {
                naming.name_slot(schema, &format!("{id}-{name}"));
            }
        };
        body(operation.get_mut("requestBody"), "Body");
        for (_, response) in operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten() {
            body(Some(response), "Response");
        }
    });
    let places = naming.schemas.len();
    each_root(document, |name, _, slot| {
        if let (Some(name), Value::Object(schema)) = (name, slot) {
            naming.name_members(schema, name);
        }
    });
    if let Some(Value::Object(schemas)) = document.root.pointer_mut("/components/schemas") {
        schemas.extend(naming.schemas);
    }
    places
}

/// The name of the type of each component; those that are such names already keep them.
fn component_names(document: &Document, names: &mut Names) -> BTreeMap<String, String> {
    let (settled, others): (Vec<_>, Vec<_>) =
        document.schemas().into_iter().flatten().map(|(name, _)| name).partition(|name| pascal(name) == **name);
    settled.into_iter().chain(others).map(|name| (name.clone(), names.take(name))).collect()
}

fn rename(document: &mut Document, names: &BTreeMap<String, String>) {
    each(document, &mut |schema, _| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(name) = component_name(reference).and_then(|name| names.get(&name))
        {
            *reference = reference_to(name);
        }
        0
    });
    if let Some(Value::Object(schemas)) = document.root.pointer_mut("/components/schemas") {
        let renamed = std::mem::take(schemas).into_iter();
        *schemas = renamed.map(|(name, schema)| (names.get(&name).cloned().unwrap_or(name), schema)).collect();
    }
}

struct Naming {
    names: Names,
    schemas: Map<String, Value>,
}

impl Naming {
    fn name_slot(&mut self, slot: &mut Value, wanted: &str) {
        let Value::Object(schema) = slot else { return };
        if !becomes_type(schema) {
            return self.name_members(schema, wanted);
        }
        let name = self.names.take(wanted);
        let mut named = std::mem::take(schema);
        let at_use: Vec<_> = ["description", "nullable", "readOnly", "writeOnly"]
            .into_iter()
            .filter_map(|key| Some((key.to_owned(), named.get(key)?.clone())))
            .collect();
        named.shift_remove("nullable");
        self.name_members(&mut named, &name);
        let reference = json!({"$ref": reference_to(&name)});
        *slot = if at_use.is_empty() {
            reference
        } else {
            at_use.into_iter().chain([("allOf".to_owned(), json!([reference]))]).collect::<Map<_, _>>().into()
        };
        self.schemas.insert(name, named.into());
    }

    fn name_members(&mut self, schema: &mut Schema, parent: &str) {
        for (name, member) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
            self.name_slot(member, &format!("{parent}-{name}"));
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
            schema.get_mut(key).into_iter().for_each(|slot| self.name_slot(slot, &format!("{parent}-{suffix}")));
        }
        if let Some(variants) = self.name_branches(schema, parent) {
            schema.insert(VARIANTS.to_owned(), variants.into());
        }
    }

    fn name_branches(&mut self, schema: &mut Schema, parent: &str) -> Option<Vec<String>> {
        let tag = schema.get(TAG).cloned().unwrap_or_default();
        let branches = schema.get_mut("oneOf")?.as_array_mut()?;
        let mut variants = Names::of_variants();
        let mut found = Vec::new();
        for (number, branch) in branches.iter_mut().enumerate() {
            let tagged = tag["values"].as_array().into_iter().flatten().find(|value| value[1] == number);
            let tagged = tagged.map(|value| value[0].as_str().map_or_else(|| value[0].to_string(), ToOwned::to_owned));
            let wanted = match reference_of(branch).and_then(component_name) {
                Some(name) => name.strip_prefix(parent).unwrap_or(&name).to_owned(),
                None => branch["title"].as_str().map(ToOwned::to_owned).or(tagged).unwrap_or_else(|| kind_of(branch)),
            };
            let variant = variants.take(&wanted);
            self.name_slot(branch, &format!("{parent}-{variant}"));
            found.push(variant);
        }
        Some(found)
    }
}

/// What a branch without a name is called.
fn kind_of(branch: &Value) -> String {
    match branch["type"].as_str() {
        Some("array") => format!("{}List", kind_of(&branch["items"])),
        Some("string") if branch.get("enum").is_some() => "Known".to_owned(),
        Some(kind) => pascal(kind),
        None => reference_of(branch).and_then(component_name).unwrap_or_else(|| "Other".to_owned()),
    }
}

fn becomes_type(schema: &Schema) -> bool {
    let has = |key: &str| schema.contains_key(key);
    match schema.get("type").and_then(Value::as_str) {
        _ if has("oneOf") => true,
        Some("string") => ["enum", "pattern", "minLength", "maxLength"].into_iter().any(has),
        Some("object") | None => has("properties"),
        Some(_) => false,
    }
}
