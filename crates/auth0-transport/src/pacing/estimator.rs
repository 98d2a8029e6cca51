//! What the headers of answers tell about the server's bucket.
//!
//! A pure model: times are seconds since some beginning, given by the caller.
//!
//! The server has a bucket of tokens. An answer says how many were left when *its* request arrived there. A request
//! sent now arrives later by the same way, so what it will find is what that answer reported, plus what is refilled in
//! the time between the two *sendings*, minus what was sent after it. The one-way delay cancels out; the clocks of client
//! and server do not come in at all. That sum is the level, and every answer sets it anew, so whatever goes wrong with
//! it (other clients, lost requests, a rate that changes) is gone one answer later.
//!
//! The refill rate is what `remaining` and our own spending leave unexplained. Other clients' spending counts against
//! it, which is right: it is the rate that is there for us.

use super::flight::{Flight, InFlight};
use super::rate::{RateEstimate, Sample};

/// Kept unspent in the bucket until it is known how the server refills it: these buy the looks that tell.
const RESERVE: f64 = 3.0;
/// The most tokens that are left to others who share the bucket, to be refused less often.
const MOST_CAUTION: f64 = 4.0;

/// What an answer reported, on our clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) limit: f64,
    pub(super) remaining: f64,
    /// The reset as the server wrote it, to tell whether two readings are of the same window.
    pub(super) window: Option<f64>,
}

/// The model.
#[derive(Debug, Default)]
pub(super) struct Estimator {
    flights: InFlight,
    limit: f64,
    level: f64,
    as_of: f64,
    rate: RateEstimate,
    latest: Option<Latest>,
    /// Seconds from sending to answer, smoothed, and how much they vary.
    round_trip: f64,
    variation: f64,
    /// The level as far as it rests on the last answer alone, without what should have been refilled since.
    certain: f64,
    /// Left in the bucket on top of the margin, because requests were refused although tokens were expected: somebody
    /// else takes them, too.
    caution: f64,
}

/// The answered request that the server counted last, as far as can be told.
#[derive(Debug, Clone, Copy)]
struct Latest {
    number: u64,
    departed_at: f64,
    reading: Reading,
    /// How many had departed when its answer came: those were on their way together with it, or before.
    departed_by_then: u64,
}

impl Estimator {
    pub(super) fn is_informed(&self) -> bool {
        self.latest.is_some()
    }

    pub(super) fn limit(&self) -> f64 {
        self.limit
    }

    pub(super) fn departed(&self) -> u64 {
        self.flights.departed()
    }

    pub(super) fn in_flight(&self) -> u32 {
        self.flights.count()
    }

    /// The refill rate, once it is known that the server refills steadily.
    pub(super) fn rate(&self) -> Option<f64> {
        self.rate.steady()
    }

    /// How many tokens a request sent at `now` will find.
    pub(super) fn level(&self, now: f64) -> f64 {
        let refilled = self.rate().unwrap_or(0.0) * (now - self.as_of).max(0.0);
        (self.level + refilled).min(self.limit)
    }

    /// How many tokens are missing for one more request to go. Beyond the token itself there has to be, once the rate
    /// is known, a margin for requests that overtake each other; before that the reserve, or less in a bucket that is too
    /// small for it.
    pub(super) fn missing(&self, now: f64) -> f64 {
        let level = self.level(now);
        match self.rate() {
            Some(_) if self.certain >= 1.0 + self.caution => 0.0,
            Some(rate) => {
                let overtaking = rate * (0.015 + self.variation.min(0.15));
                1.0 + (0.25 + overtaking).min(self.limit / 8.0) + self.caution - level
            }
            None if self.rate.in_windows() => 1.0 - level,
            None => 1.0 + RESERVE.min((self.limit / 4.0).floor()) - level,
        }
    }

    /// Whether as much as the bucket seems to hold is already on its way on the word of an old answer. Another client
    /// may be reading the same number at the same time.
    pub(super) fn is_overextended(&self, now: f64) -> bool {
        let in_flight = f64::from(self.flights.recent(now));
        let (expected, slack) = match self.rate() {
            Some(rate) => (rate * self.round_trip.min(1.0), 4.0),
            None => (0.0, 1.0),
        };
        in_flight - expected > self.level(now).max(0.0) + slack
    }

