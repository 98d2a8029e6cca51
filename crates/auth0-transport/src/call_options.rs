//! Options of single calls.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

/// Options of single calls; [`Transport::with_options`](crate::Transport::with_options) takes them.
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Instant>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) attempts: Option<u32>,
    pub(crate) headers: HeaderMap,
}

impl CallOptions {
    /// Creates options, none of which is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time of a call, including all waits.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the deadline of a call, in addition to its timeout. The earliest of several deadlines applies.
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(self.deadline.map_or(deadline, |present| present.min(deadline)));
        self
    }

    /// Sets the time of one request.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the maximum number of requests of a call, at least 1. It includes the first request and rate limited ones.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts.max(1));
        self
    }

    /// Sets a header, which replaces a header of the client with the same name. `authorization` cannot be replaced.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl CallOptions {
    /// Returns these options, completed by those of `present`.
    pub(crate) fn over(self, present: &Self) -> Self {
        let mut headers = present.headers.clone();
        headers.extend(self.headers);
        Self {
            timeout: self.timeout.or(present.timeout),
            deadline: self.deadline.into_iter().chain(present.deadline).min(),
            attempt_timeout: self.attempt_timeout.or(present.attempt_timeout),
            attempts: self.attempts.or(present.attempts),
            headers,
        }
    }
}

/// Omits the values of headers, which may be secret.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("attempts", &self.attempts)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish()
    }
}
