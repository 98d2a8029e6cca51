//! What stands beside a `$ref` would be lost in 3.0, so the reference moves into an `allOf` next to it.
//!
//! Step 16 of `SHAPES`.

use serde_json::{Value, json};

use super::{
    Apply, Transform,
    extensions::SECRET,
    schemas::{Schema, each, is_prose},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "reference-siblings", apply: Apply::Always(apply) };

/// What the place that uses a schema says of it, apart from what the schema says of itself.
const TOLD: [&str; 5] = ["description", "nullable", "readOnly", "writeOnly", SECRET];

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
        if !matches!(schema.get("$ref"), Some(Value::String(_))) || schema.len() == 1 {
            return 0;
        }
        let Some(reference) = schema.shift_remove("$ref") else { return 0 };
        let (prose, structure): (Schema, Schema) =
            std::mem::take(schema).into_iter().partition(|(key, _)| is_prose(key));
        let reference = json!({"$ref": reference});
        if structure.is_empty() && !TOLD.iter().any(|key| prose.contains_key(*key)) {
            *schema = Schema::from_iter([("$ref".to_owned(), reference["$ref"].clone())]);
            return 1;
        }
        let mut parts = vec![reference];
        if !structure.is_empty() {
            parts.push(Value::Object(structure));
        }
        *schema = prose;
        schema.insert("allOf".to_owned(), Value::Array(parts));
        1
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{on_request, on_response},
        *,
    };

    #[test]
    fn a_description_stays_beside_the_reference() {
        let schema = json!({"$ref": "#/components/schemas/Response", "description": "d", "x-a": 1});
        let expected = json!({"description": "d", "x-a": 1, "allOf": [{"$ref": "#/components/schemas/Response"}]});
        assert_eq!(on_request(&TRANSFORM, &schema), (1, expected));
    }

    #[test]
    fn a_constraint_becomes_a_part_of_its_own() {
        let schema = json!({"$ref": "#/components/schemas/Response", "maxLength": 3});
        let expected = json!({"allOf": [{"$ref": "#/components/schemas/Response"}, {"maxLength": 3}]});
        assert_eq!(on_request(&TRANSFORM, &schema), (1, expected));
    }

    #[test]
    fn a_member_stays_read_only_or_secret() {
        for mark in ["readOnly", "x-secret"] {
            let schema = json!({"$ref": "#/components/schemas/Response", mark: true});
            let expected = json!({mark: true, "allOf": [{"$ref": "#/components/schemas/Response"}]});
            assert_eq!(on_request(&TRANSFORM, &schema), (1, expected));
        }
    }

    #[test]
    fn marks_that_no_type_shows_are_dropped() {
        let schema = json!({"$ref": "#/components/schemas/Request", "x-release-lifecycle": "GA"});
        assert_eq!(on_response(&TRANSFORM, &schema), (1, json!({"$ref": "#/components/schemas/Request"})));
    }
}
