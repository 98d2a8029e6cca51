//! Checks that every value passes are dropped: a minimum of nothing is none.
//!
//! Step 8 of `SHAPES`.

use super::{Apply, Transform, schemas::each};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "vacuous-checks", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
        let minimums = ["minLength", "minItems", "minProperties"];
        let is_nothing = |check: &&str| schema.get(*check).is_some_and(|value| *value == 0);
        let found: Vec<_> = minimums.into_iter().filter(is_nothing).collect();
        found.iter().filter(|check| schema.shift_remove(**check).is_some()).count()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing::on_request, *};

    #[test]
    fn a_minimum_of_nothing_goes_and_others_stay() {
        assert_eq!(
            on_request(&TRANSFORM, &json!({"minLength": 0, "maxLength": 0, "minItems": 1})),
            (1, json!({"maxLength": 0, "minItems": 1}))
        );
    }
}
