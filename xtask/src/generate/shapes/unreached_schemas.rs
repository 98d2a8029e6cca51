//! Only the schemas that the selected operations reach are kept.
//!
//! Steps 6 and 26 of `SHAPES`.

use serde_json::{Map, Value};

use super::{Apply, Transform};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "unreached-schemas", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    let reached = document.reached_from(std::iter::once(&document.root["paths"]));
    let before = document.schemas().map_or(0, Map::len);
    let mut schemas = document.schemas().cloned().unwrap_or_default();
    schemas.retain(|name, _| reached.contains(name));
    let dropped = before - schemas.len();
    document.root["components"] = Value::Object(Map::from_iter([("schemas".to_owned(), Value::Object(schemas))]));
    dropped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing, *};

    #[test]
    fn keeps_what_is_reached() {
        let mut document = testing::document(&json!({"$ref": "#/components/schemas/Deep"}), &json!({}));
        document.root["components"]["schemas"]["Deep"] = json!({"type": "string"});
        document.root["components"]["schemas"]["Unused"] = json!({"type": "string"});
        assert_eq!(apply(&mut document), 1);
        assert_eq!(document.schemas().unwrap().keys().collect::<Vec<_>>(), ["Request", "Response", "Deep"]);
    }
}
