//! Parameters, bodies and responses behind a `$ref`, and parameters of the path item, are put into each operation, so
//! that later steps meet references to schemas only.

use serde_json::{Map, Value};

use super::{Apply, Transform};
use crate::generate::{
    document::{Document, METHODS},
    pointer::Pointer,
    problem::Problem,
};

pub(super) const TRANSFORM: Transform = Transform { name: "shared-parts", apply: Apply::Checked(apply) };

fn apply(document: &mut Document) -> Result<usize, Problem> {
    let original = document.clone();
    let mut places = 0;
    let paths = document.root["paths"].as_object_mut();
    for (path, item) in paths.into_iter().flatten() {
        let place = Pointer::root().child("paths").child(path);
        let shared = item.as_object_mut().and_then(|item| item.shift_remove("parameters"));
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else { continue };
            let place = place.child(method);
            let Value::Object(operation) = operation else {
                return Err(Problem::at(&place, "is not an operation object"));
            };
            let mut part = Parts { document: &original, places: 0 };
            part.parameters(operation, shared.as_ref(), &place)?;
            if let Some(body) = operation.get_mut("requestBody") {
                part.put(body, &place.child("requestBody"))?;
            }
            for (status, response) in
                operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten()
            {
                part.put(response, &place.child("responses").child(status))?;
            }
            places += part.places;
        }
    }
    Ok(places)
}

struct Parts<'a> {
    document: &'a Document,
    places: usize,
}

impl Parts<'_> {
    fn put(&mut self, part: &mut Value, place: &Pointer) -> Result<(), Problem> {
        if let Some(Value::String(reference)) = part.get("$ref") {
            *part = self.document.resolve(reference, &place.child("$ref"))?.clone();
            self.places += 1;
        }
        if part.is_object() { Ok(()) } else { Err(Problem::at(place, "is not an object")) }
    }

    /// The operation's own parameters win over those of the path item with the same name and place.
    fn parameters(
        &mut self,
        operation: &mut Map<String, Value>,
        shared: Option<&Value>,
        place: &Pointer,
    ) -> Result<(), Problem> {
        let place = place.child("parameters");
        let list = |value: Option<&Value>| match value {
            None => Ok(Vec::new()),
            Some(Value::Array(parameters)) => Ok(parameters.clone()),
            Some(_) => Err(Problem::at(&place, "is not a list of parameters")),
        };
        let mut own = list(operation.get("parameters"))?;
        let mut inherited = list(shared)?;
        for (index, parameter) in own.iter_mut().enumerate() {
            self.put(parameter, &place.child(index))?;
        }
        for parameter in &mut inherited {
            self.put(parameter, &place)?;
        }
        let identity = |parameter: &Value| (parameter.get("in").cloned(), parameter.get("name").cloned());
        inherited.retain(|inherited| !own.iter().any(|own| identity(own) == identity(inherited)));
        self.places += inherited.len();
        inherited.extend(own);
        if !inherited.is_empty() {
            operation.insert("parameters".to_owned(), Value::Array(inherited));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn puts_parameters_bodies_and_responses_into_the_operation() {
        let mut document = Document {
            root: json!({
                "paths": {"/a/{id}": {
                    "parameters": [{"$ref": "#/components/parameters/Id"}, {"in": "query", "name": "q", "description": "item"}],
                    "post": {
                        "parameters": [{"in": "query", "name": "q", "description": "own"}],
                        "requestBody": {"$ref": "#/components/requestBodies/B"},
                        "responses": {"200": {"$ref": "#/components/responses/R"}},
                    },
                }},
                "components": {
                    "parameters": {"Id": {"in": "path", "name": "id"}},
                    "requestBodies": {"B": {"content": {}}},
                    "responses": {"R": {"description": "fine"}},
                },
            }),
        };
        assert_eq!(apply(&mut document), Ok(4));
        assert_eq!(
            document.root["paths"]["/a/{id}"],
            json!({"post": {
                "parameters": [{"in": "path", "name": "id"}, {"in": "query", "name": "q", "description": "own"}],
                "requestBody": {"content": {}},
                "responses": {"200": {"description": "fine"}},
            }})
        );
    }

    #[test]
    fn names_a_part_that_is_not_there() {
        let mut document = Document {
            root: json!({"paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}}}}),
        };
        let problem = apply(&mut document).unwrap_err().to_string();
        assert!(problem.starts_with("#/paths/~1a/get/responses/200/$ref: `$ref` names"), "{problem}");
    }
}
