//! Decides when a request may be sent.

use std::{pin::Pin, time::Duration};

use http::{HeaderMap, Method};
use tokio::time::Instant;

use super::{Quota, endpoint::Endpoint};

/// Decides when requests may be sent, and learns from their responses.
///
/// The transport has a limiter of its own, configured by [`Pacing`](crate::Pacing). Another limiter, set by
/// [`TransportBuilder::rate_limiter`](crate::TransportBuilder::rate_limiter), can share the limit of a tenant between
/// processes.
///
/// Each permit is passed to [`complete`](Self::complete), even if its call is dropped.
pub trait RateLimiter: Send + Sync {
    /// Returns a permit if no other request waits and one is available now.
    fn try_acquire(&self, request: &PermitRequest<'_>) -> Option<Permit>;

    /// Waits for a permit. If the future is dropped, the request leaves the queue.
    fn acquire<'a>(&'a self, request: &'a PermitRequest<'a>) -> PermitFuture<'a>;

    /// Records the end of a request with a permit. After a 429, returns how long the server accepts no request.
    fn complete(&self, request: &PermitRequest<'_>, permit: Permit, completion: &Completion<'_>) -> Option<Duration>;

    /// Returns what is left of the general limit, as far as it is known.
    fn quota(&self) -> Option<Quota>;
}

impl PermitRequest<'_> {
    /// Returns the name of the limit that Auth0 documents for this endpoint alone, or `None` for the general limit.
    pub fn limit_class(&self) -> Option<&'static str> {
        match self.endpoint {
            Endpoint::Class(name) => Some(name),
            Endpoint::Other(_) => None,
        }
    }
}

/// The future of [`RateLimiter::acquire`].
pub type PermitFuture<'a> = Pin<Box<dyn Future<Output = Result<Permit, Rejected>> + Send + 'a>>;

/// A request that needs a permit.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PermitRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path below `/api/v2`, such as `/connections/con_1`.
    pub path: &'a str,
    /// The query, without its question mark.
    pub query: Option<&'a str>,
    /// Whether the request was sent before. Retries go before other requests.
    pub retry: bool,
    /// The deadline of the call.
    pub deadline: Option<Instant>,
    /// The longest wait until a time that the server named.
    pub longest_wait: Duration,
    pub(crate) endpoint: Endpoint,
}

/// Permission to send one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit(u64);

impl Permit {
    /// Creates a permit. The limiter chooses the id, and can identify the request by it.
    pub const fn new(id: u64) -> Self {
        Self(id)
    }

    /// Returns the id.
    pub const fn id(self) -> u64 {
        self.0
    }
}

/// How a request with a permit ended.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Completion<'a> {
    /// It was not sent.
    NotSent,
    /// No response arrived: the connection broke, the request timed out, or the call was dropped.
    Lost,
    /// A response arrived.
    Responded {
        /// The headers of the response.
        headers: &'a HeaderMap,
        /// Whether the status is 2xx. A proxy, which has no rate limit, can return another status.
        success: bool,
    },
    /// The server returned 429.
    RateLimited {
        /// The headers of the response.
        headers: &'a HeaderMap,
        /// The value of `Retry-After`.
        retry_after: Option<Duration>,
    },
}

/// Why a request got no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejected {
    /// The request would have to wait this long, which is too long.
    TooLong(Duration),
    /// The deadline passed.
    Deadline,
    /// The maximum number of calls is waiting.
    QueueFull,
}
