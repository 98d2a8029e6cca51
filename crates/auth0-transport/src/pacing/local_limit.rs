//! One limit, as this process knows it.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    Completion, Pacing,
    bucket::{Bucket, Decision},
    clock::Clock,
    fixed::FixedRate,
    headers::RateHeaders,
    hold::Hold,
    limit_queue::{Forecast, PermitSource},
};

/// A limit of the tenant: its bucket, and the pause after a 429.
#[derive(Debug)]
pub(super) struct LocalLimit {
    clock: Clock,
    pace: Pace,
    hold: Hold,
}

#[derive(Debug)]
enum Pace {
    Adaptive(Bucket),
    Fixed(FixedRate),
    /// Learns only for the quota.
    Off(Bucket),
}

/// What is known of a limit. Times are seconds since the start of the clock.
pub(super) struct Knowledge {
    pub(super) limit: f64,
    pub(super) level: f64,
    pub(super) rate: Option<f64>,
    pub(super) held_until: Option<f64>,
}

impl LocalLimit {
    pub(super) fn new(clock: Clock, pacing: Pacing, share: f64, random: fastrand::Rng) -> Self {
        let pace = match pacing {
            Pacing::Adaptive => Pace::Adaptive(Bucket::new(share)),
            Pacing::Fixed { per_second, burst } => Pace::Fixed(FixedRate::new(per_second, burst)),
            Pacing::Off => Pace::Off(Bucket::new(1.0)),
        };
        Self { clock, pace, hold: Hold::new(random) }
    }

    /// Learns from the end of a request. After a 429, returns how long no request is sent.
    pub(super) fn complete(
        &mut self,
        number: u64,
        completion: &Completion<'_>,
        headers: &RateHeaders,
    ) -> Option<Duration> {
        let now = self.clock.now();
        let unix = self.clock.unix(now);
        let (reset, last) = match &mut self.pace {
            Pace::Adaptive(bucket) | Pace::Off(bucket) => match completion {
                Completion::NotSent => {
                    bucket.not_sent(number);
                    return None;
                }
                Completion::Lost => {
                    bucket.lost(number);
                    return None;
                }
                Completion::Responded { success: false, .. } if headers.remaining.is_none() => {
                    bucket.unmetered(number);
                    return None;
                }
                Completion::Responded { .. } => {
                    bucket.responded(number, headers, now, unix);
                    (None, 0)
                }
                Completion::RateLimited { .. } => {
                    (bucket.rate_limited(number, headers, now, unix), bucket.last_number())
                }
            },
            Pace::Fixed(fixed) => match completion {
                Completion::NotSent => {
                    fixed.not_sent();
                    return None;
                }
                Completion::Lost | Completion::Responded { success: false, .. } => return None,
                Completion::Responded { .. } | Completion::RateLimited { .. } => (None, fixed.last_number()),
            },
        };
        if let Completion::RateLimited { retry_after, .. } = completion {
            return Some(self.hold.rate_limited(*retry_after, reset, number, last, now));
        }
        self.hold.accepted(number);
        None
    }

    pub(super) fn knowledge(&self) -> Option<Knowledge> {
        let now = self.clock.now();
        let held_until = (self.hold.until() > now).then_some(self.hold.until());
        let (limit, level, rate) = match &self.pace {
            Pace::Adaptive(bucket) | Pace::Off(bucket) => {
                (bucket.is_known() || held_until.is_some()).then(|| (bucket.limit(), bucket.level(now), bucket.rate()))
            }
            Pace::Fixed(fixed) => Some((fixed.burst(), fixed.level(now), Some(fixed.per_second()))),
        }?;
        Some(Knowledge { limit, level, rate, held_until })
    }
}

impl PermitSource for LocalLimit {
    fn wait_until(&mut self, now: Instant, _: usize) -> Option<Instant> {
        let now = self.clock.seconds(now);
        let decision = match &mut self.pace {
            Pace::Off(_) => Decision::Send,
            _ if now < self.hold.until() => Decision::Wait(self.hold.until()),
            Pace::Adaptive(bucket) => bucket.decide(now),
            Pace::Fixed(fixed) => fixed.decide(now),
        };
        match decision {
            Decision::Send => None,
            Decision::Wait(until) => Some(self.clock.instant(until)),
        }
    }

    fn take(&mut self, now: Instant) -> u64 {
        let now = self.clock.seconds(now);
        match &mut self.pace {
            Pace::Adaptive(bucket) | Pace::Off(bucket) => bucket.send(now),
            Pace::Fixed(fixed) => fixed.send(now),
        }
    }

    fn give_back(&mut self, number: u64, _: Instant) {
        self.complete(number, &Completion::NotSent, &RateHeaders::default());
    }

    fn forecast(&self, now: Instant) -> Forecast {
        let now = self.clock.seconds(now);
        let held = now < self.hold.until() && !matches!(self.pace, Pace::Off(_));
        let (earliest, interval, burst) = match &self.pace {
            Pace::Adaptive(bucket) if held => (self.hold.until(), 1.0 / bucket.rate_at_most(), bucket.limit()),
            Pace::Adaptive(bucket) => (bucket.earliest(now), 1.0 / bucket.rate_at_most(), bucket.burst()),
            Pace::Fixed(fixed) => {
                let earliest = fixed.earliest(now).max(if held { self.hold.until() } else { now });
                (earliest, 1.0 / fixed.per_second(), fixed.level(earliest).floor() - 1.0)
            }
            Pace::Off(_) => (now, 0.0, 0.0),
        };
        let named = if held { self.hold.named_until() } else { earliest };
        let at = |seconds| self.clock.instant(seconds);
        Forecast { earliest: at(earliest), named: at(named), interval, burst }
    }
}
