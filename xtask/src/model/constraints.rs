//! Checks of a type beside its kind: bounds, patterns, and keywords that are only compared.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::openapi::Pointer;

/// The value of a keyword, in canonical form, and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// The keyword's value.
    pub value: Value,
    /// Where it stands.
    pub source: Pointer,
}

/// The constraints of a type by keyword: `minimum`, `exclusiveMinimum` (a number, also for 3.0), `maxLength`,
/// `pattern`, `uniqueItems`, `not`, …
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints(pub BTreeMap<&'static str, Constraint>);

impl Constraints {
    /// The value of a keyword.
    #[must_use]
    pub fn get(&self, keyword: &str) -> Option<&Value> {
        self.0.get(keyword).map(|found| &found.value)
    }

    /// The string that a keyword has.
    #[must_use]
    pub fn text(&self, keyword: &str) -> Option<&str> {
        self.get(keyword)?.as_str()
    }

    /// The count that a keyword has: `minLength`, `maxItems`, …
    #[must_use]
    pub fn count(&self, keyword: &str) -> Option<u64> {
        self.get(keyword)?.as_u64()
    }
}
