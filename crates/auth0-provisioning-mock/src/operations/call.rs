//! A request on its way to the operation that carries it out.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::access_token::Claims;
use crate::cause::Cause;
use crate::denial::Denial;

/// A request whose token, scope and form are in order.
pub(crate) struct Call<'a> {
    /// The id of the operation in the contract.
    pub(crate) operation: &'static str,
    /// The ids in the path, decoded, in their order.
    pub(crate) ids: &'a [String],
    pub(crate) query: Vec<(String, String)>,
    /// Fits the contract; absent where none is needed and none was sent.
    pub(crate) body: Option<Value>,
    /// What the token allows.
    pub(crate) claims: &'a Claims,
    pub(crate) now: DateTime<Utc>,
    pub(crate) cursor_lifetime: Duration,
}

impl Call<'_> {
    /// The first id in the path; empty for the tenant's own lists.
    pub(crate) fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
    }

    /// The body as what the operation takes.
    pub(crate) fn read_body<T: DeserializeOwned>(&self) -> Result<T, Denial> {
        let body = self.body.clone().ok_or(Cause::InvalidBody)?;
        serde_json::from_value(body).map_err(|error| Denial::new(Cause::InvalidBody, error.to_string()))
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
