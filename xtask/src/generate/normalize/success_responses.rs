//! Only the responses of a successful call are kept: progenitor asserts that an operation has one error type, and the
//! transport reads every other answer anyway, whole.

use serde_json::Value;

use super::{Apply, Transform, schemas::each_operation};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "success-responses", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    let mut places = 0;
    each_operation(document, |operation| {
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            let before = responses.len();
            responses.retain(|status, _| is_success(status));
            places += before - responses.len();
        }
    });
    places
}

fn is_success(status: &str) -> bool {
    status.len() == 3 && status.starts_with('2')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn drops_errors_and_the_catch_all() {
        let mut document = Document {
            root: json!({"paths": {"/a": {"get": {"responses": {"200": {}, "2XX": {}, "302": {}, "404": {}, "default": {}}}}}}),
        };
        assert_eq!(apply(&mut document), 3);
        assert_eq!(document.root["paths"]["/a"]["get"]["responses"], json!({"200": {}, "2XX": {}}));
    }
}
