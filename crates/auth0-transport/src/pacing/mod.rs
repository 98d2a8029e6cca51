//! Pacing sends requests at the rate that the tenant allows.

mod bucket;
mod clock;
mod endpoint;
mod fixed;
mod headers;
mod hold;
mod in_flight;
mod limit_queue;
mod limiter;
mod local_limit;
mod rate_limiter;
mod refill;
mod server_clock;
mod share;
#[cfg(test)]
mod simulation;
mod waiters;

use std::time::SystemTime;

pub(crate) use self::{endpoint::Endpoint, headers::retry_after, limiter::Limiter};
pub use self::{
    headers::RateHeaders,
    limit_queue::{Forecast, LimitQueue, PermitSource},
    rate_limiter::{Completion, Permit, PermitFuture, PermitRequest, RateLimiter, Rejected},
};

/// How requests are paced.
///
/// After a 429, requests that count against the same limit wait until the time that the response names.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Pacing {
    /// Learns the limit, the refill rate and the level of the tenant's token buckets from the `x-ratelimit-*` headers of
    /// responses.
    ///
    /// The first request is sent alone. If its response has no such headers, requests are not paced.
    #[default]
    Adaptive,
    /// Sends at a fixed rate.
    Fixed {
        /// Requests per second, above 0.
        per_second: f64,
        /// The number of requests that may be sent at once after a pause, at least 1.
        burst: u32,
    },
    /// Sends all requests at once. After a 429, only the call that got it waits.
    Off,
}

/// What is left of the tenant's general rate limit, as far as this client knows.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Quota {
    /// The size of the bucket.
    pub limit: u32,
    /// The number of tokens left. Requests in flight have taken theirs.
    pub remaining: u32,
    /// The tokens per second that the tenant grants to this client, once it was measured.
    pub per_second: Option<f64>,
    /// The end of the pause after a 429.
    pub held_until: Option<SystemTime>,
    /// Whether the process uses only a part of the limit, because it cannot reach the store that it shares with other
    /// processes.
    pub alone: bool,
}

impl Quota {
    /// Creates a quota with the size of the bucket and the number of tokens left.
    pub fn new(limit: u32, remaining: u32) -> Self {
        Self { limit, remaining, per_second: None, held_until: None, alone: false }
    }
}
