//! The request line of a request, parsed once.

use crate::operations::Operation;
use crate::query::Query;

/// The method, the path, the query, and the operation that they select.
#[derive(Debug)]
pub(crate) struct RequestLine<'a> {
    /// `None` if the tenant has no operation of this method and path.
    pub(crate) operation: Option<Operation>,
    pub(crate) method: &'a str,
    /// Percent-encoded, without the query.
    pub(crate) path: &'a str,
    pub(crate) query: Query,
}

impl<'a> RequestLine<'a> {
    pub(crate) fn new(operation: Option<Operation>, method: &'a str, path: &'a str, query: &str) -> Self {
        Self { operation, method, path, query: Query::parse(query) }
    }

    /// Whether rate limits count the request: those to the Management API, but not those to the token endpoint.
    pub(crate) fn is_limited(&self) -> bool {
        self.operation != Some(Operation::IssueToken) && self.path.starts_with("/api/v2/")
    }
}
