//! Readers are tolerant: whatever a response can hold loses every check but that of its type, so that a response of
//! tomorrow still decodes; what it requires is noted. On what only requests hold the checks stay.
//!
//! Step 22 of `SHAPES`.

use serde_json::Value;

use super::{
    Apply, Transform,
    schemas::{Side, each},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "tolerant-readers", apply: Apply::Always(apply) };

/// Where the members are noted that the document requires of a response.
pub const EXPECTED: &str = "x-expected";

/// Where the values of an enumeration are noted that is none any more: they may tell the variants of a union apart.
pub(super) const KNOWN: &str = "x-known";

const CHECKS: [&str; 14] = [
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, side| {
        if side == Side::Request {
            return 0;
        }
        let mut places = CHECKS.iter().filter(|check| schema.shift_remove(**check).is_some()).count();
        if let Some(required) = schema.shift_remove("required") {
            schema.insert(EXPECTED.to_owned(), required);
            places += 1;
        }
        // Texts become open enumerations later; of other values an enumeration is only a check.
        let texts_only = |values: &Value| values.as_array().is_some_and(|values| values.iter().all(Value::is_string));
        if schema.contains_key("type")
            && let Some(values) = schema.get("enum").filter(|values| !texts_only(values)).cloned()
        {
            schema.shift_remove("enum");
            schema.insert(KNOWN.to_owned(), values);
            places += 1;
        }
        places
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
    fn responses_lose_their_checks() {
        let schema = json!({
            "type": "object", "required": ["id"],
            "properties": {
                "id": {"type": "string", "maxLength": 3, "pattern": "^a"},
                "level": {"type": "integer", "enum": [1, 2], "minimum": 1},
                "kind": {"type": "string", "enum": ["a", "b"]},
            },
        });
        let expected = json!({
            "type": "object", "x-expected": ["id"],
            "properties": {
                "id": {"type": "string"},
                "level": {"type": "integer", "x-known": [1, 2]},
                "kind": {"type": "string", "enum": ["a", "b"]},
            },
        });
        assert_eq!(on_response(&TRANSFORM, &schema), (5, expected));
        assert_eq!(on_request(&TRANSFORM, &schema), (0, schema));
    }

    #[test]
    fn a_property_named_like_a_check_stays() {
        let schema = json!({"type": "object", "properties": {"pattern": {"type": "string"}}});
        assert_eq!(on_response(&TRANSFORM, &schema), (0, schema));
    }
}
