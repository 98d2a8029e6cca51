//! Keywords that no type shows are dropped, and objects are open: what an object may hold beside its members is kept
//! by every type.
//!
//! Step 10 of `SHAPES`.

use serde_json::{Value, json};

use super::{Apply, Transform, schemas::each};
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

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
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
        places
    })
}
