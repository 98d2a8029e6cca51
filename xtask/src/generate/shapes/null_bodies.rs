//! A body that may be null is sent as an object, or not at all: null says nothing that `{}` does not.
//!
//! Step 15 of `SHAPES`: a component that may be null has lost that to the body by then.

use serde_json::Value;

use super::{Apply, Transform, schemas::each_operation};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "null-bodies", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    let mut places = 0;
    each_operation(document, |operation| {
        let content = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
        for (_, media) in content.and_then(Value::as_object_mut).into_iter().flatten() {
            places += media.get_mut("schema").map_or(0, drop_nullable);
        }
    });
    places
}

fn drop_nullable(schema: &mut Value) -> usize {
    let removed = schema.as_object_mut().and_then(|schema| schema.shift_remove("nullable"));
    usize::from(removed.is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing::document, *};

    #[test]
    fn a_body_loses_its_null_and_other_places_keep_theirs() {
        let mut document = document(&json!({}), &json!({"type": "object", "nullable": true}));
        document.root["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]["schema"] =
            json!({"type": "object", "nullable": true});
        assert_eq!(apply(&mut document), 1);
        let body = &document.root["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(*body, json!({"type": "object"}));
        assert_eq!(document.root["components"]["schemas"]["Response"]["nullable"], true);
    }
}
