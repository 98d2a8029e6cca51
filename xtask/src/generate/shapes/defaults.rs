//! Defaults are dropped: what a caller did not set is not sent, and what a server did not send is not made up. Some of
//! upstream's also break their own schema.
//!
//! Step 19 of `SHAPES`.

use super::{Apply, Transform, schemas::each};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "defaults", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| usize::from(schema.shift_remove("default").is_some()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{on_request, on_response},
        *,
    };

    #[test]
    fn goes_on_both_sides_but_a_property_of_that_name_stays() {
        let schema = json!({"properties": {"default": {"type": "string", "default": "a"}}});
        let expected = json!({"properties": {"default": {"type": "string"}}});
        assert_eq!(on_request(&TRANSFORM, &schema), (1, expected.clone()));
        assert_eq!(on_response(&TRANSFORM, &schema), (1, expected));
    }
}
