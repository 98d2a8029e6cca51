//! Learns from responses.

use super::{Announced, Bucket, Claim, FARTHEST_RESET, Mode, Reading};
use crate::pacing::{
    headers::{LONGEST_NAMED_WAIT, RateHeaders, Reset},
    refill::{RefillRate, Sample},
};

/// The number of seconds to wait after an announced reset, because clocks are known in whole seconds.
const GRACE: f64 = 0.05;
/// The number of successes without rate limit headers after which there is no limit any more.
const HEADERLESS: u32 = 3;
/// The largest number of tokens that are left to other programs, so that fewer requests get a 429.
const LARGEST_MARGIN: f64 = 4.0;

impl Bucket {
    /// Learns from a success, or from another response with rate limit headers.
    pub(in crate::pacing) fn responded(&mut self, number: u64, headers: &RateHeaders, now: f64, unix: f64) {
        let was_probe = self.probe_ended(number);
        let Some(sent_at) = self.in_flight.responded(number) else { return };
        self.last_response_at = now;
        let Some(remaining) = headers.remaining else {
            self.headerless += 1;
            if !self.is_known() || self.headerless >= HEADERLESS {
                self.mode = Mode::Unlimited;
            }
            return;
        };
        self.headerless = 0;
        self.read(sent_at, remaining, headers, now, unix);
        if was_probe || self.mode == Mode::Unlimited {
            self.mode = Mode::Metering;
        }
        self.margin *= 0.99;
    }

    /// Learns from a 429. Returns when the server will accept a request, if it names a time.
    pub(in crate::pacing) fn rate_limited(
        &mut self,
        number: u64,
        headers: &RateHeaders,
        now: f64,
        unix: f64,
    ) -> Option<f64> {
        self.probe_ended(number);
        self.share.give_back();
        let sent_at = self.in_flight.unspent(number)?;
        self.last_response_at = now;
        if headers.remaining.is_some() {
            self.read(sent_at, 0.0, headers, now, unix);
        }
        self.margin = (self.margin + 0.5).min(self.limit / 8.0).min(LARGEST_MARGIN);
        self.start_probing();
        self.announced.map(|announced| announced.latest).filter(|at| *at > now)
    }

    fn read(&mut self, sent_at: f64, remaining: f64, headers: &RateHeaders, now: f64, unix: f64) {
        let limit = headers.limit.unwrap_or_else(|| self.limit.max(remaining + 1.0)).max(1.0);
        if (limit - self.limit).abs() > 0.5 {
            self.change_limit(limit, now);
        }
        self.measure_slack(now - sent_at);
        if let Some(date) = headers.date {
            self.clock.learn(date, unix - (now - sent_at), unix);
        }
        // Requests may overtake each other. Of those, the server counted the one with the fewest tokens left last.
        let rate = self.rate().unwrap_or(0.0);
        let superseded = self.reading.is_some_and(|latest| {
            let later_by = sent_at - latest.sent_at;
            later_by < -self.slack || (later_by <= self.slack && remaining - rate * later_by >= latest.remaining)
        });
        if superseded {
            return;
        }
        let may_have_overflowed = self.may_have_overflowed(sent_at);
        self.reading = Some(Reading { sent_at, remaining });
        self.in_flight.forget_lost_before(sent_at - self.slack);
        let uncounted = self.in_flight.sent_since(sent_at - self.slack);
        let spent = self.in_flight.spent();
        let full = remaining >= self.limit - 1.0;
        let may_have_overflowed = full || may_have_overflowed;
        let sample = Sample {
            at: sent_at,
            at_least: remaining + spent - uncounted,
            // The number is rounded down, except that of a full bucket.
            at_most: remaining + spent + if full { 0.0 } else { 1.0 },
            full,
            may_have_overflowed,
        };
        match self.claim {
            Some(claim) if sent_at < claim.not_before => {
                self.announcements_lie |= sample.at_least >= claim.given + 1.0;
            }
            _ => self.claim = None,
        }
        self.refill.learn(sample, self.slack);
        if self.rate().is_some() || full {
            self.from_reserve = 0;
        }
        self.announced = self.local_reset(headers, now, unix);
        if self.claim.is_none() {
            self.claim = self.announced.map(|next| Claim { not_before: next.earliest, given: sample.at_most });
        }
    }

    /// Returns whether the bucket may have been full since the last response, so that its refill cannot be seen.
    fn may_have_overflowed(&self, sent_at: f64) -> bool {
        self.reading.is_some_and(|latest| {
            let refilled = 2.0 * self.refill.peak() * (sent_at - latest.sent_at).max(0.0);
            latest.remaining + refilled + 1.0 >= self.limit
        })
    }

    fn change_limit(&mut self, limit: f64, now: f64) {
        self.limit = limit;
        self.refill = RefillRate::default();
        self.reading = None;
        self.announced = None;
        self.claim = None;
        self.share.resize(limit, self.in_flight.spent(), now);
    }

    fn measure_slack(&mut self, round_trip: f64) {
        if round_trip <= 0.0 {
            return;
        }
        if self.round_trip == 0.0 {
            self.round_trip = round_trip;
            self.slack = round_trip / 2.0;
        }
        let variation = (round_trip - self.round_trip).abs();
        self.slack += 0.1 * (4.0 * variation + 0.002 - self.slack);
        self.slack = self.slack.min(0.25);
        self.round_trip += 0.1 * (round_trip - self.round_trip);
    }

    /// Returns the reset by the local clock.
    fn local_reset(&self, headers: &RateHeaders, now: f64, unix: f64) -> Option<Announced> {
        let (earliest, latest, farthest) = match headers.reset? {
            Reset::In(seconds) => (seconds - 1.0, seconds, LONGEST_NAMED_WAIT),
            Reset::At(at) => match self.clock.ahead() {
                Some((least, most)) => (at - 1.0 - (unix + most), at - (unix + least), LONGEST_NAMED_WAIT),
                // Without the server's time, a reset far away shows that the clocks differ.
                None => (at - 2.0 - unix, at - unix, FARTHEST_RESET),
            },
        };
        let believable = latest.abs() <= farthest;
        believable.then_some(Announced { earliest: now + earliest - GRACE, latest: now + latest + GRACE })
    }
}
