//! Only the schemas that the selected operations reach are kept, and every `$ref` among them must lead somewhere.

use serde_json::{Map, Value};

use super::{Apply, Transform};
use crate::openapi::{Document, Pointer, Problem, document::component_name};

pub(super) const TRANSFORM: Transform = Transform { name: "unreached-schemas", apply: Apply::Checked(apply) };

fn apply(document: &mut Document) -> Result<usize, Problem> {
    let reached = document.reached_from(std::iter::once(&document.root["paths"]));
    let before = document.schemas().map_or(0, Map::len);
    let mut schemas = document.schemas().cloned().unwrap_or_default();
    schemas.retain(|name, _| reached.contains(name));
    let dropped = before - schemas.len();
    document.root["components"] = Value::Object(Map::from_iter([("schemas".to_owned(), Value::Object(schemas))]));
    check(document, &document.root["paths"], &Pointer::root().child("paths"))?;
    check(document, &document.root["components"], &Pointer::root().child("components"))?;
    Ok(dropped)
}

fn check(document: &Document, value: &Value, place: &Pointer) -> Result<(), Problem> {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let place = place.child("$ref");
                if component_name(reference).is_none() && Pointer::of_reference(reference).is_some() {
                    let what = format!(
                        "`$ref` {reference:?} names no component schema; give that schema a name under /components/schemas"
                    );
                    return Err(Problem::at(&place, what));
                }
                document.resolve(reference, &place)?;
            }
            members.iter().try_for_each(|(key, member)| check(document, member, &place.child(key)))
        }
        Value::Array(elements) => {
            elements.iter().enumerate().try_for_each(|(index, element)| check(document, element, &place.child(index)))
        }
        _ => Ok(()),
    }
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
        assert_eq!(apply(&mut document), Ok(1));
        assert_eq!(document.schemas().unwrap().keys().collect::<Vec<_>>(), ["Request", "Response", "Deep"]);
    }

    #[test]
    fn names_the_place_of_a_reference_to_nothing() {
        let mut document =
            testing::document(&json!({"properties": {"a": {"$ref": "#/components/schemas/Gone"}}}), &json!({}));
        assert_eq!(
            apply(&mut document).unwrap_err().to_string(),
            "#/components/schemas/Request/properties/a/$ref: `$ref` names \"#/components/schemas/Gone\", which is not in the document"
        );
    }
}
