//! The requests that the tenant received.

use std::collections::VecDeque;
use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::operations::Operation;

/// A received request, and the status of its response.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The time at which it took effect, by the tenant's clock.
    pub at: DateTime<Utc>,
    /// The operation of method and path, if there is one.
    pub operation: Option<Operation>,
    /// The method, in upper case.
    pub method: String,
    /// The percent-encoded path, without the query.
    pub path: String,
    /// The percent-encoded query, without the question mark; empty if there was none.
    pub query: String,
    /// Names in lower case, and values, in order.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// The status of the response; 0 if the connection was cut.
    pub status: u16,
}

impl RecordedRequest {
    /// Returns the first value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON, or `None` if it is not JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Returns the operation id of the contract, such as `get_directory-provisioning`.
    #[must_use]
    pub fn operation_id(&self) -> Option<&'static str> {
        self.operation.map(Operation::id)
    }
}

/// Omits headers and body, which can contain secrets.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RecordedRequest")
            .field("at", &self.at)
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The latest requests, up to the configured number.
pub(crate) struct RequestLog {
    requests: VecDeque<RecordedRequest>,
    limit: usize,
}

impl RequestLog {
    pub(crate) fn new(limit: usize) -> Self {
        Self { requests: VecDeque::new(), limit }
    }

    pub(crate) fn keeps_any(&self) -> bool {
        self.limit > 0
    }

    pub(crate) fn push(&mut self, request: RecordedRequest) {
        if !self.keeps_any() {
            return;
        }
        while self.requests.len() >= self.limit {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }

    /// Returns the latest requests, in descending order.
    #[cfg(feature = "control")]
    pub(crate) fn latest(&self, count: usize) -> Vec<RecordedRequest> {
        self.requests.iter().rev().take(count).cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}
