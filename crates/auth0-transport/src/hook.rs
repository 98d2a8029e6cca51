//! A place to look in, and to add headers.

use std::sync::Arc;

use http::{HeaderMap, Method, StatusCode};

use crate::ErrorKind;

/// One request of a call, before or after it is sent.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation's name.
    pub operation: &'a str,
    /// The request's method.
    pub method: &'a Method,
    /// The first is 1.
    pub number: u32,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(operation: &'a str, method: &'a Method, number: u32) -> Self {
        Self { operation, method, number }
    }
}

/// Is told of every request and every answer, token requests included; for metrics, or to add headers such as a trace
/// context. It runs within the call: be quick.
pub trait Hook: Send + Sync {
    /// A request is about to go out. Headers may be added; the authorization is put in afterwards.
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        let _ = (attempt, headers);
    }

    /// A request ended: with a status, or with a failure of the network.
    fn after(&self, attempt: &Attempt<'_>, outcome: Result<StatusCode, ErrorKind>) {
        let _ = (attempt, outcome);
    }
}

/// A hook that somebody else looks at too.
impl<T: Hook + ?Sized> Hook for Arc<T> {
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        (**self).before(attempt, headers);
    }

    fn after(&self, attempt: &Attempt<'_>, outcome: Result<StatusCode, ErrorKind>) {
        (**self).after(attempt, outcome);
    }
}
