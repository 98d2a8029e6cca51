//! How long things may take.

use std::time::Duration;

/// How long things may take. Every wait of a call is under one of these.
///
/// ```
/// use std::time::Duration;
/// use auth0_transport::Timeouts;
///
/// let patient = Timeouts::default().overall(Duration::from_secs(3600));
/// assert_eq!(patient.connect, Duration::from_secs(10));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// For a connection to be made, TLS included: 10 s.
    pub connect: Duration,
    /// For one request, from sending it to the last byte of the response: 30 s. A token request gets at most 10 s of it,
    /// because all calls wait for it. It starts again where the runtime stood still when it ended.
    pub attempt: Duration,
    /// For a call with everything it waits for: its turn under the rate limit, a token, repetitions: 5 minutes.
    pub overall: Duration,
    /// For a time that the tenant names, by `Retry-After` or the reset of its limit: 2 minutes. Where it asks for more,
    /// the call fails at once and says until when.
    pub longest_wait: Duration,
    /// For a workflow of several calls, with all its calls and waits: 15 minutes. Calls do not use it.
    pub workflow: Duration,
}

impl Timeouts {
    /// Sets the time for a connection to be made.
    #[must_use]
    pub fn connect(mut self, connect: Duration) -> Self {
        self.connect = connect;
        self
    }

    /// Sets the time for one request.
    #[must_use]
    pub fn attempt(mut self, attempt: Duration) -> Self {
        self.attempt = attempt;
        self
    }

    /// Sets the time for a call with everything it waits for.
    #[must_use]
    pub fn overall(mut self, overall: Duration) -> Self {
        self.overall = overall;
        self
    }

    /// Sets how long a time that the tenant names is waited for.
    #[must_use]
    pub fn longest_wait(mut self, longest_wait: Duration) -> Self {
        self.longest_wait = longest_wait;
        self
    }

    /// Sets the time for a workflow of several calls.
    #[must_use]
    pub fn workflow(mut self, workflow: Duration) -> Self {
        self.workflow = workflow;
        self
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            attempt: Duration::from_secs(30),
            overall: Duration::from_secs(300),
            longest_wait: Duration::from_secs(120),
            workflow: Duration::from_secs(900),
        }
    }
}
