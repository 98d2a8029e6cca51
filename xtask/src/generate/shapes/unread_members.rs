//! What progenitor does not read (examples, headers, links, callbacks, servers, names of schemas) is dropped, so that nothing in it has
//! to be readable.
//!
//! Step 3 of `SHAPES`.

use serde_json::{Map, Value};

use super::{
    Apply, Transform,
    schemas::{contents, each, each_operation},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "unread-members", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    let mut places = 0;
    each_operation(document, |operation| {
        places += drop_all(operation, &["callbacks", "servers"]);
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            places += examples(Some(parameter));
        }
        places += media_examples(operation.get_mut("requestBody"));
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            places += response.as_object_mut().map_or(0, |response| drop_all(response, &["headers", "links"]));
            places += media_examples(Some(response));
        }
    });
    places += each(document, &mut |schema, _| {
        drop_all(schema, &["$anchor", "$id", "$schema", "example", "examples", "externalDocs", "xml"])
    });
    places
}

fn media_examples(part: Option<&mut Value>) -> usize {
    contents(part).map(|media| examples(Some(media))).sum()
}

fn examples(part: Option<&mut Value>) -> usize {
    part.and_then(Value::as_object_mut).map_or(0, |part| drop_all(part, &["example", "examples"]))
}

fn drop_all(members: &mut Map<String, Value>, names: &[&str]) -> usize {
    names.iter().filter(|name| members.shift_remove(**name).is_some()).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn drops_what_is_not_read_and_nothing_else() {
        let operation = json!({
            "callbacks": {"c": {"$ref": "#/nowhere"}},
            "parameters": [{"in": "query", "name": "example", "example": 1}],
            "requestBody": {"content": {"application/json": {"examples": {}}}},
            "responses": {"200": {"headers": {"h": {"$ref": "#/nowhere"}}, "content": {"application/json": {
                "example": {}, "schema": {"properties": {"example": {"examples": []}}}}}}},
        });
        let mut document = Document { root: json!({"paths": {"/a": {"get": operation}}}) };
        assert_eq!(apply(&mut document), 6);
        assert_eq!(
            document.root["paths"]["/a"]["get"],
            json!({
                "parameters": [{"in": "query", "name": "example"}],
                "requestBody": {"content": {"application/json": {}}},
                "responses": {"200": {"content": {"application/json": {"schema": {"properties": {"example": {}}}}}}},
            })
        );
    }
}
