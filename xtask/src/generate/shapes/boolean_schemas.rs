//! Schemas that are `true` or `false` become objects: 3.0 knows neither.
//!
//! Step 7 of `SHAPES`.

use serde_json::{Value, json};

use super::{Apply, Transform, schemas::each_slot};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "boolean-schemas", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each_slot(document, &mut |slot, _| {
        let Value::Bool(anything) = slot else { return 0 };
        *slot = if *anything { json!({}) } else { json!({"not": {}}) };
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
    fn rewrites_them_everywhere_but_in_additional_properties() {
        let schema = json!({"properties": {"a": true, "b": {"items": false}}, "additionalProperties": false});
        let expected = json!({"properties": {"a": {}, "b": {"items": {"not": {}}}}, "additionalProperties": false});
        assert_eq!(on_request(&TRANSFORM, &schema), (2, expected.clone()));
        assert_eq!(on_response(&TRANSFORM, &schema), (2, expected));
    }
}
