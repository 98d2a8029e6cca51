//! The document calls itself 3.0 at last, which is what it is by now.

use serde_json::{Value, json};

use super::Transform;
use crate::generate::{document::Document, problem::Problem};

pub(super) const TRANSFORM: Transform = Transform { name: "openapi-version", apply };

const VERSION: &str = "3.0.3";

#[expect(clippy::unnecessary_wraps, reason = "the signature of a transform")]
fn apply(document: &mut Document) -> Result<usize, Problem> {
    let places = usize::from(document.root.get("openapi").and_then(Value::as_str) != Some(VERSION));
    document.root["openapi"] = json!(VERSION);
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_set_once() {
        let mut document = Document { root: json!({"openapi": "3.1.0", "paths": {}}) };
        assert_eq!(apply(&mut document), Ok(1));
        assert_eq!(document.root["openapi"], VERSION);
        assert_eq!(apply(&mut document), Ok(0));
    }
}
