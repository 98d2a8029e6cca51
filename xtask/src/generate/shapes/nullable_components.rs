//! A component schema that may be null loses its null to the places that use it: they become optional there, and the
//! type keeps its name.
//!
//! Steps 15 and 24 of `SHAPES`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Apply, Transform, schemas::each};
use crate::openapi::{Document, document::component_name};

pub(super) const TRANSFORM: Transform = Transform { name: "nullable-components", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    let Some(Value::Object(schemas)) = document.root.pointer_mut("/components/schemas") else { return 0 };
    let mut names = BTreeSet::new();
    for (name, schema) in schemas {
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            schema.as_object_mut().and_then(|schema| schema.shift_remove("nullable"));
            names.insert(name.clone());
        }
    }
    each(document, &mut |schema, _| {
        let names_one = |reference: &str| component_name(reference).is_some_and(|name| names.contains(&name));
        match schema.get("$ref") {
            Some(Value::String(reference)) if names_one(reference) => {
                let reference = reference.clone();
                schema.shift_remove("$ref");
                schema.insert("allOf".to_owned(), json!([{"$ref": reference}]));
                schema.insert("nullable".to_owned(), Value::Bool(true));
            }
            _ => {}
        }
        0
    });
    names.len()
}

#[cfg(test)]
mod tests {
    use super::{super::testing, *};

    #[test]
    fn the_places_of_use_become_nullable() {
        let user = json!({"type": "object", "properties": {"when": {"$ref": "#/components/schemas/When"}}});
        let mut document = testing::document(&user, &json!({}));
        document.root["components"]["schemas"]["When"] = json!({"type": "string", "nullable": true});
        assert_eq!(apply(&mut document), 1);
        let schemas = &document.root["components"]["schemas"];
        assert_eq!(schemas["When"], json!({"type": "string"}));
        assert_eq!(
            schemas["Request"]["properties"]["when"],
            json!({"allOf": [{"$ref": "#/components/schemas/When"}], "nullable": true})
        );
    }
}
