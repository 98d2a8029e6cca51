//! Sending nothing after a refusal.

use std::time::Duration;

/// Seconds that are waited after a refusal that does not say how long; doubled for each one in a row, up to the second.
const BLIND_WAIT: f64 = 1.0;
const LONGEST_BLIND_WAIT: f64 = 30.0;
/// Several processes are told the same second: they set out within this many seconds of it.
const SPREAD: f64 = 0.2;

/// Until when nothing is sent. Times are seconds since some beginning.
#[derive(Debug)]
pub(super) struct Hold {
    until: f64,
    /// When it was put on: refusals of requests that were sent before belong to the same event.
    since: f64,
    /// Events in a row, nothing being accepted in between.
    in_a_row: u32,
    random: fastrand::Rng,
}

impl Hold {
    pub(super) fn new(random: fastrand::Rng) -> Self {
        Self { until: 0.0, since: 0.0, in_a_row: 0, random }
    }

    pub(super) fn until(&self) -> f64 {
        self.until
    }

    /// A request was accepted.
    pub(super) fn accepted(&mut self) {
        self.in_a_row = 0;
    }

    /// A request that was sent at a time was refused: by `Retry-After`, or else by the limit's reset, or else blindly.
    /// Says until when nothing is sent.
    pub(super) fn refused(&mut self, retry_after: Option<Duration>, reset: Option<f64>, sent_at: f64, now: f64) -> f64 {
        if self.in_a_row == 0 || sent_at >= self.since {
            self.in_a_row += 1;
            self.since = now;
        }
        let spread = self.random.f64() * SPREAD;
        let doublings = self.in_a_row.saturating_sub(1).min(5);
        let blind = (BLIND_WAIT * f64::from(1 << doublings)).min(LONGEST_BLIND_WAIT);
        let until = match (retry_after, reset) {
            (Some(wait), _) => now + wait.as_secs_f64() + spread,
            // A reset that keeps not helping is not the one that matters.
            (None, Some(reset)) if self.in_a_row > 2 => reset.max(now + blind / 4.0) + spread,
            (None, Some(reset)) => reset + spread,
            (None, None) => now + blind * (0.75 + 0.5 * self.random.f64()),
        };
        self.until = self.until.max(until);
        self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold() -> Hold {
        Hold::new(fastrand::Rng::with_seed(1))
    }

    #[test]
    fn retry_after_wins_over_the_reset() {
        let until = hold().refused(Some(Duration::from_secs(9)), Some(1.0), 0.0, 0.5);
        assert!((9.5..9.5 + SPREAD).contains(&until), "{until}");
    }

    #[test]
    fn refusals_of_one_burst_are_one_event() {
        let mut hold = hold();
        for _ in 0..30 {
            hold.refused(None, None, 0.0, 0.1);
        }
        assert!(hold.until() < 1.5, "{hold:?}");
        assert!(hold.refused(None, None, 2.0, 2.1) > 3.5, "the next one is another event");
    }

    #[test]
    fn a_reset_that_does_not_help_is_not_relied_on() {
        let mut hold = hold();
        for now in [10.0, 20.0, 30.0, 40.0, 50.0] {
            hold.refused(None, Some(now + 0.1), now - 0.1, now);
        }
        assert!(hold.until() > 53.0, "{hold:?}");
        hold.accepted();
        let until = hold.refused(None, Some(60.1), 59.9, 60.0);
        assert!(until < 60.4, "{until}");
    }
}
