//! Extensions are dropped, first of all: what later steps note begins with `x-` too, and must be theirs. One is kept, that
//! of secrets.
//!
//! Step 1 of `OUTLINE`.

use serde_json::Value;

use super::{Apply, Transform};
use crate::openapi::{
    Document,
    keywords::{DATA, NAMED},
};

pub(super) const TRANSFORM: Transform = Transform { name: "extensions", apply: Apply::Always(apply) };

/// Where a document says that a value is secret.
pub const SECRET: &str = "x-secret";

fn apply(document: &mut Document) -> usize {
    drop_extensions(&mut document.root, false)
}

fn drop_extensions(value: &mut Value, names: bool) -> usize {
    match value {
        Value::Object(members) => {
            let before = members.len();
            members.retain(|key, _| names || key == SECRET || !key.starts_with("x-"));
            let places = before - members.len();
            let parts = members.iter_mut().filter(|(key, _)| names || !DATA.contains(&key.as_str()));
            places
                + parts.map(|(key, part)| drop_extensions(part, !names && NAMED.contains(&key.as_str()))).sum::<usize>()
        }
        Value::Array(elements) => elements.iter_mut().map(|element| drop_extensions(element, false)).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_what_is_secret() {
        let mut document = Document { root: json!({"components": {"schemas": {"a": {"x-secret": true, "x-a": 1}}}}) };
        assert_eq!(apply(&mut document), 1);
        assert_eq!(document.root, json!({"components": {"schemas": {"a": {"x-secret": true}}}}));
    }

    #[test]
    fn a_way_to_authorize_may_be_named_like_an_extension() {
        let security = json!([{"x-key": ["read:a"]}]);
        let mut document = Document { root: json!({"security": security, "x-a": 1}) };
        assert_eq!(apply(&mut document), 1);
        assert_eq!(document.root, json!({"security": security}));
    }

    #[test]
    fn drops_extensions_and_keeps_members_that_are_named_like_one() {
        let mut document = Document {
            root: json!({"x-a": 1, "components": {"schemas": {"x-b": {
                "x-tag": {}, "properties": {"x-c": {"x-rust-type": {}, "default": {"x-d": 1}}, "properties": {"x-e": 1}},
            }}}}),
        };
        assert_eq!(apply(&mut document), 4);
        assert_eq!(
            document.root,
            json!({"components": {"schemas": {"x-b": {
                "properties": {"x-c": {"default": {"x-d": 1}}, "properties": {}},
            }}}})
        );
    }
}
