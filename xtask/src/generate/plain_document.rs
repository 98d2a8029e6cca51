//! Prints the values of a model as a plain OpenAPI 3.0 document, which progenitor reads.
//!
//! It holds nothing that progenitor rejects: no union, no check, no default, no name that Rust does not take. What such a
//! schema leaves out is written by the generator itself.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::model::{Api, Constraints, Format, Kind, Type, TypeId};

/// Lists and maps within each other deeper than this hold any value.
const DEEPEST: usize = 32;

/// A printed document.
pub(super) struct Printed {
    pub(super) document: Value,
    /// By [`TypeId`]: the name of the schema. Types without a name in Rust that are printed alike share one.
    pub(super) names: Vec<String>,
}

/// Prints a schema for each type of the model. Of types with members the document has the name: the generator writes them.
pub(super) fn print(api: &Api) -> Printed {
    let mut schemas = Map::new();
    let mut unnamed: HashMap<String, String> = HashMap::new();
    let mut names = Vec::new();
    for id in (0..api.types.len()).map(TypeId) {
        let schema = value(api, id, 0);
        let name = match &api[id].rust {
            Some(name) => name.clone(),
            None => unnamed.entry(schema.to_string()).or_insert_with(|| format!("Unnamed{}Schema", id.0)).clone(),
        };
        schemas.entry(name.clone()).or_insert(schema);
        names.push(name);
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "model", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    });
    Printed { document, names }
}

/// A type where another one refers to it, without null.
fn reference(api: &Api, id: TypeId, depth: usize) -> Value {
    if let Some(name) = &api[id].rust {
        return json!({"$ref": format!("#/components/schemas/{name}")});
    }
    match &api[id].kind {
        Kind::Alias(target) if depth < DEEPEST => reference(api, *target, depth + 1),
        _ => value(api, id, depth),
    }
}

/// A type as the element of a list or a map, which may be null.
fn element(api: &Api, id: TypeId, depth: usize) -> Value {
    let mut schema = reference(api, id, depth);
    if !api.nullable(id) {
        return schema;
    }
    if schema.get("$ref").is_some() {
        schema = json!({"allOf": [schema]});
    }
    schema["nullable"] = true.into();
    schema
}

/// A type that is written where it is used.
fn value(api: &Api, id: TypeId, depth: usize) -> Value {
    let ty = &api[id];
    match &ty.kind {
        _ if depth >= DEEPEST => json!({}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Integer(format) => number("integer", format, ty),
        Kind::Number(format) => number("number", format, ty),
        Kind::String(format) if format.name() == "date-time" => json!({"type": "string", "format": "date-time"}),
        Kind::String(_) | Kind::StringEnum { .. } => json!({"type": "string"}),
        Kind::List(inner) => json!({"type": "array", "items": element(api, *inner, depth + 1)}),
        Kind::Tuple { .. } => json!({"type": "array", "items": {}}),
        Kind::Map(inner) => match element(api, *inner, depth + 1) {
            Value::Object(any) if any.keys().all(|key| key == "nullable") => json!({"type": "object"}),
            inner => json!({"type": "object", "additionalProperties": inner}),
        },
        Kind::Struct { .. } => json!({"type": "object"}),
        Kind::Alias(target) if ty.rust.is_none() => reference(api, *target, depth + 1),
        Kind::Alias(_) | Kind::Any | Kind::Never | Kind::Null | Kind::Union { .. } => json!({}),
    }
}

/// A number. Bounds and small formats are for what is sent alone: a reader with them would fail on a larger number.
fn number(kind: &str, format: &Format, ty: &Type) -> Value {
    let mut schema = json!({"type": kind});
    let is_sent_only = !ty.direction.received;
    let fits = match format.name() {
        "int64" | "uint64" => kind == "integer",
        "int32" => kind == "integer" && is_sent_only,
        "float" => kind == "number" && is_sent_only,
        "double" => kind == "number",
        _ => false,
    };
    if fits {
        schema["format"] = format.name().into();
    }
    if is_sent_only && kind == "integer" {
        for bound in ["minimum", "maximum"] {
            schema.as_object_mut().into_iter().for_each(|schema| {
                schema.extend(whole(&ty.constraints, bound).map(|value| (bound.to_owned(), value)));
            });
        }
    }
    schema
}

/// A bound that is a whole number.
fn whole(constraints: &Constraints, bound: &str) -> Option<Value> {
    let value = constraints.get(bound)?;
    value.as_i64().map(Value::from).or_else(|| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15)?;
        format!("{number:.0}").parse::<i64>().ok().map(Value::from)
    })
}
