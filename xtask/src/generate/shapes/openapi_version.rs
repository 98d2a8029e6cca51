//! The document calls itself 3.0 at last, which is what it is by now.
//!
//! Step 5 of `TYPES`.

use serde_json::{Value, json};

use super::{Apply, Transform};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "openapi-version", apply: Apply::Always(apply) };

const VERSION: &str = "3.0.3";

fn apply(document: &mut Document) -> usize {
    let places = usize::from(document.root.get("openapi").and_then(Value::as_str) != Some(VERSION));
    document.root["openapi"] = json!(VERSION);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_set_once() {
        let mut document = Document { root: json!({"openapi": "3.1.0", "paths": {}}) };
        assert_eq!(apply(&mut document), 1);
        assert_eq!(document.root["openapi"], VERSION);
        assert_eq!(apply(&mut document), 0);
    }
}
