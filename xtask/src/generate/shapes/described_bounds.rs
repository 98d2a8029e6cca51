//! Bounds that no type of what is sent checks stand in its description.
//!
//! Step 18 of `SHAPES`.

use serde_json::Value;

use super::{
    Apply, Transform,
    schemas::{Side, each},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "described-bounds", apply: Apply::Always(apply) };

/// How a bound is told, and how it is where it is exclusive.
const BOUNDS: [(&str, &str, &str); 6] = [
    ("minItems", "elements ≥ {}", ""),
    ("maxItems", "elements ≤ {}", ""),
    ("minProperties", "members ≥ {}", ""),
    ("maxProperties", "members ≤ {}", ""),
    ("minimum", "value ≥ {}", "exclusiveMinimum"),
    ("maximum", "value ≤ {}", "exclusiveMaximum"),
];

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, side| {
        let told = BOUNDS.iter().filter_map(|(bound, words, exclusive)| {
            let words = words.replace("{}", &schema.get(*bound)?.as_number()?.to_string());
            let is_exclusive = schema.get(*exclusive) == Some(&Value::Bool(true));
            Some(if is_exclusive { words.replace('≥', ">").replace('≤', "<") } else { words })
        });
        let told = told.collect::<Vec<_>>().join(", ");
        for bound in ["minItems", "maxItems", "minProperties", "maxProperties"] {
            schema.shift_remove(bound);
        }
        if side != Side::Request || told.is_empty() {
            return 0;
        }
        let before = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let description = format!("{before}\n\nBounds: {told}.");
        schema.insert("description".to_owned(), description.trim_start().into());
        1
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
    fn what_is_sent_tells_its_bounds_and_what_is_read_has_none() {
        let schema = json!({"minimum": 1, "exclusiveMinimum": true, "maximum": 9, "maxItems": 3, "description": "d"});
        let (places, told) = on_request(&TRANSFORM, &schema);
        assert_eq!((places, &told["description"]), (1, &json!("d\n\nBounds: elements ≤ 3, value > 1, value ≤ 9.")));
        assert_eq!(told.get("maxItems"), None);
        assert_eq!(on_response(&TRANSFORM, &schema).1["description"], "d");
    }
}
