//! `const` becomes an enumeration of one value.
//!
//! Step 11 of `SHAPES`.

use serde_json::Value;

use super::{Apply, Transform, schemas::each};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "constants", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
        let Some(value) = schema.shift_remove("const") else { return 0 };
        if value.is_string() && !schema.contains_key("type") {
            schema.insert("type".to_owned(), "string".into());
        }
        schema.insert("enum".to_owned(), Value::Array(vec![value]));
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
    fn becomes_an_enumeration_and_gets_its_type() {
        assert_eq!(on_request(&TRANSFORM, &json!({"const": "a"})), (1, json!({"type": "string", "enum": ["a"]})));
        assert_eq!(
            on_response(&TRANSFORM, &json!({"type": "integer", "const": 1})),
            (1, json!({"type": "integer", "enum": [1]}))
        );
    }

    #[test]
    fn a_property_of_that_name_is_left_alone() {
        let schema = json!({"properties": {"const": {"type": "string"}}});
        assert_eq!(on_request(&TRANSFORM, &schema), (0, schema));
    }
}
