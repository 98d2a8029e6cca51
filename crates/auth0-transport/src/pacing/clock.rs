//! Time in seconds since a limiter was created.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::headers::{LONGEST_NAMED_WAIT, unix_time};
use crate::concurrency::now;

/// A start, by the monotonic clock and by UNIX time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    start: Instant,
    start_unix: f64,
}

impl Clock {
    pub(super) fn starting_now() -> Self {
        Self::starting_at(unix_time(SystemTime::now()))
    }

    pub(super) fn starting_at(start_unix: f64) -> Self {
        Self { start: now(), start_unix }
    }

    pub(super) fn now(&self) -> f64 {
        self.seconds(now())
    }

    pub(super) fn seconds(&self, at: Instant) -> f64 {
        at.saturating_duration_since(self.start).as_secs_f64()
    }

    pub(super) fn unix(&self, seconds: f64) -> f64 {
        self.start_unix + seconds
    }

    /// Returns a time as an instant, at most a century after the start, because clocks cannot count much further.
    pub(super) fn instant(&self, seconds: f64) -> Instant {
        self.start + Duration::from_secs_f64(seconds.clamp(0.0, 100.0 * LONGEST_NAMED_WAIT))
    }
}
