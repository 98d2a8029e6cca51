//! From what authors write, OpenAPI 3.0 or 3.1, to what progenitor reads: a chain of named transforms, each in its
//! own file, each telling how many places it touched.

pub(crate) mod bases;
mod boolean_schemas;
mod circles;
mod components;
mod composition;
mod constants;
mod defaults;
mod described_bounds;
mod enumerations;
mod equal_types;
mod exclusive_bounds;
mod extensions;
mod formats;
mod insistence;
mod media_types;
mod members;
mod merging;
mod named_types;
mod null_bodies;
mod null_branches;
mod nullable_components;
mod open_keywords;
mod openapi_version;
mod operation_ids;
mod optional_or_null;
mod own_paths;
mod parameters;
mod patterns;
mod reference_siblings;
mod references;
mod schemas;
mod shared_parts;
mod success_responses;
mod tolerant_readers;
mod type_arrays;
mod union_members;
mod unions;
mod unreached_schemas;
mod unread_members;
mod vacuous_checks;
mod variant_names;

use super::noted::Noted;
use crate::openapi::Document;

pub use insistence::{Insistence, insist};

/// What the steps note in the document for the rewriter.
pub mod notes {
    pub(crate) use super::patterns::needs_unicode;
    pub use super::{
        equal_types::ALIASES,
        extensions::SECRET,
        media_types::{ACCEPTS, ENCODING, LEFT_OUT, SENDS, SENDS_AS},
        members::WIRE_NAMES,
        named_types::VARIANTS,
        operation_ids::OWN_ID,
        optional_or_null::NULLABLE,
        own_paths::{PATH, VERB},
        parameters::{DEEP, EXPLODED, JOINED_BY, WIRE_NAME},
        shared_parts::{BASE_PATH, QUERY},
        success_responses::ANSWERS,
        tolerant_readers::EXPECTED,
        unions::{OPEN, TAG},
        variant_names::VALUES,
    };
}

/// One step of the chain.
#[derive(Debug)]
pub struct Transform {
    /// How reports call it.
    pub name: &'static str,
    apply: Apply,
}

/// How a step works: most touch what they know and leave the rest, some note what they left out or renamed.
#[derive(Debug)]
enum Apply {
    Always(fn(&mut Document) -> usize),
    Noted(fn(&mut Document, &mut Noted) -> usize),
}

impl Transform {
    fn apply(&self, document: &mut Document, noted: &mut Noted) -> usize {
        match self.apply {
            Apply::Always(apply) => apply(document),
            Apply::Noted(apply) => apply(document, noted),
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
pub const OUTLINE: &[Transform] =
    &[extensions::TRANSFORM, shared_parts::TRANSFORM, operation_ids::TRANSFORM, bases::TRANSFORM];

/// What makes the selected operations and their schemas readable for progenitor. The order matters: references lead to
/// components before schemas are looked into, null is lifted out before schemas are put together, and types get their
/// names when they have their final shape.
pub const SHAPES: &[Transform] = &[
    success_responses::TRANSFORM,
    media_types::TRANSFORM,
    unread_members::TRANSFORM,
    references::TRANSFORM,
    parameters::TRANSFORM,
    unreached_schemas::TRANSFORM,
    boolean_schemas::TRANSFORM,
    vacuous_checks::TRANSFORM,
    exclusive_bounds::TRANSFORM,
    open_keywords::TRANSFORM,
    constants::TRANSFORM,
    type_arrays::TRANSFORM,
    enumerations::TRANSFORM,
    null_branches::TRANSFORM,
    nullable_components::TRANSFORM,
    reference_siblings::TRANSFORM,
    composition::TRANSFORM,
    described_bounds::TRANSFORM,
    defaults::TRANSFORM,
    formats::TRANSFORM,
    members::TRANSFORM,
    tolerant_readers::TRANSFORM,
    unions::TRANSFORM,
    nullable_components::TRANSFORM,
    null_bodies::TRANSFORM,
    unreached_schemas::TRANSFORM,
    named_types::TRANSFORM,
];

/// What makes one type of schemas that say the same. A document of our own keeps its names apart: what is equal today
/// may differ tomorrow, and its names were chosen.
pub const EQUAL: &[Transform] = &[equal_types::TRANSFORM];

/// What makes types of named schemas, once it is settled what readers require.
pub const TYPES: &[Transform] = &[
    optional_or_null::TRANSFORM,
    union_members::TRANSFORM,
    variant_names::TRANSFORM,
    own_paths::TRANSFORM,
    openapi_version::TRANSFORM,
    patterns::TRANSFORM,
];

/// Runs a chain over a document.
pub fn apply(transforms: &[Transform], document: &mut Document, noted: &mut Noted) -> Vec<Applied> {
    transforms
        .iter()
        .map(|transform| Applied { transform: transform.name, places: transform.apply(document, noted) })
        .collect()
}

#[cfg(test)]
pub(super) mod testing {
    //! How the steps are tested: a small document in, the changed part out.

    use serde_json::{Value, json};

    use super::{Document, Noted, Transform};

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
        let places = transform.apply(&mut document, &mut Noted::default());
        (places, document.root["components"]["schemas"]["Request"].clone())
    }

    /// The same for a schema that responses use.
    pub(crate) fn on_response(transform: &Transform, schema: &Value) -> (usize, Value) {
        let mut document = document(&json!({"type": "string"}), schema);
        let places = transform.apply(&mut document, &mut Noted::default());
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
        let applied = apply(SHAPES, &mut document, &mut Noted::default());
        let touched: Vec<_> =
            applied.iter().filter(|applied| applied.places > 0).map(|applied| applied.transform).collect();
        assert_eq!(touched, ["constants", "type-arrays", "nullable-components", "null-bodies"]);
    }

    #[test]
    fn each_file_says_which_step_it_is() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generate/shapes");
        for (chain, steps) in [("OUTLINE", OUTLINE), ("SHAPES", SHAPES), ("EQUAL", EQUAL), ("TYPES", TYPES)] {
            for step in steps {
                let numbers = steps.iter().zip(1..).filter(|(other, _)| other.name == step.name);
                let numbers: Vec<String> = numbers.map(|(_, number): (_, u32)| number.to_string()).collect();
                let file = folder.join(step.name.replace('-', "_")).with_extension("rs");
                let text = std::fs::read_to_string(&file).unwrap();
                let line = format!("{} of `{chain}`", numbers.join(" and "));
                assert!(text.contains(&line), "{} has to say: {line}", file.display());
            }
        }
    }

    #[test]
    fn every_kind_of_schema_has_one_form_in_the_end() {
        let mut document = testing::document(
            &json!({"type": ["object", "null"], "required": ["a"], "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}}),
            &json!({"allOf": [{"required": ["b"]}, {"properties": {"b": {"type": "object", "properties": {"c": {"const": "x"}}}}}]}),
        );
        for steps in [SHAPES, EQUAL, TYPES] {
            apply(steps, &mut document, &mut Noted::default());
        }
        insta::assert_json_snapshot!(document.root["components"]["schemas"]);
    }
}
