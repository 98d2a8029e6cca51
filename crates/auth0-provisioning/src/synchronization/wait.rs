//! How long to wait for a run, and how often to look.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// How long to wait for a run, and how often to look. A [`Duration`] converts into one: wait at most that long.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Wait {
    pub(super) at_most: Duration,
    pub(super) since: Option<DateTime<Utc>>,
    next: Duration,
    pub(super) longest: Duration,
    #[cfg(feature = "logs")]
    pub(super) reads_log: bool,
}

impl Wait {
    /// Waits at most this long. Looks after 2 seconds for the first time; each following interval is half as long again,
    /// up to 30 seconds.
    pub fn at_most(time: Duration) -> Self {
        Self {
            at_most: time,
            since: None,
            next: Duration::from_secs(2),
            longest: Duration::from_secs(30),
            #[cfg(feature = "logs")]
            reads_log: true,
        }
    }

    /// Starts with the shorter interval; each following one is half as long again, up to the longer one. The minimum is 10
    /// milliseconds. Defaults to 2 to 30 seconds.
    pub fn interval_between(mut self, intervals: std::ops::RangeInclusive<Duration>) -> Self {
        let (shortest, longest) = intervals.into_inner();
        self.next = shortest.max(SHORTEST);
        self.longest = longest.max(self.next);
        self
    }

    /// Where a run is only watched: any run that ended after this time counts, also one that has ended already. Take the time
    /// from the configuration (`last_synchronization_at`), since the clocks of client and tenant differ. By default the run
    /// must end after the first read.
    pub fn ended_after(mut self, time: DateTime<Utc>) -> Self {
        self.since = Some(time);
        self
    }

    /// Whether the log is read once the run has ended, for [`LastRun::report`](crate::LastRun::report): a call, and up to
    /// three more where the log is late, after 1, 2 and 4 seconds or the longest interval, if that is shorter. A token without the scope costs one call. Defaults to `true`.
    #[cfg(feature = "logs")]
    pub fn read_log(mut self, read_log: bool) -> Self {
        self.reads_log = read_log;
        self
    }

    /// The next interval.
    pub(super) fn interval(&mut self) -> Duration {
        let interval = self.next;
        self.next = interval.saturating_add(interval / 2).min(self.longest);
        interval
    }
}

impl From<Duration> for Wait {
    fn from(time: Duration) -> Self {
        Self::at_most(time)
    }
}

/// Below this, looking would be a loop without a pause.
const SHORTEST: Duration = Duration::from_millis(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_pause() {
        let mut wait = Wait::at_most(Duration::MAX).interval_between(Duration::ZERO..=Duration::ZERO);
        assert_eq!([wait.interval(), wait.interval()], [SHORTEST; 2]);
    }

    #[test]
    fn intervals_grow_up_to_the_longest() {
        let mut wait = Wait::at_most(Duration::from_secs(900));
        let seconds: Vec<_> = std::iter::repeat_with(|| wait.interval().as_secs_f64()).take(9).collect();
        assert_eq!(seconds, [2.0, 3.0, 4.5, 6.75, 10.125, 15.1875, 22.78125, 30.0, 30.0]);
    }

    #[test]
    fn a_range_the_wrong_way_round_is_one_interval() {
        let (long, short) = (Duration::from_secs(5), Duration::from_secs(1));
        let mut wait = Wait::from(long).interval_between(long..=short);
        assert_eq!([wait.interval(), wait.interval()], [long, long]);
    }
}
