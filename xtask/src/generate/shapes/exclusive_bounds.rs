//! Numeric `exclusiveMinimum` and `exclusiveMaximum` become a bound and a flag.
//!
//! Step 9 of `SHAPES`.

use serde_json::Value;

use super::{
    Apply, Transform,
    schemas::{Schema, each},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "exclusive-bounds", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
        usize::from(split(schema, "exclusiveMinimum", "minimum", f64::max))
            + usize::from(split(schema, "exclusiveMaximum", "maximum", f64::min))
    })
}

/// `narrower` picks between the two bounds where both are given.
fn split(schema: &mut Schema, exclusive: &str, inclusive: &str, narrower: fn(f64, f64) -> f64) -> bool {
    let Some(Value::Number(bound)) = schema.get(exclusive).cloned() else { return false };
    let value = |number: &serde_json::Number| number.as_f64().unwrap_or_default();
    let other = schema.get(inclusive).and_then(Value::as_number).map(value);
    let wins = other.is_none_or(|other| narrower(value(&bound), other).to_bits() == value(&bound).to_bits());
    if wins {
        schema.insert(inclusive.to_owned(), Value::Number(bound));
        schema.insert(exclusive.to_owned(), true.into());
    } else {
        schema.shift_remove(exclusive);
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{on_request, on_response},
        *,
    };

    #[test]
    fn becomes_a_bound_and_a_flag() {
        assert_eq!(
            on_request(&TRANSFORM, &json!({"type": "number", "exclusiveMinimum": 1})),
            (1, json!({"type": "number", "exclusiveMinimum": true, "minimum": 1}))
        );
    }

    #[test]
    fn the_narrower_of_two_bounds_wins() {
        assert_eq!(on_request(&TRANSFORM, &json!({"maximum": 3, "exclusiveMaximum": 5})), (1, json!({"maximum": 3})));
        assert_eq!(
            on_response(&TRANSFORM, &json!({"minimum": 3, "exclusiveMinimum": 5})),
            (1, json!({"minimum": 5, "exclusiveMinimum": true}))
        );
    }

    #[test]
    fn flags_of_3_0_are_left_alone() {
        let schema = json!({"minimum": 1, "exclusiveMinimum": true});
        assert_eq!(on_request(&TRANSFORM, &schema), (0, schema));
    }
}
