//! Keywords that no type shows are dropped, and objects are open: what an object may hold beside its members is kept
//! by every type. Bounds that are dropped from what is sent stand in its description.
//!
//! Step 9 of `SHAPES`.

use serde_json::{Value, json};

use super::{
    Apply, Transform,
    schemas::{Schema, Side, each},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "open-keywords", apply: Apply::Always(apply) };

const DROPPED: [&str; 14] = [
    "not",
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependentSchemas",
    "dependentRequired",
    "unevaluatedProperties",
    "unevaluatedItems",
    "uniqueItems",
    "$defs",
];

/// How a bound is told.
const BOUNDS: [(&str, &str); 6] = [
    ("minItems", "elements ≥ {}"),
    ("maxItems", "elements ≤ {}"),
    ("minProperties", "members ≥ {}"),
    ("maxProperties", "members ≤ {}"),
    ("minimum", "value ≥ {}"),
    ("maximum", "value ≤ {}"),
];

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, side| {
        let mut places = DROPPED.iter().filter(|keyword| schema.shift_remove(**keyword).is_some()).count();
        if schema.shift_remove("prefixItems").is_some() {
            schema.insert("items".to_owned(), json!({}));
            places += 1;
        }
        let has_members =
            schema.get("properties").and_then(Value::as_object).is_some_and(|members| !members.is_empty());
        let has_patterns = schema.shift_remove("patternProperties").is_some();
        let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        if (has_members || has_patterns || is_closed) && schema.shift_remove("additionalProperties").is_some() {
            places += 1;
        }
        if has_members {
            schema.entry("type").or_insert_with(|| "object".into());
        } else if schema.get("properties").is_some() || has_patterns {
            schema.shift_remove("properties");
            schema.entry("type").or_insert_with(|| "object".into());
        }
        if side == Side::Request {
            describe_bounds(schema);
        }
        for bound in ["minItems", "maxItems", "minProperties", "maxProperties"] {
            schema.shift_remove(bound);
        }
        places
    })
}

fn describe_bounds(schema: &mut Schema) {
    let told: Vec<_> = BOUNDS
        .iter()
        .filter_map(|(keyword, words)| Some(words.replace("{}", &schema.get(*keyword)?.as_number()?.to_string())))
        .collect();
    if !told.is_empty() {
        let before = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let description = format!("{before}\n\nBounds: {}.", told.join(", "));
        schema.insert("description".to_owned(), description.trim_start().into());
    }
}
