//! Enumerations name the type of their values, each of which is there once, and a null among these becomes nullable. One
//! with values that its type excludes is open: its author meant others, such as the text `NO` that YAML reads as `false`.
//!
//! Step 13 of `SHAPES`.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    Apply, Transform,
    schemas::{Schema, each},
    type_arrays::is_of,
    unions::OPEN,
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "enumerations", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
        drop_duplicates(schema)
            + usize::from(lift_null(schema))
            + usize::from(open(schema))
            + usize::from(name_type(schema))
    })
}

fn drop_duplicates(schema: &mut Schema) -> usize {
    let is_integer = schema.get("type").is_some_and(|kind| kind == "integer");
    let Some(Value::Array(values)) = schema.get_mut("enum") else { return 0 };
    for value in values.iter_mut().filter(|value| is_integer && value.is_f64()) {
        let whole = value.as_f64().and_then(|number| format!("{number}").parse::<i64>().ok());
        *value = whole.map_or(value.take(), Value::from);
    }
    let mut seen = HashSet::new();
    let before = values.len();
    values.retain(|value| seen.insert(value.clone()));
    before - values.len()
}

/// `null` alone stays: it is the one value of its type.
fn lift_null(schema: &mut Schema) -> bool {
    let Some(Value::Array(values)) = schema.get_mut("enum") else { return false };
    let before = values.len();
    if *values == [Value::Null] {
        return false;
    }
    values.retain(|value| !value.is_null());
    let found = values.len() < before;
    if found {
        schema.insert("nullable".to_owned(), true.into());
    }
    found
}

/// Drops values that the type excludes. What is left of texts is known and not all; of other values nothing is left.
fn open(schema: &mut Schema) -> bool {
    let Some(kind) = schema.get("type").and_then(Value::as_str).map(str::to_owned) else { return false };
    let Some(Value::Array(values)) = schema.get_mut("enum") else { return false };
    let before = values.len();
    values.retain(|value| is_of(value, &kind));
    if values.len() == before {
        return false;
    }
    if kind == "string" && !values.is_empty() {
        schema.insert(OPEN.to_owned(), true.into());
    } else {
        schema.shift_remove("enum");
    }
    true
}

fn name_type(schema: &mut Schema) -> bool {
    let Some(Value::Array(values)) = schema.get("enum") else { return false };
    let name = match values.first() {
        _ if schema.contains_key("type") => return false,
        Some(Value::String(_)) if values.iter().all(Value::is_string) => "string",
        Some(Value::Bool(_)) if values.iter().all(Value::is_boolean) => "boolean",
        Some(Value::Number(_)) if values.iter().all(Value::is_i64) => "integer",
        Some(Value::Number(_)) if values.iter().all(Value::is_number) => "number",
        _ => return false,
    };
    schema.insert("type".to_owned(), json!(name));
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{on_request, on_response},
        *,
    };

    #[test]
    fn null_among_texts_becomes_nullable() {
        let expected = json!({"enum": ["eu"], "nullable": true, "type": "string"});
        assert_eq!(on_request(&TRANSFORM, &json!({"enum": ["eu", null]})), (2, expected));
    }

    #[test]
    fn a_value_that_is_listed_twice_is_there_once() {
        let schema = |kind: &str, values: Value| json!({"type": kind, "enum": values});
        let once = |kind: &str, values: Value| on_request(&TRANSFORM, &schema(kind, values));
        assert_eq!(once("string", json!(["a", "b", "a"])), (1, schema("string", json!(["a", "b"]))));
        assert_eq!(once("integer", json!([1, 2.0, 1.0, 2])), (2, schema("integer", json!([1, 2]))));
    }

    #[test]
    fn values_that_the_type_excludes_open_the_enumeration() {
        let schema = |kind: &str, values: Value| json!({"type": kind, "enum": values});
        let opened = |schema: &Value| on_request(&TRANSFORM, schema).1;
        assert_eq!(
            opened(&schema("string", json!(["DE", false, 7]))),
            json!({"type": "string", "enum": ["DE"], "x-open": true})
        );
        assert_eq!(opened(&schema("string", json!([true, false]))), json!({"type": "string"}));
        assert_eq!(opened(&schema("integer", json!([1, "2"]))), json!({"type": "integer"}));
        assert_eq!(opened(&schema("boolean", json!(["true"]))), json!({"type": "boolean"}));
        assert_eq!(opened(&schema("number", json!([1, 2.5]))), schema("number", json!([1, 2.5])));
    }

    #[test]
    fn null_alone_and_mixed_values_stay() {
        for values in [json!([null]), json!(["a", 1])] {
            assert_eq!(on_response(&TRANSFORM, &json!({"enum": values})), (0, json!({"enum": values})));
        }
    }

    #[test]
    fn the_type_is_that_of_all_values() {
        let type_of = |values: Value| on_request(&TRANSFORM, &json!({"enum": values})).1["type"].clone();
        assert_eq!(
            [type_of(json!([1, 2])), type_of(json!([1, 2.5])), type_of(json!([true]))],
            ["integer", "number", "boolean"]
        );
    }
}
