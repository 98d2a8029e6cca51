//! Operations without an id get one from their method and path; progenitor names methods by it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Apply, Transform};
use crate::openapi::{Document, METHODS, Pointer, Problem};

pub(super) const TRANSFORM: Transform = Transform { name: "operation-ids", apply: Apply::Checked(apply) };

fn apply(document: &mut Document) -> Result<usize, Problem> {
    let mut places = 0;
    let mut seen = BTreeMap::new();
    for (path, item) in document.root["paths"].as_object_mut().into_iter().flatten() {
        for method in METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else { continue };
            let place = Pointer::root().child("paths").child(path).child(method);
            let id = match operation.get("operationId") {
                Some(Value::String(id)) => id.clone(),
                Some(_) => return Err(Problem::at(&place.child("operationId"), "is not a text")),
                None => {
                    places += 1;
                    let id = made_from(method, path);
                    operation.insert("operationId".to_owned(), id.clone().into());
                    id
                }
            };
            if let Some(other) = seen.insert(id.clone(), place.clone()) {
                let what = format!(
                    "the operation id {id:?} stands at {other} already; ids are the names of methods, so make them differ"
                );
                return Err(Problem::at(&place, what));
            }
        }
    }
    Ok(places)
}

/// `get` and `/users/{id}/roles` make `get_users_id_roles`.
fn made_from(method: &str, path: &str) -> String {
    let words = path.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn makes_an_id_from_method_and_path() {
        let mut document =
            Document { root: json!({"paths": {"/users/{id}/roles": {"get": {}, "put": {"operationId": "kept"}}}}) };
        assert_eq!(apply(&mut document), Ok(1));
        let item = &document.root["paths"]["/users/{id}/roles"];
        assert_eq!(item["get"]["operationId"], "get_users_id_roles");
        assert_eq!(item["put"]["operationId"], "kept");
    }

    #[test]
    fn refuses_an_id_that_is_taken() {
        let mut document =
            Document { root: json!({"paths": {"/a": {"get": {"operationId": "x"}, "put": {"operationId": "x"}}}}) };
        let problem = apply(&mut document).unwrap_err().to_string();
        assert!(problem.contains("stands at /paths/~1a/get already"), "{problem}");
    }
}
