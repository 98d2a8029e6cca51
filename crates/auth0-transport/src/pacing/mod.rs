//! Holding requests back, so that the server need not refuse them.

mod adaptive;
mod estimator;
mod fixed;
mod flight;
mod headers;
mod hold;
mod limiter;
mod permit;
mod rate;
mod server_clock;
#[cfg(test)]
mod simulation;

use std::time::SystemTime;

pub(crate) use self::{
    headers::retry_after,
    limiter::{Held, Lane, Limiter, Patience},
    permit::{Outcome, Permit},
};

/// How requests are held back so that the tenant need not refuse them.
///
/// Whatever is chosen, a 429 is heeded: nothing is sent until the time that it names.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Pacing {
    /// Learns limit, rate and what is left from the answers' `x-ratelimit-*` headers, other clients' share included.
    ///
    /// The first request goes alone, to learn from. A server that sends no such headers is not held back from.
    #[default]
    Adaptive,
    /// A rate of one's own, whatever the headers say.
    Fixed {
        /// Requests a second; more than 0.
        per_second: f64,
        /// How many may go at once after a pause; at least 1.
        burst: u32,
    },
    /// Sends everything at once; a 429 is waited for by the call that got it, and by no other.
    Off,
}

/// What is left of the tenant's rate limit, as far as this client knows.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Quota {
    /// How many requests the bucket holds when it is full.
    pub limit: u32,
    /// How many are left now; requests on their way are counted as spent.
    pub remaining: u32,
    /// Requests a second that the tenant grants to this client, once that was measured.
    pub per_second: Option<f64>,
    /// Until when nothing is sent, if the tenant refused a request.
    pub held_until: Option<SystemTime>,
}
