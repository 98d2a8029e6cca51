//! The pause after a 429.

use std::time::Duration;

/// The pause in seconds after a 429 without a time. It doubles with each 429 in a row, up to the maximum.
const BLIND_WAIT: f64 = 1.0;
const LONGEST_BLIND_WAIT: f64 = 30.0;
/// The number of seconds over which processes spread their next requests, because the server names the same time to all.
const SPREAD: f64 = 0.2;

/// The longest pause in seconds. A probe then checks whether the limit still applies.
pub(super) const LONGEST_HOLD: f64 = 120.0;

/// The pause after a 429. Times are seconds since the start of a clock.
#[derive(Debug)]
pub(super) struct Hold {
    until: f64,
    /// The time that the server named, which may be days away.
    named_until: f64,
    /// The last request before the pause. Other 429s of earlier requests belong to the same event.
    since: u64,
    /// The number of events without a success between them.
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

    /// Returns when the server accepts a request, as it named the time.
    pub(super) fn named_until(&self) -> f64 {
        self.named_until
    }

    /// Records a success. A request from before the pause has no effect.
    pub(super) fn accepted(&mut self, number: u64) {
        if number > self.since {
            self.in_a_row = 0;
            self.named_until = self.until;
        }
    }

    /// Records a 429. It names a time by `Retry-After`, or else by the reset, or none. `last` is the number of the last request.
    /// Returns how long the server accepts no request.
    pub(super) fn rate_limited(
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
        // A named time that did not help before, or that has passed, is extended. Otherwise all clients would return at the
        // same time.
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
    fn retry_after_has_precedence_over_the_reset() {
        let mut hold = hold();
        hold.rate_limited(Some(Duration::from_secs(9)), Some(1.0), 1, 1, 0.5);
        assert!((9.5..9.5 + SPREAD).contains(&hold.until()), "{hold:?}");
    }

    #[test]
    fn rate_limited_burst_is_one_event() {
        let mut hold = hold();
        for number in 1..=30 {
            hold.rate_limited(None, None, number, 30, 0.1);
        }
        assert!(hold.until() < 1.5, "{hold:?}");
        hold.rate_limited(None, None, 31, 31, 2.1);
        assert!(hold.until() > 3.5, "the next 429 is another event");
    }

    #[test]
    fn named_time_without_effect_is_extended() {
        for retry_after in [None, Some(Duration::ZERO)] {
            let mut hold = hold();
            for number in 1..=5_u32 {
                let now = 10.0 * f64::from(number);
                hold.rate_limited(retry_after, Some(now + 0.1), number.into(), number.into(), now);
            }
            assert!(hold.until() > 53.0, "{hold:?}");
            hold.accepted(6);
            hold.rate_limited(retry_after, Some(60.1), 7, 7, 60.0);
            assert!(hold.until() < 60.4, "{hold:?}");
        }
    }

    #[test]
    fn passed_time_leads_to_growing_waits() {
        for (retry_after, reset) in [(None, Some(-3600.0)), (None, Some(0.0)), (Some(Duration::ZERO), None)] {
            for seed in 0..100 {
                let mut hold = Hold::new(fastrand::Rng::with_seed(seed));
                let (mut now, mut before) = (10.0, 0.04);
                for number in 1..=4 {
                    hold.rate_limited(retry_after, reset, number, number, now);
                    let wait = hold.until() - now;
                    assert!(wait > before && wait < 4.0, "{number}: {wait} after {before}");
                    (now, before) = (hold.until(), wait);
                }
            }
        }
    }

    #[test]
    fn named_time_is_forgotten_after_a_success() {
        let mut hold = hold();
        hold.rate_limited(None, Some(3600.0), 1, 1, 0.0);
        hold.accepted(2);
        let named = hold.rate_limited(Some(Duration::from_secs(1)), None, 3, 3, 200.0);
        assert!(named < Duration::from_secs(2), "{named:?}");
    }

    #[test]
    fn pause_is_bounded_but_named_time_is_returned() {
        let mut hold = hold();
        let named = hold.rate_limited(None, Some(86_400.0), 1, 1, 0.0);
        assert!((86_400..86_401).contains(&named.as_secs()), "{named:?}");
        assert!(hold.until() <= LONGEST_HOLD, "{hold:?}");
    }
}
