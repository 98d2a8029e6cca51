//! Path items behind a `$ref` are put where they are used: progenitor reads no other kind.

use serde_json::Value;

use super::{Apply, Transform};
use crate::generate::{document::Document, pointer::Pointer, problem::Problem};

pub(super) const TRANSFORM: Transform = Transform { name: "path-items", apply: Apply::Checked(apply) };

fn apply(document: &mut Document) -> Result<usize, Problem> {
    let place = Pointer::root().child("paths");
    let mut found = Vec::new();
    for (path, item) in document.root["paths"].as_object().into_iter().flatten() {
        if let Some(Value::String(reference)) = item.get("$ref") {
            let target = document.resolve(reference, &place.child(path).child("$ref"))?.clone();
            let Value::Object(mut target) = target else {
                return Err(Problem::at(&place.child(path), "`$ref` does not name a path item object"));
            };
            let siblings = item.as_object().into_iter().flatten().filter(|(key, _)| *key != "$ref");
            target.extend(siblings.map(|(key, value)| (key.clone(), value.clone())));
            found.push((path.clone(), Value::Object(target)));
        }
    }
    let places = found.len();
    for (path, item) in found {
        document.root["paths"][path] = item;
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn puts_the_item_in_place_and_keeps_what_stands_beside_the_reference() {
        let mut document = Document {
            root: json!({
                "paths": {"/a": {"$ref": "#/components/pathItems/A", "summary": "beside"}},
                "components": {"pathItems": {"A": {"get": {}}}},
            }),
        };
        assert_eq!(apply(&mut document), Ok(1));
        assert_eq!(document.root["paths"]["/a"], json!({"get": {}, "summary": "beside"}));
    }

    #[test]
    fn names_an_item_that_is_not_there() {
        let mut document = Document { root: json!({"paths": {"/a": {"$ref": "#/components/pathItems/A"}}}) };
        let problem = apply(&mut document).unwrap_err().to_string();
        assert!(problem.starts_with("#/paths/~1a/$ref: `$ref` names"), "{problem}");
    }
}
