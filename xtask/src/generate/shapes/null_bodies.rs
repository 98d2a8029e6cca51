//! A body that may be null is sent as an object, or not at all: null says nothing that `{}` does not. A parameter is
//! never null.
//!
//! Step 25 of `SHAPES`.

use serde_json::Value;

use super::{
    Apply, Transform,
    schemas::{contents, each_operation},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "null-bodies", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    let mut places = 0;
    each_operation(document, |operation| {
        let mut settle = |owner: &mut Value| {
            let schema = owner.get_mut("schema").and_then(Value::as_object_mut);
            places += usize::from(schema.is_some_and(|schema| schema.shift_remove("nullable").is_some()));
        };
        contents(operation.get_mut("requestBody")).for_each(&mut settle);
        operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten().for_each(settle);
    });
    places
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::{Noted, nullable_components, testing::document},
        *,
    };

    #[test]
    fn a_body_loses_its_null_and_other_uses_of_its_schema_keep_theirs() {
        let shared = json!({"type": "object", "nullable": true});
        let mut document = document(&shared, &json!({"properties": {"a": {"$ref": "#/components/schemas/Request"}}}));
        nullable_components::TRANSFORM.apply(&mut document, &mut Noted::default());
        let operation = &mut document.root["paths"]["/a"]["post"];
        operation["parameters"] = json!([{"in": "query", "name": "q", "schema": {"type": "string", "nullable": true}}]);
        assert_eq!(apply(&mut document), 2);
        let reference = json!([{"$ref": "#/components/schemas/Request"}]);
        let operation = &document.root["paths"]["/a"]["post"];
        assert_eq!(operation["requestBody"]["content"]["application/json"]["schema"], json!({"allOf": reference}));
        assert_eq!(operation["parameters"][0]["schema"], json!({"type": "string"}));
        let member = &document.root["components"]["schemas"]["Response"]["properties"]["a"];
        assert_eq!(*member, json!({"allOf": reference, "nullable": true}));
    }
}
