//! Of several media types that mean the same, JSON is kept, then forms, then texts, then bytes. Bodies in parts and
//! streams of events are left out by name. progenitor gets JSON; how a body is sent is noted beside it.
//!
//! Step 2 of `SHAPES`.

use serde_json::{Map, Value, json};

use super::{Apply, Noted, Transform, schemas::each_operation_place};
use crate::openapi::{Document, Problem, operation::essence};

pub(super) const TRANSFORM: Transform = Transform { name: "media-types", apply: Apply::Noted(apply) };

/// Where the media type is noted that an operation accepts.
pub const ACCEPTS: &str = "x-accepts";
/// Where it is noted why an operation gets its types, but no method.
pub const LEFT_OUT: &str = "x-left-out";
/// Where the media type of a body is noted.
pub const SENDS: &str = "x-sends";
/// Where the kind of a body is noted: `json`, `form`, `text` or `bytes`.
pub const SENDS_AS: &str = "x-sends-as";

const JSON: &str = "application/json";

/// How a body is written and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Json,
    Form,
    Text,
    Bytes,
}

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let mut places = 0;
    each_operation_place(document, noted, |operation, place, _| {
        let Some(body) = operation.get_mut("requestBody") else { return Ok(()) };
        let (kind, media) = match keep_one(body) {
            Ok(Some(kept)) => kept,
            Ok(None) => {
                operation.shift_remove("requestBody");
                return Ok(());
            }
            Err(reason) => {
                // What it answers can be read all the same, once it was sent by other means.
                operation.shift_remove("requestBody");
                operation
                    .insert(LEFT_OUT.to_owned(), Problem::at(&place.child("requestBody"), reason).to_string().into());
                return Ok(());
            }
        };
        places += usize::from(media != JSON);
        if kind > Kind::Form {
            body["content"] = json!({JSON: {"schema": {"type": "string"}}});
        }
        body[SENDS] = media.into();
        body[SENDS_AS] = format!("{kind:?}").to_lowercase().into();
        Ok(())
    });
    places
}

/// Keeps one media type, under the name of JSON, and tells which it was. Nothing where there is no content.
pub(super) fn keep_one(part: &mut Value) -> Result<Option<(Kind, String)>, String> {
    let Some(content) = part.get_mut("content").and_then(Value::as_object_mut).filter(|content| !content.is_empty())
    else {
        return Ok(None);
    };
    let kinds = content.keys().filter_map(|media| Some((kind_of(media)?, media.clone())));
    // The first of equal kinds.
    let Some((kind, media)) = kinds.min_by_key(|(kind, _)| *kind) else {
        let names: Vec<_> = content.keys().map(String::as_str).collect();
        return Err(format!(
            "the media type {} is not supported; JSON, forms, texts and bytes are, and the transport sends any other request by hand",
            names.join(", ")
        ));
    };
    let kept = content.shift_remove(&media).unwrap_or_default();
    *content = Map::from_iter([(JSON.to_owned(), kept)]);
    let media = if kind == Kind::Json && !media.contains("json") { JSON.to_owned() } else { essence(&media) };
    Ok(Some((kind, media)))
}

fn kind_of(media: &str) -> Option<Kind> {
    match essence(media).as_str() {
        "text/event-stream" => None,
        multipart if multipart.starts_with("multipart/") => None,
        "*/*" | "application/*" => Some(Kind::Json),
        json if json == JSON || json.ends_with("+json") => Some(Kind::Json),
        "application/x-www-form-urlencoded" => Some(Kind::Form),
        text if text.starts_with("text/") => Some(Kind::Text),
        _ => Some(Kind::Bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(content: &Value) -> Result<Option<(Kind, String)>, String> {
        keep_one(&mut json!({"content": content}))
    }

    #[test]
    fn keeps_json_among_others_and_drops_its_parameters() {
        let mut body = json!({"content": {"application/x-www-form-urlencoded": {"a": 1}, "application/json; charset=utf-8": {"b": 2}}});
        assert_eq!(keep_one(&mut body), Ok(Some((Kind::Json, JSON.to_owned()))));
        assert_eq!(body, json!({"content": {"application/json": {"b": 2}}}));
    }

    #[test]
    fn tells_what_is_sent_and_how() {
        let cases = [
            ("application/scim+json", Kind::Json, "application/scim+json"),
            ("application/x-www-form-urlencoded", Kind::Form, "application/x-www-form-urlencoded"),
            ("text/csv", Kind::Text, "text/csv"),
            ("image/png", Kind::Bytes, "image/png"),
            ("*/*", Kind::Json, JSON),
        ];
        for (media, kind, sent) in cases {
            assert_eq!(kept(&json!({media: {}})), Ok(Some((kind, sent.to_owned()))));
        }
        assert_eq!(kept(&json!({})), Ok(None));
    }

    #[test]
    fn parts_and_events_are_no_bodies() {
        for media in ["multipart/form-data", "text/event-stream"] {
            assert!(
                kept(&json!({media: {}})).unwrap_err().starts_with(&format!("the media type {media} is not supported"))
            );
        }
        assert_eq!(kept(&json!({"text/event-stream": {}, "application/json": {}})).unwrap().unwrap().0, Kind::Json);
    }
}
