//! From what authors write, OpenAPI 3.0 or 3.1, to what progenitor reads: a chain of named transforms, each in its
//! own file, each telling how many places it touched.

mod boolean_schemas;
mod constants;
mod defaults;
mod enumerations;
mod exclusive_bounds;
mod formats;
mod media_types;
mod null_bodies;
mod null_branches;
mod nullable_components;
mod openapi_version;
mod operation_ids;
mod optional_or_null;
mod reference_siblings;
mod schemas;
mod shared_parts;
mod success_responses;
mod tolerant_readers;
mod type_arrays;
mod unreached_schemas;
mod unread_members;
mod vacuous_checks;

use crate::openapi::{Document, Problem};

/// One step of the chain.
#[derive(Debug)]
pub struct Transform {
    /// How reports call it.
    pub name: &'static str,
    apply: Apply,
}

/// How a step works: most touch what they know and leave the rest, some meet what they cannot express.
#[derive(Debug)]
enum Apply {
    Always(fn(&mut Document) -> usize),
    Checked(fn(&mut Document) -> Result<usize, Problem>),
}

impl Transform {
    fn apply(&self, document: &mut Document) -> Result<usize, Problem> {
        match self.apply {
            Apply::Always(apply) => Ok(apply(document)),
            Apply::Checked(apply) => apply(document),
        }
    }
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The step.
    pub transform: &'static str,
    /// How many places it touched.
    pub places: usize,
}

/// What makes every operation stand on its own: run before operations are selected.
pub const OUTLINE: &[Transform] = &[shared_parts::TRANSFORM, operation_ids::TRANSFORM];

/// What makes the selected operations and their schemas readable for progenitor. The order matters: references are
/// counted after the responses are settled, and a nullable type must be found before optional fields are judged.
pub const SHAPES: &[Transform] = &[
    success_responses::TRANSFORM,
    media_types::TRANSFORM,
    unread_members::TRANSFORM,
    unreached_schemas::TRANSFORM,
    boolean_schemas::TRANSFORM,
    constants::TRANSFORM,
    type_arrays::TRANSFORM,
    enumerations::TRANSFORM,
    null_branches::TRANSFORM,
    null_bodies::TRANSFORM,
    nullable_components::TRANSFORM,
    reference_siblings::TRANSFORM,
    exclusive_bounds::TRANSFORM,
    defaults::TRANSFORM,
    formats::TRANSFORM,
    vacuous_checks::TRANSFORM,
    tolerant_readers::TRANSFORM,
    optional_or_null::TRANSFORM,
    openapi_version::TRANSFORM,
];

/// Runs a chain over a document.
///
/// # Errors
///
/// A step met something that it cannot express.
pub fn apply(transforms: &[Transform], document: &mut Document) -> Result<Vec<Applied>, Problem> {
    transforms
        .iter()
        .map(|transform| transform.apply(document).map(|places| Applied { transform: transform.name, places }))
        .collect()
}

#[cfg(test)]
pub(super) mod testing {
    //! How the steps are tested: a small document in, the changed part out.

    use serde_json::{Value, json};

    use super::{Document, Transform};

    /// A document with one operation that sends `Request` and gets `Response`.
    pub(crate) fn document(request: &Value, response: &Value) -> Document {
        let body =
            |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        Document {
            root: json!({
                "openapi": "3.1.0",
                "info": {"title": "test", "version": "1"},
                "paths": {"/a": {"post": {
                    "operationId": "post_a",
                    "requestBody": {"content": body("Request")},
                    "responses": {"200": {"description": "fine", "content": body("Response")}},
                }}},
                "components": {"schemas": {"Request": request, "Response": response}},
            }),
        }
    }

    /// The number of places touched and what became of a schema that only requests use.
    pub(crate) fn on_request(transform: &Transform, schema: &Value) -> (usize, Value) {
        let mut document = document(schema, &json!({"type": "string"}));
        let places = transform.apply(&mut document).unwrap();
        (places, document.root["components"]["schemas"]["Request"].clone())
    }

    /// The same for a schema that responses use.
    pub(crate) fn on_response(transform: &Transform, schema: &Value) -> (usize, Value) {
        let mut document = document(&json!({"type": "string"}), schema);
        let places = transform.apply(&mut document).unwrap();
        (places, document.root["components"]["schemas"]["Response"].clone())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tells_what_each_step_touched() {
        let mut document = testing::document(&json!({"type": ["string", "null"]}), &json!({"const": "a"}));
        let applied = apply(SHAPES, &mut document).unwrap();
        let touched: Vec<_> =
            applied.iter().filter(|applied| applied.places > 0).map(|applied| applied.transform).collect();
        assert_eq!(touched, ["constants", "type-arrays", "null-bodies", "openapi-version"]);
    }

    #[test]
    fn leaves_nothing_to_do_for_a_second_run() {
        let mut document = testing::document(
            &json!({"type": ["object", "null"], "properties": {"a": {"type": "array", "items": true}}}),
            &json!({"type": "object", "additionalProperties": false, "properties": {"a": {"const": 1, "default": 1}}}),
        );
        apply(SHAPES, &mut document).unwrap();
        let once = document.clone();
        let applied = apply(SHAPES, &mut document).unwrap();
        assert_eq!(document, once);
        assert!(applied.iter().all(|applied| applied.places == 0), "{applied:?}");
    }
}
