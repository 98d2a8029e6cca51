//! How the steps walk over all schemas of a document, and know which of them responses use.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{
    generate::noted::{Noted, Skipped},
    openapi::{Document, METHODS, Pointer, Problem},
};

/// An object schema in the making.
pub(super) type Schema = Map<String, Value>;

/// Who meets a schema: a type is tolerant as soon as one response can hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Only requests.
    Request,
    /// Only responses.
    Response,
    /// At least one request and one response.
    Both,
}

/// Keywords whose value is one schema. `additionalProperties` is walked apart: its `true` and `false` are no schemas
/// but part of the keyword, in 3.0 too.
const ONE: [&str; 7] = ["items", "not", "if", "then", "else", "propertyNames", "contains"];
/// Keywords whose value is a list of schemas.
const LIST: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value maps names to schemas.
const NAMED: [&str; 4] = ["properties", "patternProperties", "$defs", "dependentSchemas"];

/// Visits every schema slot, inner ones first, and adds up what the visitor returns. A slot can also hold `true` or
/// `false`; most visitors use [`each`], which passes over those.
pub(super) fn each_slot(document: &mut Document, visit: &mut dyn FnMut(&mut Value, Side) -> usize) -> usize {
    let mut places = 0;
    each_root(document, |_, side, slot| places += descend(slot, side, visit));
    places
}

/// Visits every object schema, inner ones first, and adds up what the visitor returns.
pub(super) fn each(document: &mut Document, visit: &mut dyn FnMut(&mut Schema, Side) -> usize) -> usize {
    each_slot(document, &mut |slot, side| slot.as_object_mut().map_or(0, |schema| visit(schema, side)))
}

/// Visits the outermost schemas: components, with their name, and those of parameters, bodies and responses.
pub(super) fn each_root(document: &mut Document, mut visit: impl FnMut(Option<&str>, Side, &mut Value)) {
    let (sent, answered) = (names_in(document, &["parameters", "requestBody"]), names_in_responses(document));
    each_operation(document, |operation| {
        let mut on =
            |owner: &mut Value, side| owner.get_mut("schema").into_iter().for_each(|slot| visit(None, side, slot));
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        parameters.into_iter().flatten().for_each(|parameter| on(parameter, Side::Request));
        contents(operation.get_mut("requestBody")).for_each(|media| on(media, Side::Request));
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            contents(Some(response)).for_each(|media| on(media, Side::Response));
        }
    });
    let schemas = document.root.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let side = match (sent.contains(name), answered.contains(name)) {
            (_, false) => Side::Request,
            (false, true) => Side::Response,
            (true, true) => Side::Both,
        };
        visit(Some(name), side, schema);
    }
}

/// Keywords that say nothing of the values that a schema takes, and `nullable`, which speaks of the whole.
pub(super) fn is_prose(key: &str) -> bool {
    key.starts_with("x-")
        || ["title", "description", "deprecated", "readOnly", "writeOnly", "default", "nullable", "$comment"]
            .contains(&key)
}

/// The name, with a number behind it where it is taken.
pub(super) fn free_name(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number: u32| format!("{wanted}{number}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

fn descend(slot: &mut Value, side: Side, visit: &mut dyn FnMut(&mut Value, Side) -> usize) -> usize {
    let mut places = 0;
    if let Value::Object(schema) = slot {
        for key in ONE {
            if let Some(inner) = schema.get_mut(key) {
                places += descend(inner, side, visit);
            }
        }
        if let Some(inner @ Value::Object(_)) = schema.get_mut("additionalProperties") {
            places += descend(inner, side, visit);
        }
        for key in LIST {
            for inner in schema.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
                places += descend(inner, side, visit);
            }
        }
        for key in NAMED {
            for (_, inner) in schema.get_mut(key).and_then(Value::as_object_mut).into_iter().flatten() {
                places += descend(inner, side, visit);
            }
        }
    }
    places + visit(slot, side)
}

/// Every operation of the document, in order.
pub(super) fn each_operation(document: &mut Document, mut visit: impl FnMut(&mut Map<String, Value>)) {
    let paths = document.root.get_mut("paths").and_then(Value::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                visit(operation);
            }
        }
    }
}

