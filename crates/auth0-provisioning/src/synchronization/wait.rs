//! How long to wait for a run, and how often to look.

use std::time::Duration;

/// How long to wait for a run, and how often to look. A [`Duration`] is one too: at most so long.
///
/// ```
/// use std::time::Duration;
/// use auth0_provisioning::Wait;
///
/// let patient = Wait::at_most(Duration::from_secs(3600)).looking_every(Duration::from_secs(10)..=Duration::from_secs(60));
/// # drop(patient);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub(super) at_most: Duration,
    next: Duration,
    longest: Duration,
}

impl Wait {
    /// Waits at most this long, and looks after 2 seconds for the first time, then less and less often, in the end every
    /// 30 seconds.
    #[must_use]
    pub fn at_most(time: Duration) -> Self {
        Self { at_most: time, next: Duration::from_secs(2), longest: Duration::from_secs(30) }
    }

    /// Looks after the shorter time at first, and then half as long again from one time to the next, up to the longer;
    /// never more often than every 10 milliseconds.
    #[must_use]
    pub fn looking_every(mut self, intervals: std::ops::RangeInclusive<Duration>) -> Self {
        let (shortest, longest) = intervals.into_inner();
        self.next = shortest.max(SHORTEST);
        self.longest = longest.max(self.next);
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
        let mut wait = Wait::at_most(Duration::MAX).looking_every(Duration::ZERO..=Duration::ZERO);
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
        let mut wait = Wait::from(long).looking_every(long..=short);
        assert_eq!([wait.interval(), wait.interval()], [long, long]);
    }
}
