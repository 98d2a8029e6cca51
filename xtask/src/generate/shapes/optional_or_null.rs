//! Optional lists and maps become nullable, so that "not there" and "empty" stay two things, and null reads as absent.
//!
//! Step 1 of `TYPES`.

use serde_json::Value;

use super::{
    Apply, Transform,
    schemas::{Schema, each},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "optional-or-null", apply: Apply::Always(apply) };

/// Where the members are noted that may be null by the document itself.
pub const NULLABLE: &str = "x-nullable";

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
        let required: Vec<_> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().cloned().collect();
        let Some(Value::Object(properties)) = schema.get_mut("properties") else { return 0 };
        let is_null = |property: &Value| property.get("nullable") == Some(&Value::Bool(true));
        let nullable: Vec<Value> =
            properties.iter().filter(|(_, property)| is_null(property)).map(|(name, _)| name.as_str().into()).collect();
        let optional = properties.iter_mut().filter(|(name, _)| !required.contains(&Value::from(name.as_str())));
        let places = optional.filter_map(|(_, property)| property.as_object_mut()).filter_map(make_nullable).count();
        if !nullable.is_empty() && !schema.contains_key(NULLABLE) {
            schema.insert(NULLABLE.to_owned(), nullable.into());
        }
        places
    })
}

fn make_nullable(property: &mut Schema) -> Option<()> {
    let is_collection = match property.get("type").and_then(Value::as_str) {
        Some("array") => true,
        Some("object") => !property.contains_key("properties"),
        _ => false,
    };
    if !is_collection || property.get("nullable") == Some(&Value::Bool(true)) {
        return None;
    }
    property.insert("nullable".to_owned(), true.into());
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{on_request, on_response},
        *,
    };

    #[test]
    fn optional_lists_and_maps_become_nullable() {
        let schema = json!({"type": "object", "required": ["a"], "properties": {
            "a": {"type": "array"}, "b": {"type": "array"}, "c": {"type": "object"}, "d": {"type": "string"},
            "e": {"type": "object", "properties": {"f": {}}},
        }});
        let (places, changed) = on_request(&TRANSFORM, &schema);
        assert_eq!(places, 2);
        let nullable: Vec<_> = changed["properties"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, property)| property["nullable"] == true)
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(nullable, ["b", "c"]);
        assert_eq!(on_response(&TRANSFORM, &schema).0, 2);
    }
}
