//! Every operation has an id that makes a method of its own: one that is missing is made from method and path, one that
//! would meet another in Rust is changed. The document's own id is noted beside it.
//!
//! Step 3 of `OUTLINE`.

use serde_json::{Value, json};

use super::{Apply, Noted, Transform, schemas::each_operation_place};
use crate::{
    generate::names::{Names, snake},
    openapi::{Document, Problem},
};

pub(super) const TRANSFORM: Transform = Transform { name: "operation-ids", apply: Apply::Noted(apply) };

/// Where the id of an operation is noted as the document gives it.
pub const OWN_ID: &str = "x-own-id";

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let mut names = Names::of_methods();
    let mut places = 0;
    each_operation_place(document, noted, |operation, place, noted| {
        let id = match operation.get("operationId") {
            Some(Value::String(id)) => id.clone(),
            Some(_) => return Err(Problem::at(&place.child("operationId"), "is not a text")),
            None => {
                places += 1;
                made_from(place.as_str())
            }
        };
        let method = names.take(&id);
        let changed = method != snake(&id);
        if changed {
            places += 1;
            noted.renamed.push(format!("the operation {id:?} at {place} is the method {method}"));
            operation.insert(OWN_ID.to_owned(), json!(id));
        }
        operation.insert("operationId".to_owned(), if changed { method } else { id }.into());
        Ok(())
    });
    places
}

/// `/paths/~1users~1{id}~1roles/get` makes `get_users_id_roles`.
fn made_from(place: &str) -> String {
    let (path, method) = place.rsplit_once('/').unwrap_or_default();
    let path = path.trim_start_matches("/paths/").replace("~1", "/").replace("~0", "~");
    let words = path.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(paths: &Value) -> (Vec<String>, Noted) {
        let (mut document, mut noted) = (Document { root: json!({"paths": paths}) }, Noted::default());
        apply(&mut document, &mut noted);
        let items =
            document.root["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
        (items.map(|operation| operation["operationId"].as_str().unwrap().to_owned()).collect(), noted)
    }

    #[test]
    fn makes_an_id_from_method_and_path() {
        let (ids, _) = ids(&json!({"/users/{id}/roles": {"get": {}, "put": {"operationId": "kept"}}}));
        assert_eq!(ids, ["get_users_id_roles", "kept"]);
    }

    #[test]
    fn ids_that_would_be_one_method_are_told_apart() {
        let (ids, noted) = ids(
            &json!({"/a": {"get": {"operationId": "get-thing"}, "put": {"operationId": "get_thing"}, "post": {"operationId": "new"}}}),
        );
        assert_eq!(ids, ["get-thing", "get_thing_operation", "new_operation"]);
        assert_eq!(noted.renamed[0], "the operation \"get_thing\" at /paths/~1a/put is the method get_thing_operation");
    }
}