    /// Seconds between two looks at a bucket of which nothing but its size is known. The plans' rates are a fifth of
    /// the burst or more, so that a token or so comes in between.
    pub(super) fn look_interval(&self) -> f64 {
        (4.0 / self.limit.max(1.0)).clamp(0.02, 0.5)
    }

    pub(super) fn depart(&mut self, metered: bool, now: f64) -> Flight {
        self.level = self.level(now) - 1.0;
        self.certain -= 1.0;
        self.as_of = now;
        self.flights.depart(metered, now)
    }

    /// The request was never sent.
    pub(super) fn turn_back(&mut self, flight: Flight) {
        self.flights.land(flight);
        self.flights.unspend();
        self.rate.forget_samples(self.flights.departed());
        self.level = (self.level + 1.0).min(self.limit.max(1.0));
    }

    /// The request ended without a word about the limit: it counts as spent.
    pub(super) fn lose(&mut self, flight: Flight) {
        self.flights.land(flight);
        self.rate.forget_samples(self.flights.departed());
    }

    /// The server refused the request: nothing is left, and it took no token.
    pub(super) fn refuse(&mut self, flight: Flight, limit: Option<f64>, now: f64) {
        self.flights.land(flight);
        self.flights.unspend();
        self.limit = limit.unwrap_or(self.limit).max(1.0);
        self.level = 0.0;
        self.certain = 0.0;
        self.as_of = now;
        self.rate.forget_samples(self.flights.departed());
        self.rate.slow_down();
        self.caution = (self.caution + 0.5).min(self.limit / 8.0).min(MOST_CAUTION);
    }

    pub(super) fn learn(&mut self, flight: Flight, reading: Reading, now: f64) {
        self.flights.land(flight);
        let limit_changed = (self.limit - reading.limit).abs() > 0.5 && self.is_informed();
        self.limit = reading.limit.max(1.0);
        if limit_changed {
            self.rate = RateEstimate::default();
        }
        if self.was_counted_before_latest(flight, reading) {
            // It was held to be still on its way, and is now known to have been in the latest answer's number.
            self.level = (self.level + 1.0).min(self.limit);
            self.certain += 1.0;
            return;
        }
        self.caution *= 0.99;
        let round_trip = now - flight.departed_at;
        if self.round_trip == 0.0 {
            self.round_trip = round_trip;
        }
        self.variation += 0.1 * ((round_trip - self.round_trip).abs() - self.variation);
        self.round_trip += 0.1 * (round_trip - self.round_trip);

        let in_order = self.latest.is_none_or(|latest| flight.number > latest.number);
        let later = if in_order { self.flights.departed() - flight.number } else { 0 };
        if in_order {
            self.rate.sample(Sample {
                number: flight.number,
                at: flight.departed_at,
                total: reading.remaining + count(flight.spent),
                excess: f64::from(flight.abreast),
                deficit: count(later),
                window: reading.window,
                full: reading.remaining > self.limit - 1.5,
                metered: flight.metered,
            });
        }
        self.latest = Some(Latest {
            number: flight.number,
            departed_at: flight.departed_at,
            reading,
            departed_by_then: self.flights.departed(),
        });
        let refilled = self.rate().unwrap_or(0.0) * round_trip;
        let still_out = later.min(u64::from(self.flights.count()));
        let unseen = count(still_out.max(u64::from(self.flights.recent(now))));
        self.level = (reading.remaining + refilled).min(self.limit) - unseen;
        self.certain = reading.remaining - unseen;
        self.as_of = now;
    }

    /// Whether the server counted a request before the one whose answer is the latest known. Answers overtake each other
    /// as requests do; between requests that were on their way together, the lower number left is the later count,
    /// unless the refill explains the difference.
    fn was_counted_before_latest(&self, flight: Flight, reading: Reading) -> bool {
        self.latest.is_some_and(|latest| {
            let refilled = self.rate().unwrap_or(0.0) * (flight.departed_at - latest.departed_at).max(0.0);
            flight.number <= latest.departed_by_then
                && reading.window <= latest.reading.window
                && reading.remaining - latest.reading.remaining > refilled
        })
    }

    /// The announced reset passed without anything being added before: the server refills in windows.
    pub(super) fn mark_windowed(&mut self) {
        self.rate.mark_windowed();
    }
}

/// Counts of requests are far below 2^52.
#[allow(clippy::cast_precision_loss)] // see above
fn count(requests: u64) -> f64 {
    requests as f64
}
