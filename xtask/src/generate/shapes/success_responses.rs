//! What a call answers becomes one response: the errors are the transport's, a `default` stands in where no success is
//! declared, and answers of several shapes are a union of these.
//!
//! Step 1 of `SHAPES`.

use serde_json::{Map, Value, json};

use super::{
    Apply, Noted, Transform,
    media_types::{Kind, keep_one},
    schemas::each_operation_place,
};
use crate::openapi::{Document, Problem};

pub(super) const TRANSFORM: Transform = Transform { name: "success-responses", apply: Apply::Noted(apply) };

/// Where it is noted of an operation what it answers, by status: `json`, `bytes` or `empty`.
pub const ANSWERS: &str = "x-answers";

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let mut places = 0;
    each_operation_place(document, noted, |operation, place, _| {
        let responses = operation.shift_remove("responses");
        let responses = responses.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
        let (mut successes, others): (Map<_, _>, Map<_, _>) =
            responses.into_iter().partition(|(status, _)| is_success(status));
        places += others.len();
        if successes.is_empty() {
            let answer = others.get("default").cloned().unwrap_or_else(|| json!({}));
            successes.insert("2XX".to_owned(), answer);
        }
        let mut answers = Map::new();
        let mut schemas: Vec<Value> = Vec::new();
        let mut accepts = "application/json".to_owned();
        for (status, response) in &mut successes {
            let place = place.child("responses").child(status);
            let kind = match keep_one(response).map_err(|reason| Problem::at(&place, reason))? {
                None => "empty",
                Some((Kind::Json, media)) => {
                    accepts = media;
                    let schema = response.pointer("/content/application~1json/schema").cloned();
                    let schema = schema.unwrap_or_else(|| json!({}));
                    if !schemas.contains(&schema) {
                        schemas.push(schema);
                    }
                    "json"
                }
                Some((_, media)) => {
                    accepts = media;
                    "bytes"
                }
            };
            answers.insert(status.to_ascii_uppercase(), kind.into());
        }
        let has = |wanted: &str| answers.values().any(|kind| kind == wanted);
        if has("bytes") && has("json") {
            return Err(Problem::at(
                &place.child("responses"),
                "answers JSON with one status and something else with another, which no one type can hold",
            ));
        }
        let schema = if schemas.len() > 1 { Some(json!({"oneOf": schemas})) } else { schemas.pop() };
        let mut response = json!({"description": ""});
        if let Some(schema) = schema {
            response["content"] = json!({"application/json": {"schema": schema}});
        }
        operation.insert("responses".to_owned(), json!({"200": response}));
        operation.insert(ANSWERS.to_owned(), answers.into());
        operation.insert(super::media_types::ACCEPTS.to_owned(), accepts.into());
        Ok(())
    });
    places
}

fn is_success(status: &str) -> bool {
    status.len() == 3 && status.starts_with('2')
}
