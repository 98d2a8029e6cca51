//! Pacing: requests are sent at the rate that the tenant allows, so that it need not refuse them.

mod bucket;
mod clock;
mod endpoint;
mod fixed;
mod headers;
mod hold;
mod in_flight;
mod limiter;
mod line;
mod queue;
mod rate_limiter;
mod refill;
mod server_clock;
mod share;
#[cfg(test)]
mod simulation;

use std::time::SystemTime;

pub use self::rate_limiter::{Completion, Permit, PermitFuture, PermitRequest, RateLimiter, Rejected};
pub(crate) use self::{endpoint::Endpoint, headers::retry_after, limiter::Limiter};

/// How requests are paced.
///
/// With each of them a 429 is waited out: nothing is sent against the limit that refused until the time that it names.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Pacing {
    /// Learns limit, refill rate and level of the tenant's token buckets from the `x-ratelimit-*` headers of answers.
    ///
    /// The first request goes alone, to learn from. Without such headers, nothing is paced.
    #[default]
    Adaptive,
    /// A fixed rate, whatever the headers say.
    Fixed {
        /// Requests a second; more than 0.
        per_second: f64,
        /// How many may be sent at once after a pause; at least 1.
        burst: u32,
    },
    /// Sends everything at once; a 429 is waited out by the call that got it, and by no other.
    Off,
}

/// What is left of the tenant's general rate limit, as far as this client knows.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Quota {
    /// How many tokens the bucket holds when it is full.
    pub limit: u32,
    /// How many are left now; requests in flight are counted as spent.
    pub remaining: u32,
    /// Tokens a second that the tenant grants to this client, once that was measured.
    pub per_second: Option<f64>,
    /// Until when nothing is sent, if the tenant refused a request.
    pub held_until: Option<SystemTime>,
    /// Whether the process goes on with a part of its own, since what it shares with others cannot be reached. Never so for a
    /// limiter that shares nothing.
    pub alone: bool,
}

impl Quota {
    /// What a [`RateLimiter`] knows: how many tokens a full bucket holds, and how many are left.
    #[must_use]
    pub fn new(limit: u32, remaining: u32) -> Self {
        Self { limit, remaining, per_second: None, held_until: None, alone: false }
    }

    /// Sets the rate.
    #[must_use]
    pub fn per_second(mut self, per_second: f64) -> Self {
        self.per_second = Some(per_second);
        self
    }

    /// Sets until when nothing is sent.
    #[must_use]
    pub fn held_until(mut self, held_until: Option<SystemTime>) -> Self {
        self.held_until = held_until;
        self
    }

    /// Sets whether the process goes on with a part of its own.
    #[must_use]
    pub fn alone(mut self, alone: bool) -> Self {
        self.alone = alone;
        self
    }
}
