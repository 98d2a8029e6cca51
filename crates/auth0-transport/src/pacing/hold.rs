//! Sending nothing after a refusal.

use std::time::Duration;

/// Seconds that are waited after a refusal that does not say how long; doubled for each one in a row, up to the second.
const BLIND_WAIT: f64 = 1.0;
const LONGEST_BLIND_WAIT: f64 = 30.0;
/// Several processes are told the same second: they set out within this many seconds of it.
const SPREAD: f64 = 0.2;

/// The longest time, in seconds, for which nothing is sent, whatever the server names: then a probe tells anew.
pub(super) const LONGEST_HOLD: f64 = 120.0;

/// Until when nothing is sent. Times are seconds since some beginning.
#[derive(Debug)]
pub(super) struct Hold {
    until: f64,
    /// What the server named, which may be days off.
    named_until: f64,
    /// The last request that had been sent when it began: refusals of those belong to the same event.
    since: u64,
    /// Events in a row, nothing being accepted in between.
    in_a_row: u32,
    random: fastrand::Rng,
}

impl Hold {
    pub(super) fn new(random: fastrand::Rng) -> Self {
        Self { until: 0.0, named_until: 0.0, since: 0, in_a_row: 0, random }
    }

    pub(super) fn until(&self) -> f64 {
        self.until
    }

    /// When the server will take a request again, by its own word.
    pub(super) fn named_until(&self) -> f64 {
        self.named_until
    }

    /// A request was accepted. One that was sent before the hold says nothing about it.
    pub(super) fn accepted(&mut self, number: u64) {
        if number > self.since {
            self.in_a_row = 0;
            self.named_until = self.until;
        }
    }

    /// A request was refused: by `Retry-After`, or else by the limit's reset, or else without a time. `last` is the
    /// number of the request that was sent last. Returns how long the server wants nothing to be sent.
    pub(super) fn refused(
        &mut self,
        retry_after: Option<Duration>,
        reset: Option<f64>,
        number: u64,
        last: u64,
        now: f64,
    ) -> Duration {
        if self.in_a_row == 0 || number > self.since {
            self.in_a_row += 1;
            self.since = last;
            self.named_until = 0.0;
        }
        let spread = self.random.f64() * SPREAD;
        let doublings = self.in_a_row.saturating_sub(1).min(5);
        let blind = (BLIND_WAIT * f64::from(1 << doublings)).min(LONGEST_BLIND_WAIT);
        // A time that keeps not helping is not the one that matters, and neither is one that is over: all clients that
        // receive it would come back in the same instant.
        let backoff = |named: f64| match self.in_a_row {
            1 | 2 if named > now => 0.0,
            1 => 0.05,
            2 => 0.3,
            _ => blind / 4.0,
        };
        let until = match (retry_after.map(|wait| now + wait.as_secs_f64()), reset) {
            (Some(named), _) | (None, Some(named)) => named.max(now + backoff(named)) + spread,
            (None, None) => now + blind * (0.75 + 0.5 * self.random.f64()),
        };
        self.named_until = self.named_until.max(until);
        self.until = self.until.max(until.min(now + LONGEST_HOLD));
        Duration::try_from_secs_f64(self.named_until - now).unwrap_or_default()
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
        let mut hold = hold();
        hold.refused(Some(Duration::from_secs(9)), Some(1.0), 1, 1, 0.5);
        assert!((9.5..9.5 + SPREAD).contains(&hold.until()), "{hold:?}");
    }

    #[test]
    fn refusals_of_one_burst_are_one_event() {
        let mut hold = hold();
        for number in 1..=30 {
            hold.refused(None, None, number, 30, 0.1);
        }
        assert!(hold.until() < 1.5, "{hold:?}");
        hold.refused(None, None, 31, 31, 2.1);
        assert!(hold.until() > 3.5, "the next one is another event");
    }

    #[test]
    fn a_time_that_does_not_help_is_not_relied_on() {
        for retry_after in [None, Some(Duration::ZERO)] {
            let mut hold = hold();
            for number in 1..=5_u32 {
                let now = 10.0 * f64::from(number);
                hold.refused(retry_after, Some(now + 0.1), number.into(), number.into(), now);
            }
            assert!(hold.until() > 53.0, "{hold:?}");
            hold.accepted(6);
            hold.refused(retry_after, Some(60.1), 7, 7, 60.0);
            assert!(hold.until() < 60.4, "{hold:?}");
        }
    }

    #[test]
    fn a_time_that_is_over_leads_to_waits_that_grow() {
        for (retry_after, reset) in [(None, Some(-3600.0)), (None, Some(0.0)), (Some(Duration::ZERO), None)] {
            for seed in 0..100 {
                let mut hold = Hold::new(fastrand::Rng::with_seed(seed));
                let (mut now, mut before) = (10.0, 0.04);
                for number in 1..=4 {
                    hold.refused(retry_after, reset, number, number, now);
                    let wait = hold.until() - now;
                    assert!(wait > before && wait < 4.0, "{number}: {wait} after {before}");
                    (now, before) = (hold.until(), wait);
                }
            }
        }
    }

    #[test]
    fn what_was_named_once_does_not_stick() {
        let mut hold = hold();
        hold.refused(None, Some(3600.0), 1, 1, 0.0);
        hold.accepted(2);
        let named = hold.refused(Some(Duration::from_secs(1)), None, 3, 3, 200.0);
        assert!(named < Duration::from_secs(2), "{named:?}");
    }

    #[test]
    fn a_hold_is_bounded_and_what_was_named_is_told() {
        let mut hold = hold();
        let named = hold.refused(None, Some(86_400.0), 1, 1, 0.0);
        assert!((86_400..86_401).contains(&named.as_secs()), "{named:?}");
        assert!(hold.until() <= LONGEST_HOLD, "{hold:?}");
    }
}
