//! Hooks, which observe requests and add headers to them.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, Method, StatusCode};
use tokio::time::Instant;

use crate::{
    ErrorKind,
    attempt::{AttemptError, RawResponse},
};

/// The header with the id of a request, which Auth0's support asks for.
pub(crate) const REQUEST_ID: &str = "x-auth0-requestid";

/// One request of a call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The number of the call, unique within the process. All requests of a call have the same number.
    pub call: u64,
    /// The operation's name.
    pub operation: &'a str,
    /// The request's method.
    pub method: Method,
    /// The number of the request, starting at 1.
    pub number: u32,
    /// How long the call waited for a token, for the rate limit, and after the previous request.
    pub waited: Duration,
}

/// How a request ended.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptOutcome<'a> {
    /// The status, the failure, or that the call was dropped.
    pub end: AttemptEnd,
    /// From sending the request to the last byte of the response, or to the failure.
    pub latency: Duration,
    /// The id that Auth0 gave to the request.
    pub request_id: Option<&'a str>,
    /// The shortest time until the request is sent again, if it is. After a 429, it is the time that the server named. The
    /// time in the queue comes on top.
    pub retry_in: Option<Duration>,
}

impl AttemptOutcome<'_> {
    /// Returns the status, if a response arrived.
    pub fn status(&self) -> Option<StatusCode> {
        match self.end {
            AttemptEnd::Responded(status) => Some(status),
            AttemptEnd::Failed(_) | AttemptEnd::Cancelled => None,
        }
    }
}

/// The end of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptEnd {
    /// A response arrived with this status.
    Responded(StatusCode),
    /// No response arrived, or only a part of it.
    Failed(ErrorKind),
    /// The call was dropped before the response arrived.
    Cancelled,
}

/// Observes every request and its end, for example for metrics, and can add headers such as a trace context. Token requests
/// are included.
///
/// Each [`before`](Self::before) is followed by exactly one [`after`](Self::after), even if the call is dropped. Both run
/// within the call, so they should return quickly.
///
/// ```
/// use std::sync::atomic::{AtomicI64, Ordering};
/// use auth0_transport::{Attempt, HeaderMap, Hook, AttemptOutcome};
///
/// #[derive(Default)]
/// struct InFlight(AtomicI64);
///
/// impl Hook for InFlight {
///     fn before(&self, _: &Attempt<'_>, _: &mut HeaderMap) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
///     fn after(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
///         self.0.fetch_sub(1, Ordering::Relaxed);
///         println!("{} {:?} in {:?}", attempt.operation, outcome.end, outcome.latency);
///     }
/// }
/// ```
pub trait Hook: Send + Sync {
    /// Called before a request is sent. It can add headers. The authorization is added afterwards.
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        let _ = (attempt, headers);
    }

    /// Called when a request has ended.
    fn after(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        let _ = (attempt, outcome);
    }
}

/// A hook that the program also uses elsewhere.
impl<T: Hook + ?Sized> Hook for Arc<T> {
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        (**self).before(attempt, headers);
    }

    fn after(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        (**self).after(attempt, outcome);
    }
}

/// A request whose start was reported to hooks. Dropping it reports the end.
pub(crate) struct Observed<'a> {
    hooks: &'a [Arc<dyn Hook>],
    attempt: Attempt<'a>,
    began: Instant,
    /// The number of hooks that received the start, because a hook may panic.
    started: usize,
    end: AttemptEnd,
    request_id: Option<String>,
    retry_in: Option<Duration>,
}

impl<'a> Observed<'a> {
    pub(crate) fn starting(hooks: &'a [Arc<dyn Hook>], attempt: Attempt<'a>, headers: &mut HeaderMap) -> Self {
        let (began, end) = (Instant::now(), AttemptEnd::Cancelled);
        let mut observed = Self { hooks, attempt, began, started: 0, end, request_id: None, retry_in: None };
        for hook in hooks {
            hook.before(&observed.attempt, headers);
            observed.started += 1;
        }
        observed
    }

    pub(crate) fn set_end(&mut self, result: &Result<RawResponse, AttemptError>) {
        match result {
            _ if self.hooks.is_empty() => {}
            Ok(response) => {
                self.end = AttemptEnd::Responded(response.status);
                self.request_id = request_id(&response.headers);
            }
            Err(failed) => self.end = AttemptEnd::Failed(failed.error.kind()),
        }
    }

    pub(crate) fn report(mut self, retry_in: Option<Duration>) {
        self.retry_in = retry_in;
    }
}

impl Drop for Observed<'_> {
    fn drop(&mut self) {
        if self.started == 0 {
            return;
        }
        let outcome = AttemptOutcome {
            end: self.end,
            latency: self.began.elapsed(),
            request_id: self.request_id.as_deref(),
            retry_in: self.retry_in,
        };
        for hook in &self.hooks[..self.started] {
            hook.after(&self.attempt, &outcome);
        }
    }
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    Some(id.chars().take(100).collect())
}
