//! Time as numbers: seconds since a limiter was made.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::headers::unix_time;
use crate::concurrency::now;

/// Seconds beyond which nothing is waited for: a year, which every clock can count.
const LONGEST: f64 = 365.0 * 24.0 * 3600.0;

/// A beginning, on the monotonic clock and on that of the calendar.
#[derive(Debug)]
pub(super) struct Clock {
    began: Instant,
    began_unix: f64,
}

impl Clock {
    pub(super) fn starting_now() -> Self {
        Self::starting_at(unix_time(SystemTime::now()))
    }

    pub(super) fn starting_at(began_unix: f64) -> Self {
        Self { began: now(), began_unix }
    }

    pub(super) fn now(&self) -> f64 {
        self.seconds(now())
    }

    pub(super) fn seconds(&self, at: Instant) -> f64 {
        at.saturating_duration_since(self.began).as_secs_f64()
    }

    pub(super) fn unix(&self, seconds: f64) -> f64 {
        self.began_unix + seconds
    }

    pub(super) fn instant(&self, seconds: f64) -> Instant {
        let now = now();
        let wait = (seconds - self.seconds(now)).clamp(0.0, LONGEST);
        now + Duration::from_secs_f64(wait)
    }
}
