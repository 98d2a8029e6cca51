//! Watching requests, and adding headers to them.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, Method, StatusCode};
use tokio::time::Instant;

use crate::{
    ErrorKind,
    attempt::{Answer, Failed},
};

/// Auth0's header for the id of a request, which its support asks for.
pub(crate) const REQUEST_ID: &str = "x-auth0-requestid";

/// One request of a call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// A number of the call, unique within the process: it ties the requests of a call, and both ends of each, together.
    pub call: u64,
    /// The operation's name.
    pub operation: &'a str,
    /// The request's method.
    pub method: Method,
    /// The first is 1.
    pub number: u32,
    /// How long the call waited before this request: for a token, for the rate limit, and after the request before.
    pub waited: Duration,
}

/// How a request ended.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptOutcome<'a> {
    /// A status, a failure without a response, or that the call was dropped.
    pub end: AttemptEnd,
    /// From sending the request to the last byte of the response, or to the failure.
    pub latency: Duration,
    /// The id that Auth0 gave to the request.
    pub request_id: Option<&'a str>,
    /// After which time the request is sent again at the earliest, if it is. After a refusal by the rate limit that is the time
    /// that the server named; the wait for its turn comes on top.
    pub retry_in: Option<Duration>,
}

impl AttemptOutcome<'_> {
    /// The status, if a response arrived.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self.end {
            AttemptEnd::Answered(status) => Some(status),
            AttemptEnd::Failed(_) | AttemptEnd::Cancelled => None,
        }
    }
}

/// The end of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptEnd {
    /// A response arrived with this status.
    Answered(StatusCode),
    /// No response arrived, or only a part of it.
    Failed(ErrorKind),
    /// The call was dropped before the response arrived.
    Cancelled,
}

/// Sees every request and how it ended, token requests included: for metrics, or to add headers such as a trace context.
///
/// Each [`before`](Self::before) is followed by exactly one [`after`](Self::after), also if the call is dropped. Both run
/// within the call: be quick.
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
    /// A request is about to be sent. Headers may be added; the authorization is put in afterwards.
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        let _ = (attempt, headers);
    }

    /// A request ended.
    fn after(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        let _ = (attempt, outcome);
    }
}

/// A hook that another owner reads too.
impl<T: Hook + ?Sized> Hook for Arc<T> {
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        (**self).before(attempt, headers);
    }

    fn after(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        (**self).after(attempt, outcome);
    }
}

/// The end of an attempt, as hooks receive it.
pub(crate) struct Ended {
    end: AttemptEnd,
    request_id: Option<String>,
}

/// A request whose start was reported to the hooks, and whose end will be.
pub(crate) struct Observed<'a> {
    hooks: &'a [Arc<dyn Hook>],
    attempt: Attempt<'a>,
    began: Instant,
    /// The number of hooks that received the start: one of them may panic.
    told: usize,
}

impl<'a> Observed<'a> {
    pub(crate) fn starting(hooks: &'a [Arc<dyn Hook>], attempt: Attempt<'a>, headers: &mut HeaderMap) -> Self {
        let mut observed = Self { hooks, attempt, began: Instant::now(), told: 0 };
        for hook in hooks {
            hook.before(&observed.attempt, headers);
            observed.told += 1;
        }
        observed
    }

    /// The end that the hooks will receive, if there are any.
    pub(crate) fn seen(&self, ended: &Result<Answer, Failed>) -> Option<Ended> {
        (self.told > 0).then(|| match ended {
            Ok(answer) => Ended { end: AttemptEnd::Answered(answer.status), request_id: request_id(&answer.headers) },
            Err(failed) => Ended { end: AttemptEnd::Failed(failed.error.kind()), request_id: None },
        })
    }

    pub(crate) fn ended(mut self, seen: Option<&Ended>, retry_in: Option<Duration>) {
        if let Some(Ended { end, request_id }) = seen {
            self.tell(*end, request_id.as_deref(), retry_in);
        }
    }

    fn tell(&mut self, end: AttemptEnd, request_id: Option<&str>, retry_in: Option<Duration>) {
        let outcome = AttemptOutcome { end, latency: self.began.elapsed(), request_id, retry_in };
        for hook in &self.hooks[..std::mem::take(&mut self.told)] {
            hook.after(&self.attempt, &outcome);
        }
    }
}

impl Drop for Observed<'_> {
    fn drop(&mut self) {
        if self.told > 0 {
            self.tell(AttemptEnd::Cancelled, None, None);
        }
    }
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    Some(id.chars().take(100).collect())
}
