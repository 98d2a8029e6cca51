//! What decides when a request may be sent.

use std::{pin::Pin, time::Duration};

use http::{HeaderMap, Method};
use tokio::time::Instant;

use super::{Quota, endpoint::Endpoint};

/// Decides when requests may be sent, and learns from what came of them.
///
/// The transport has one of its own, chosen by [`Pacing`](crate::Pacing). Another one can share the budget of a tenant
/// between processes: [`TransportBuilder::rate_limiter`](crate::TransportBuilder::rate_limiter) takes it.
///
/// A permit is always given back by [`complete`](Self::complete), also when the call that got it is dropped.
pub trait RateLimiter: Send + Sync {
    /// A permit, if there is one without waiting and no other request waits.
    fn try_acquire(&self, request: &PermitRequest<'_>) -> Option<Permit>;

    /// Waits for a permit. The future may be dropped at any time, and gives its place up then.
    fn acquire<'a>(&'a self, request: &'a PermitRequest<'a>) -> PermitFuture<'a>;

    /// A request with a permit ended. After a refusal, returns how long the server wants no request.
    fn complete(&self, request: &PermitRequest<'_>, permit: Permit, completion: &Completion<'_>) -> Option<Duration>;

    /// What is left of the general limit, as far as is known.
    fn quota(&self) -> Option<Quota>;
}

impl PermitRequest<'_> {
    /// The name of the limit of its own that Auth0 documents for the endpoint; `None` for the general limit.
    #[must_use]
    pub fn limit_class(&self) -> Option<&'static str> {
        match self.endpoint {
            Endpoint::Class(name) => Some(name),
            Endpoint::Other(_) => None,
        }
    }
}

/// What [`RateLimiter::acquire`] returns.
pub type PermitFuture<'a> = Pin<Box<dyn Future<Output = Result<Permit, Rejected>> + Send + 'a>>;

/// A request that wants to be sent.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PermitRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path below `/api/v2`, such as `/connections/con_1`.
    pub path: &'a str,
    /// The query, without its question mark.
    pub query: Option<&'a str>,
    /// The request was refused or failed before: it goes before those that were not sent yet.
    pub retry: bool,
    /// When waiting is of no use any more.
    pub deadline: Option<Instant>,
    /// The longest wait for a time that the server named.
    pub longest_wait: Duration,
    pub(crate) endpoint: Endpoint,
}

/// Leave to send one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit(u64);

impl Permit {
    /// A permit with an id of the limiter's choice, by which it knows the request again.
    #[must_use]
    pub const fn new(id: u64) -> Self {
        Self(id)
    }

    /// The id.
    #[must_use]
    pub const fn id(self) -> u64 {
        self.0
    }
}

/// How a request with a permit ended.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Completion<'a> {
    /// It was never sent.
    NotSent,
    /// No answer came: the connection broke, time ran out, or the call was dropped.
    Lost,
    /// An answer came.
    Answered {
        /// Its headers.
        headers: &'a HeaderMap,
        /// Whether its status is 2xx; another one may come from something in front of the API, which knows no limit.
        success: bool,
    },
    /// 429: the server refused the request for its rate.
    Refused {
        /// The answer's headers.
        headers: &'a HeaderMap,
        /// What `Retry-After` says.
        retry_after: Option<Duration>,
    },
}

/// Why a request got no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejected {
    /// It could be sent after this time, which is too long.
    TooLong(Duration),
    /// The deadline passed.
    Deadline,
    /// As many calls as may wait are waiting already.
    QueueFull,
}
