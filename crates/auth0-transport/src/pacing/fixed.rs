//! A fixed rate.

use super::bucket::Decision;

/// A token bucket of the client.
#[derive(Debug)]
pub(super) struct FixedRate {
    per_second: f64,
    burst: f64,
    level: f64,
    as_of: f64,
    last_number: u64,
}

impl FixedRate {
    pub(super) fn new(per_second: f64, burst: u32) -> Self {
        let burst = f64::from(burst);
        Self { per_second, burst, level: burst, as_of: 0.0, last_number: 0 }
    }

    pub(super) fn decide(&self, now: f64) -> Decision {
        let earliest = self.earliest(now);
        if earliest <= now { Decision::Send } else { Decision::Wait(earliest) }
    }

    /// Returns the time of the next token.
    pub(super) fn earliest(&self, now: f64) -> f64 {
        // At the end of a timer, the level may be below one by a rounding error.
        let missing = 1.0 - 1e-9 - self.level(now);
        if missing <= 0.0 { now } else { now + missing / self.per_second }
    }

    /// Takes a token. Returns the number of the request.
    pub(super) fn send(&mut self, now: f64) -> u64 {
        self.level = self.level(now) - 1.0;
        self.as_of = now;
        self.last_number += 1;
        self.last_number
    }

    /// Returns a token that was not used.
    pub(super) fn not_sent(&mut self) {
        self.level = (self.level + 1.0).min(self.burst);
    }

    pub(super) fn last_number(&self) -> u64 {
        self.last_number
    }

    pub(super) fn level(&self, now: f64) -> f64 {
        (self.level + (now - self.as_of).max(0.0) * self.per_second).min(self.burst)
    }

    pub(super) fn per_second(&self) -> f64 {
        self.per_second
    }

    pub(super) fn burst(&self) -> f64 {
        self.burst
    }
}
