//! The tenant's clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::time::Instant;

use crate::lock::lock;

/// The tenant's clock. Tokens, cursors, runs and rate limits use it.
///
/// It starts at the present time and follows tokio's time, also if that is paused. A test can move it ahead. A frozen clock
/// only moves by [`Clock::advance`]. Clones share one clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<Reading>>);

#[derive(Debug)]
struct Reading {
    base: DateTime<Utc>,
    /// The instant of `base`; `None` while the clock is frozen.
    since: Option<Instant>,
}

impl Reading {
    fn now(&self) -> DateTime<Utc> {
        let passed = self.since.map_or(Duration::ZERO, |since| since.elapsed());
        later(self.base, passed)
    }
}

impl Clock {
    pub(crate) fn running(base: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(Reading { base, since: Some(Instant::now()) })))
    }

    pub(crate) fn frozen(base: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(Reading { base, since: None })))
    }

    /// Returns the tenant's time, in whole milliseconds as in the API.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.read(|reading| reading.now()).trunc_subsecs(3)
    }

    /// Moves the clock ahead. Runs end, and cursors and tokens expire, as if the time had passed.
    pub fn advance(&self, by: Duration) {
        self.read(|reading| reading.base = later(reading.base, by));
    }

    /// Freezes the clock. From now on it only moves by [`Clock::advance`].
    pub fn freeze(&self) {
        self.read(|reading| {
            reading.base = reading.now();
            reading.since = None;
        });
    }

    /// Lets a frozen clock continue from its present time.
    pub fn resume(&self) {
        self.read(|reading| {
            reading.base = reading.now();
            reading.since = Some(Instant::now());
        });
    }

    /// Whether the clock is frozen.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.read(|reading| reading.since.is_none())
    }

    pub(crate) fn precise_now(&self) -> DateTime<Utc> {
        self.read(|reading| reading.now())
    }

    fn read<T>(&self, with: impl FnOnce(&mut Reading) -> T) -> T {
        with(&mut lock(&self.0))
    }
}

/// Returns `time` plus `by`, or `time` if the sum is after the end of the calendar.
pub(crate) fn later(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by).ok().and_then(|by| time.checked_add_signed(by)).unwrap_or(time)
}

/// Returns `time` minus `by`, or `time` if the difference is before the start of the calendar.
pub(crate) fn earlier(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by).ok().and_then(|by| time.checked_sub_signed(by)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_clock_moves_only_by_advance() {
        let clock = Clock::frozen(DateTime::UNIX_EPOCH);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
        clock.advance(Duration::from_secs(1800));
        assert_eq!(clock.now().timestamp(), 1800);
        assert_eq!(clock.now().timestamp(), 1800);
    }

    #[tokio::test(start_paused = true)]
    async fn running_clock_follows_paused_time_until_frozen() {
        let clock = Clock::running(DateTime::UNIX_EPOCH);
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now().timestamp(), 5);
        clock.freeze();
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now().timestamp(), 5);
    }
}
