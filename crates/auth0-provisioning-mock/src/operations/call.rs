//! A checked request to one operation.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::access_token::Claims;
use crate::cause::Cause;
use crate::query::Query;
use crate::rejection::Rejection;

/// A request whose token, scope, ids, query and body were checked.
pub(crate) struct Call<'a> {
    /// The id of the operation in the contract.
    pub(crate) operation: &'static str,
    /// The ids in the path, decoded, in order.
    pub(crate) ids: &'a [String],
    pub(crate) query: &'a Query,
    /// Fits the contract; absent if it is optional and was not sent.
    pub(crate) body: Option<Value>,
    /// The claims of the token.
    pub(crate) claims: &'a Claims,
    pub(crate) now: DateTime<Utc>,
    pub(crate) cursor_lifetime: Duration,
}

impl Call<'_> {
    /// Returns the first id in the path, or an empty string if it has none.
    pub(crate) fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
    }

    /// Deserializes the body.
    pub(crate) fn read_body<T: DeserializeOwned>(&self) -> Result<T, Rejection> {
        let body = self.body.clone().ok_or(Cause::InvalidBody)?;
        serde_json::from_value(body).map_err(|error| Rejection::new(Cause::InvalidBody, error.to_string()))
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// Returns the parameter as a number.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.parameter(name)?.parse().ok()
    }
}
