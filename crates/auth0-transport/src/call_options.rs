//! Options of single calls.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

/// Options of single calls; [`Transport::with_options`](crate::Transport::with_options) takes them.
///
/// ```
/// use std::time::Duration;
/// use auth0_transport::CallOptions;
///
/// let quick = CallOptions::new().timeout(Duration::from_secs(5)).attempts(1);
/// # let _ = quick;
/// ```
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
    /// No option is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a call may take, with everything it waits for.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// When a call ends at the latest, whatever its timeout. Of several deadlines the earliest counts.
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(self.deadline.map_or(deadline, |present| present.min(deadline)));
        self
    }

    /// How long one request may take.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// How many requests may be sent for a call, the first and those that were rate limited included; at least 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts.max(1));
        self
    }

    /// Sends a header, in place of one of the same name that the client would send. `authorization` stays what the
    /// credentials say.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl CallOptions {
    /// These options, and those of `present` that are not set here.
    pub(crate) fn over(self, present: &Self) -> Self {
        let mut headers = present.headers.clone();
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        let earlier = match (self.deadline, present.deadline) {
            (Some(own), Some(present)) => Some(own.min(present)),
            (own, present) => own.or(present),
        };
        Self {
            timeout: self.timeout.or(present.timeout),
            deadline: earlier,
            attempt_timeout: self.attempt_timeout.or(present.attempt_timeout),
            attempts: self.attempts.or(present.attempts),
            headers,
        }
    }
}

/// Without the headers' values, which may be secret.
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
