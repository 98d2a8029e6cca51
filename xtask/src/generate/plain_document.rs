//! Prints the schemas of a model as a plain OpenAPI 3.0 document, which progenitor reads.
//!
//! It holds nothing that progenitor rejects: no union, no check, no default, no name that Rust does not take. What such a
//! schema leaves out is written by the generator itself.

use serde_json::{Map, Value, json};

use crate::model::{Api, Constraints, Format, Kind, Type, TypeId};

/// Lists and maps within each other deeper than this hold any value.
const DEEPEST: usize = 32;

/// The document with a schema for each type of the model.
pub(super) fn print(api: &Api) -> Value {
    let schemas: Map<String, Value> = (0..api.types.len())
        .map(TypeId)
        .map(|id| (name(api, id), if named(api, id) { component(api, id) } else { value(api, id, 0) }))
        .collect();
    json!({
        "openapi": "3.0.3",
        "info": {"title": "model", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    })
}

/// The name of a type's schema: that of the type in Rust, or one that no type has.
pub(super) fn name(api: &Api, id: TypeId) -> String {
    api[id].rust.clone().unwrap_or_else(|| format!("Unnamed{}Schema", id.0))
}

/// Whether a type has a name in Rust.
pub(super) fn named(api: &Api, id: TypeId) -> bool {
    api[id].rust.is_some()
}

/// What is declared under the name of a type.
fn component(api: &Api, id: TypeId) -> Value {
    match &api[id].kind {
        Kind::Struct { members, .. } => {
            let properties: Map<String, Value> =
                members.iter().map(|member| (member.rust.clone(), reference(api, member.ty, 0))).collect();
            let required: Vec<&String> = properties.keys().collect();
            json!({"type": "object", "required": required, "properties": properties})
        }
        Kind::Union { .. } | Kind::Alias(_) => json!({}),
        _ => value(api, id, 0),
    }
}

/// A type where another one refers to it, without null.
fn reference(api: &Api, id: TypeId, depth: usize) -> Value {
    match &api[id].kind {
        _ if named(api, id) => json!({"$ref": format!("#/components/schemas/{}", name(api, id))}),
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
        Kind::Alias(target) => reference(api, *target, depth + 1),
        Kind::Any | Kind::Never | Kind::Null | Kind::Union { .. } => json!({}),
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
