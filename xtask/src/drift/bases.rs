//! A component with a discriminator that has subtypes becomes the union of these: what refers to it gets the union, and
//! what extends it gets its members as before.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::openapi::{Document, document::component_name};

/// Makes unions of the bases of a document, and says how many there were.
pub(crate) fn unite(document: &mut Document) -> usize {
    let Some(Value::Object(schemas)) = document.root.pointer_mut("/components/schemas") else { return 0 };
    let names: Vec<String> = schemas.keys().cloned().collect();
    names.iter().filter(|name| split(name, schemas).is_some()).count()
}

/// Makes a union of a base, whose members move into a component of their own. Nothing where it is no base.
fn split(name: &str, schemas: &mut Map<String, Value>) -> Option<()> {
    let schema = schemas.get(name)?.as_object()?;
    let discriminator = schema.get("discriminator")?.clone();
    let tag = discriminator["propertyName"].as_str()?;
    let heirs = heirs(name, schemas);
    let stated = |key: &str| schema.get(key).and_then(Value::as_array).filter(|union| !union.is_empty());
    let union = stated("oneOf").or_else(|| stated("anyOf"));
    let branches: Vec<String> = match union {
        Some(_) if heirs.is_empty() => return None,
        Some(union) => union.iter().map(|branch| component_name(branch["$ref"].as_str()?)).collect::<Option<_>>()?,
        None => {
            let mapping = discriminator["mapping"].as_object().into_iter().flatten();
            let targets = mapping.filter_map(|(_, target)| target_of(target, schemas));
            let mut seen = BTreeSet::new();
            targets.chain(heirs.iter().cloned()).filter(|branch| seen.insert(branch.clone())).collect()
        }
    };
    if branches.is_empty() {
        return None;
    }
    let own = free_name(&format!("{name}Base"), |name| schemas.contains_key(name));
    let (mut base, mut union) = (schema.clone(), schema.clone());
    for key in ["discriminator", "oneOf", "anyOf"] {
        base.shift_remove(key);
    }
    union.retain(|key, _| is_prose(key));
    let slot = |branch: &String| {
        let target = if branch == name { &own } else { branch };
        let reference = json!({"$ref": reference_to(target)});
        if branch == name || heirs.contains(branch) || has_member(&schemas[branch], tag) {
            return reference;
        }
        json!({"allOf": [reference, {"$ref": reference_to(&own)}], "x-component": branch})
    };
    union.insert("oneOf".to_owned(), branches.iter().map(slot).collect());
    union.insert("discriminator".to_owned(), with_base(discriminator, name, &own));
    for heir in &heirs {
        extend_instead(&mut schemas[heir], name, &own);
    }
    schemas.insert(own, base.into());
    schemas.insert(name.to_owned(), union.into());
    Some(())
}

/// The components that extend a component, or one of those that do, in the order of the document.
fn heirs(name: &str, schemas: &Map<String, Value>) -> Vec<String> {
    let mut found = BTreeSet::from([name.to_owned()]);
    loop {
        let before = found.len();
        let extends = |schema: &Value| parents(schema).any(|parent| found.contains(&parent));
        let new: Vec<_> = schemas.iter().filter(|(_, schema)| extends(schema)).map(|(name, _)| name.clone()).collect();
        found.extend(new);
        if found.len() == before {
            break;
        }
    }
    schemas.keys().filter(|heir| *heir != name && found.contains(*heir)).cloned().collect()
}

fn parents(schema: &Value) -> impl Iterator<Item = String> {
    let parts = schema["allOf"].as_array().into_iter().flatten();
    parts.filter_map(|part| component_name(part["$ref"].as_str()?))
}

/// The component that a value of a mapping names, by reference or by name.
fn target_of(target: &Value, schemas: &Map<String, Value>) -> Option<String> {
    let target = target.as_str()?;
    let name = component_name(target).unwrap_or_else(|| target.to_owned());
    schemas.contains_key(&name).then_some(name)
}

fn has_member(schema: &Value, name: &str) -> bool {
    let parts = schema["allOf"].as_array().into_iter().flatten();
    std::iter::once(schema).chain(parts).any(|part| part["properties"].get(name).is_some())
}

/// The discriminator, whose mapping names the component of the base's own members where it named the base.
fn with_base(mut discriminator: Value, name: &str, own: &str) -> Value {
    for (_, target) in discriminator.get_mut("mapping").and_then(Value::as_object_mut).into_iter().flatten() {
        if target.as_str().is_some_and(|text| text == name || component_name(text).as_deref() == Some(name)) {
            *target = reference_to(own).into();
        }
    }
    discriminator
}

fn extend_instead(schema: &mut Value, name: &str, own: &str) {
    for part in schema["allOf"].as_array_mut().into_iter().flatten() {
        if part["$ref"].as_str().and_then(component_name).as_deref() == Some(name) {
            part["$ref"] = reference_to(own).into();
        }
    }
}

/// The reference to a component.
fn reference_to(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// The name, with a number behind it where it is taken.
fn free_name(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number: u32| format!("{wanted}{number}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

/// Keywords that say nothing of the values that a schema takes, and `nullable`, which speaks of the whole.
fn is_prose(key: &str) -> bool {
    key.starts_with("x-")
        || ["title", "description", "deprecated", "readOnly", "writeOnly", "default", "nullable", "$comment"]
            .contains(&key)
}
