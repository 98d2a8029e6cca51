//! Of several media types that mean the same, JSON is kept.

use serde_json::{Map, Value};

use super::{Apply, Transform, schemas::each_operation};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "media-types", apply: Apply::Always(apply) };

const JSON: &str = "application/json";

fn apply(document: &mut Document) -> usize {
    let mut places = 0;
    each_operation(document, |operation| {
        places += operation.get_mut("requestBody").map_or(0, keep_json);
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            places += keep_json(response);
        }
    });
    places
}

fn keep_json(part: &mut Value) -> usize {
    let Some(content) = part.get_mut("content").and_then(Value::as_object_mut) else { return 0 };
    let Some(json) = content.keys().find(|media| is_json(media)).cloned() else { return 0 };
    if content.len() == 1 && json == JSON {
        return 0;
    }
    let media = content.shift_remove(&json).unwrap_or(Value::Object(Map::new()));
    *content = Map::from_iter([(JSON.to_owned(), media)]);
    1
}

fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(JSON)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_json_among_others_and_drops_its_parameters() {
        let mut body = json!({"content": {"application/x-www-form-urlencoded": {"a": 1}, "application/json; charset=utf-8": {"b": 2}}});
        assert_eq!(keep_json(&mut body), 1);
        assert_eq!(body, json!({"content": {"application/json": {"b": 2}}}));
    }

    #[test]
    fn leaves_bodies_without_json_alone() {
        let mut body = json!({"content": {"text/csv": {}, "text/plain": {}}});
        assert_eq!(keep_json(&mut body), 0);
    }
}
