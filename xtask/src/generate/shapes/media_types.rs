//! Of several media types that mean the same, JSON is kept, then forms, then texts, then bytes. Bodies in parts and
//! streams of events are left out by name. progenitor gets JSON; how a body is sent is noted beside it.
//!
//! Step 2 of `SHAPES`.

use serde_json::{Map, Value, json};

use super::{
    Apply, Noted, Transform,
    parameters::{Style, query_style},
    schemas::each_operation_place,
};
use crate::openapi::{Document, Pointer, Problem, operation::essence};

pub(super) const TRANSFORM: Transform = Transform { name: "media-types", apply: Apply::Noted(apply) };

/// Where the media type is noted that an operation accepts.
pub const ACCEPTS: &str = "x-accepts";
/// Where it is noted why an operation gets its types, but no method.
pub const LEFT_OUT: &str = "x-left-out";
/// Where the media type of a body is noted.
pub const SENDS: &str = "x-sends";
/// Where the kind of a body is noted: `json`, `form`, `text` or `bytes`.
pub const SENDS_AS: &str = "x-sends-as";

/// Where it is noted how the members of a form are written.
pub const ENCODING: &str = "x-encoding";

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
    let original = document.clone();
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
        let encoding = body["content"][JSON].as_object_mut().and_then(|media| media.shift_remove("encoding"));
        if let (Kind::Form, Some(encoding)) = (kind, encoding) {
            let written = form_styles(&encoding, &body["content"][JSON]["schema"], &original);
            let place = place.child("requestBody").child("content").child(&media).child("encoding");
            body[ENCODING] = written.map_err(|reason| Problem::at(&place, reason))?;
        }
        if kind > Kind::Form {
            body["content"] = json!({JSON: {"schema": {"type": "string"}}});
        }
        body[SENDS] = media.into();
        body[SENDS_AS] = format!("{kind:?}").to_lowercase().into();
        Ok(())
    });
    places
}

/// How the members of a form are written that are not written as usual, by name: `json`, `deep`, `exploded`, or what
/// stands between the parts of a text.
fn form_styles(encoding: &Value, schema: &Value, document: &Document) -> Result<Value, String> {
    let target = schema["$ref"].as_str().and_then(|reference| document.resolve(reference, &Pointer::root()).ok());
    let members = &target.unwrap_or(schema)["properties"];
    let mut styles = Map::new();
    for (name, stated) in encoding.as_object().into_iter().flatten() {
        let has_style = ["style", "explode", "allowReserved"].iter().any(|key| stated.get(key).is_some());
        let written = if has_style {
            let style = query_style(stated, &members[name], document);
            match style.map_err(|reason| format!("the member {name:?} {reason}"))? {
                Style::Repeated => "exploded",
                Style::Joined(separator) => separator,
                Style::Deep => "deep",
            }
        } else {
            match stated["contentType"].as_str().map(essence).as_deref() {
                Some(json) if is_json(json) => "json",
                None | Some("text/plain") => continue,
                Some(other) => {
                    return Err(format!("the member {name:?} is {other} within a form, which is not supported"));
                }
            }
        };
        styles.insert(name.clone(), written.into());
    }
    Ok(styles.into())
}

fn is_json(media: &str) -> bool {
    media == JSON || media.ends_with("+json")
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
        json if is_json(json) => Some(Kind::Json),
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
