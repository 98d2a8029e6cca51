//! A body that may be null is sent as an object, or not at all: null says nothing that `{}` does not.
//!
//! Step 15 of `SHAPES`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Apply, Transform, schemas::each_operation};
use crate::openapi::{Document, document::component_name};

pub(super) const TRANSFORM: Transform = Transform { name: "null-bodies", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    let mut names = BTreeSet::new();
    let mut places = 0;
    each_operation(document, |operation| {
        let content = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
        for (_, media) in content.and_then(Value::as_object_mut).into_iter().flatten() {
            let Some(schema) = media.get_mut("schema") else { continue };
            match schema.get("$ref").and_then(Value::as_str).and_then(component_name) {
                Some(name) => drop(names.insert(name)),
                None => places += drop_nullable(schema),
            }
        }
    });
    for name in names {
        if let Some(schema) = document.root["components"]["schemas"].get_mut(&name) {
            places += drop_nullable(schema);
        }
    }
    places
}

fn drop_nullable(schema: &mut Value) -> usize {
    let removed = schema.as_object_mut().and_then(|schema| schema.shift_remove("nullable"));
    usize::from(removed.is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{on_request, on_response},
        *,
    };

    #[test]
    fn a_body_loses_its_null_and_other_schemas_keep_theirs() {
        let schema = json!({"type": "object", "nullable": true});
        assert_eq!(on_request(&TRANSFORM, &schema), (1, json!({"type": "object"})));
        assert_eq!(on_response(&TRANSFORM, &schema), (0, schema));
    }
}
