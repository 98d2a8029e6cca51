//! A request on its way to the operation that carries it out.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

/// A request whose token, scope and form are in order.
pub(crate) struct Call<'a> {
    /// The id of the operation in the contract.
    pub(crate) operation: &'static str,
    /// The ids in the path, decoded, in their order.
    pub(crate) ids: &'a [String],
    pub(crate) query: Vec<(String, String)>,
    /// Fits the contract; absent where none is needed and none was sent.
    pub(crate) body: Option<Value>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) cursor_lifetime: Duration,
}

impl Call<'_> {
    /// The first id in the path; empty for the tenant's own lists.
    pub(crate) fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