/// Every operation with its place. One that has a problem is left out and noted.
pub(super) fn each_operation_place(
    document: &mut Document,
    noted: &mut Noted,
    mut visit: impl FnMut(&mut Map<String, Value>, &Pointer, &mut Noted) -> Result<(), Problem>,
) {
    let paths = document.root.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let place = Pointer::root().child("paths").child(path).child(method);
            let Some(value) = item.get_mut(method) else { continue };
            let result = match value {
                Value::Object(operation) => visit(operation, &place, noted),
                _ => Err(Problem::at(&place, "is not an operation object")),
            };
            if let Err(problem) = result {
                let id = value["operationId"].as_str().map_or_else(|| format!("{method} {path}"), ToOwned::to_owned);
                noted.skipped.push(Skipped { operation: id, reason: problem.to_string() });
                item.as_object_mut().and_then(|item| item.shift_remove(method));
            }
        }
    }
}

/// Leaves out those parameters of an operation that cannot be expressed, with a warning and a line in its description: a
/// request without an optional parameter is valid. A required one is a problem of the operation.
pub(super) fn retain_parameters(
    operation: &mut Map<String, Value>,
    place: &Pointer,
    noted: &mut Noted,
    mut settle: impl FnMut(&mut Value, &Pointer, &mut Noted) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let Some(Value::Array(parameters)) = operation.get_mut("parameters") else { return Ok(()) };
    let mut lines = Vec::new();
    for (index, mut parameter) in std::mem::take(parameters).into_iter().enumerate() {
        let place = place.child("parameters").child(index);
        match settle(&mut parameter, &place, noted) {
            Ok(()) => parameters.push(parameter),
            Err(problem) if parameter["required"] == true || parameter["in"] == "path" => return Err(problem),
            Err(problem) => {
                let (kind, name) = (&parameter["in"], &parameter["name"]);
                let (kind, name) = (kind.as_str().unwrap_or_default(), name.as_str().unwrap_or_default());
                lines.push(format!("Left out: the optional {kind} parameter `{name}`."));
                noted.warnings.push(format!("{problem}; it is optional and left out"));
            }
        }
    }
    if !lines.is_empty() {
        let description = operation.get("description").and_then(Value::as_str).map(str::to_owned);
        let description = description.into_iter().chain(lines).collect::<Vec<_>>().join("\n\n");
        operation.insert("description".to_owned(), description.into());
    }
    Ok(())
}

pub(super) fn contents(part: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    let content = part.and_then(|part| part.get_mut("content")).and_then(Value::as_object_mut);
    content.into_iter().flat_map(|content| content.values_mut())
}

pub(super) fn names_in_responses(document: &Document) -> BTreeSet<String> {
    names_in(document, &["responses"])
}

fn names_in(document: &Document, members: &[&str]) -> BTreeSet<String> {
    let items = document.root["paths"].as_object().into_iter().flat_map(Map::values);
    let operations = items.flat_map(|item| METHODS.iter().filter_map(|method| item.get(method)));
    document.reached_from(operations.flat_map(|operation| members.iter().filter_map(|member| operation.get(member))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing, *};

    #[test]
    fn a_schema_that_both_sides_use_is_on_both() {
        let shared = json!({"properties": {"a": {"$ref": "#/components/schemas/Shared"}}});
        let mut document = testing::document(&shared, &shared);
        document.root["components"]["schemas"]["Shared"] = json!({"type": "string", "title": "shared"});
        let mut sides = Vec::new();
        each(&mut document, &mut |schema, side| {
            sides.extend(schema.contains_key("title").then_some(side));
            0
        });
        assert_eq!(sides, [Side::Both]);
    }
}
