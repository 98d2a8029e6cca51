//! The tenant's own clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::time::Instant;

use crate::lock::lock;

/// The tenant's own clock: tokens, cursors, runs and the rate limit all go by it.
///
/// It starts at the present time and goes on with tokio's time, and therefore also with tokio's paused time, and jumps
/// when a test says so. A frozen clock moves by [`Clock::advance`] alone. Clones are hands on the same clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<Reading>>);

#[derive(Debug)]
struct Reading {
    base: DateTime<Utc>,
    /// When `base` was true; `None` while the clock is frozen.
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

    /// The tenant's present time, in whole milliseconds, in the format of the API.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.read(|reading| reading.now()).trunc_subsecs(3)
    }

    /// Moves the clock ahead. Runs that would have ended by then have ended, cursors and tokens have expired.
    pub fn advance(&self, by: Duration) {
        self.read(|reading| reading.base = later(reading.base, by));
    }

    /// Stops the clock at its present time; from now on it moves by [`Clock::advance`] alone.
    pub fn freeze(&self) {
        self.read(|reading| {
            reading.base = reading.now();
            reading.since = None;
        });
    }

    /// Lets a clock that stands go on from its present time.
    pub fn resume(&self) {
        self.read(|reading| {
            reading.base = reading.now();
            reading.since = Some(Instant::now());
        });
    }

    /// Whether the clock moves by [`Clock::advance`] alone.
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

/// `time` moved ahead by `by`, or left where it is beyond the end of the calendar.
pub(crate) fn later(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by).ok().and_then(|by| time.checked_add_signed(by)).unwrap_or(time)
}

/// `time` moved back by `by`, or left where it is before the start of the calendar.
pub(crate) fn earlier(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by).ok().and_then(|by| time.checked_sub_signed(by)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen(DateTime::UNIX_EPOCH);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
        clock.advance(Duration::from_secs(1800));
        assert_eq!(clock.now().timestamp(), 1800);
        assert_eq!(clock.now().timestamp(), 1800);
    }

    #[tokio::test(start_paused = true)]
    async fn a_running_clock_follows_paused_time_until_frozen() {
        let clock = Clock::running(DateTime::UNIX_EPOCH);
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now().timestamp(), 5);
        clock.freeze();
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now().timestamp(), 5);
    }
}
