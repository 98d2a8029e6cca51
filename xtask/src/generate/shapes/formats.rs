//! Of the formats only points in time and the sizes of numbers become types; every other stays the text that it is. A
//! password is noted as a secret.
//!
//! Step 20 of `SHAPES`.

use serde_json::Value;

use super::{
    Apply, Transform,
    extensions::SECRET,
    schemas::{Side, each},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "formats", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, side| {
        let Some(Value::String(format)) = schema.get("format") else { return 0 };
        if format == "password" {
            schema.insert(SECRET.to_owned(), true.into());
            schema.shift_remove("format");
            return 1;
        }
        let kept = match format.as_str() {
            "date-time" | "int64" | "uint64" | "double" => true,
            // A reader that holds 32 bits would fail on the first larger number.
            "int32" | "float" => side == Side::Request,
            _ => false,
        };
        usize::from(!kept && schema.shift_remove("format").is_some())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{on_request, on_response},
        *,
    };

    #[test]
    fn keeps_points_in_time_alone() {
        let schema = |format: &str| json!({"type": "string", "format": format});
        assert_eq!(on_response(&TRANSFORM, &schema("date-time")).0, 0);
        assert_eq!(on_request(&TRANSFORM, &schema("email")), (1, json!({"type": "string"})));
        assert_eq!(on_response(&TRANSFORM, &schema("password")), (1, json!({"type": "string", "x-secret": true})));
    }

    #[test]
    fn small_numbers_are_for_writers_only() {
        let schema = json!({"type": "integer", "format": "int32"});
        assert_eq!(on_request(&TRANSFORM, &schema).0, 0);
        assert_eq!(on_response(&TRANSFORM, &schema), (1, json!({"type": "integer"})));
    }
}
