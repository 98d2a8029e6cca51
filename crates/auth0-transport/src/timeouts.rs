//! Time limits.

use std::time::Duration;

/// Time limits. Every wait of a call has one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct Timeouts {
    /// The time to connect, including TLS. Defaults to 10 s.
    pub connect: Duration,
    /// The time of one request, until the last byte of the response. Defaults to 30 s. A token request has at most 10 s,
    /// because all calls wait for it. The time starts again if the runtime was blocked when it ended.
    pub attempt: Duration,
    /// The time of a call, including the waits for the rate limit, for a token and for retries. Defaults to 5 minutes.
    pub overall: Duration,
    /// The longest wait for a time that the tenant names, by `Retry-After` or the reset of its limit. Defaults to 2 minutes.
    /// With a longer wait, the call fails at once, and its error names the time.
    pub longest_wait: Duration,
    /// The time of a workflow, with all its calls and waits. Defaults to 15 minutes. Single calls do not use it.
    pub workflow: Duration,
}

impl Timeouts {
    /// Sets the time to connect.
    pub fn connect(mut self, connect: Duration) -> Self {
        self.connect = connect;
        self
    }

    /// Sets the time of one request.
    pub fn attempt(mut self, attempt: Duration) -> Self {
        self.attempt = attempt;
        self
    }

    /// Sets the time of a call.
    pub fn overall(mut self, overall: Duration) -> Self {
        self.overall = overall;
        self
    }

    /// Sets the longest wait for a time that the tenant names.
    pub fn longest_wait(mut self, longest_wait: Duration) -> Self {
        self.longest_wait = longest_wait;
        self
    }

    /// Sets the time of a workflow.
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
