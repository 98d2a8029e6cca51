//! What is different about some calls.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};

/// What is different about some calls; [`Transport::with_options`](crate::Transport::with_options) takes it.
///
/// ```
/// use std::time::Duration;
/// use auth0_transport::CallOptions;
///
/// let hasty = CallOptions::new().timeout(Duration::from_secs(5)).attempts(1);
/// # let _ = hasty;
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) attempts: Option<u32>,
    pub(crate) headers: HeaderMap,
}

impl CallOptions {
    /// Nothing is different yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a call may take, with everything it waits for.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long one request may take.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// How many requests may be sent for a call, the first included and refusals for the rate limit too; at least 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts.max(1));
        self
    }

    /// Sends a header along. `authorization` stays what the credentials say.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

/// Without the headers' values, which may be secret.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("attempts", &self.attempts)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish()
    }
}
