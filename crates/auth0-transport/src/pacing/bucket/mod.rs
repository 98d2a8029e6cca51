//! A model of the server's token bucket, which learns from responses.
//!
//! Times are seconds since the start of a clock that the caller reads. `docs/pacing.md` explains the decisions.

mod learn;

use super::{
    in_flight::InFlight,
    refill::RefillRate,
    server_clock::ServerClock,
    share::{Share, rate_of_plan},
};

/// The longest wait for the response to a probe, in seconds.
const PROBE_TIMEOUT: f64 = 1.0;
/// The number of seconds without a response after which the level is only used for one request.
const STALE: f64 = 3.0;
/// A reset that is more seconds away is tested by a probe.
const FARTHEST_RESET: f64 = 60.0;
/// The number of tokens that are reserved for the requests that measure the refill rate.
const RESERVE: f64 = 3.0;

/// Whether a request may be sent now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Decision {
    Send,
    /// Not before this time, unless a response arrives.
    Wait(f64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    /// The level is not known: at the start, after a 429 and after a pause. One request is sent, and the others wait for its
    /// response. `allowed` only grows while there is no response.
    Probing { since: u64, allowed: u32, out: u32 },
    /// Requests are sent while the level allows it.
    Metering,
    /// The server sends no rate limit headers.
    Unlimited,
}

/// The response that the level is based on. The server probably counted its request last.
#[derive(Debug, Clone, Copy)]
struct Reading {
    sent_at: f64,
    remaining: f64,
}

/// When the server adds a token. Resets are rounded up to a second, and the server's clock is known to a second.
#[derive(Debug, Clone, Copy)]
struct Announced {
    earliest: f64,
    latest: f64,
}

/// An announcement of the next token, to be checked against later responses.
#[derive(Debug, Clone, Copy)]
struct Claim {
    /// The server adds no token before this time.
    not_before: f64,
    /// The largest number of tokens that the server had added until the announcement.
    given: f64,
}

/// The model.
#[derive(Debug)]
pub(super) struct Bucket {
    mode: Mode,
    limit: f64,
    reading: Option<Reading>,
    in_flight: InFlight,
    refill: RefillRate,
    /// The number of seconds by which requests may overtake each other.
    slack: f64,
    round_trip: f64,
    announced: Option<Announced>,
    claim: Option<Claim>,
    /// Whether tokens arrived earlier than announced.
    announcements_lie: bool,
    margin: f64,
    last_response_at: f64,
    headerless: u32,
    /// The number of requests from the reserve since the last refill was seen.
    from_reserve: i32,
    clock: ServerClock,
    share: Share,
}

impl Bucket {
    /// Creates a bucket of unknown size. `share` is the part of the limit and of the refill rate that is used, at most 1.
    pub(super) fn new(share: f64) -> Self {
        Self {
            mode: Mode::Probing { since: 0, allowed: 1, out: 0 },
            limit: 0.0,
            reading: None,
            in_flight: InFlight::default(),
            refill: RefillRate::default(),
            slack: 0.0,
            round_trip: 0.0,
            announced: None,
            claim: None,
            announcements_lie: false,
            margin: 0.0,
            last_response_at: 0.0,
            headerless: 0,
            from_reserve: 0,
            clock: ServerClock::default(),
            share: Share::new(share),
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.reading.is_some()
    }

    pub(super) fn limit(&self) -> f64 {
        self.limit
    }

    /// Returns the tokens per second, once a refill was seen.
    pub(super) fn rate(&self) -> Option<f64> {
        self.refill.known()
    }

    /// Returns the highest rate of requests that may be possible. 429s show that other programs use the limit. Their use may
    /// end, so the rate is then not bounded.
    pub(super) fn rate_at_most(&self) -> f64 {
        let is_alone = self.mode != Mode::Unlimited && self.margin < 0.25;
        if is_alone { self.refill.at_most() * self.share.part() } else { f64::INFINITY }
    }

    /// Returns the number of tokens that a request sent now finds at least, if no other program takes one.
    ///
    /// The delay between client and server cancels out, because it is the same for both requests, except for `slack`.
    pub(super) fn level(&self, now: f64) -> f64 {
        let Some(reading) = self.reading else { return 0.0 };
        let rate = self.rate().unwrap_or(0.0);
        let (mut level, mut as_of) = (reading.remaining, reading.sent_at + self.slack);
        let mut since = 0.0;
        for sent_at in self.in_flight.times_since(reading.sent_at - self.slack) {
            level = (level + rate * (sent_at - as_of).max(0.0)).min(self.limit) - 1.0;
            as_of = as_of.max(sent_at);
            since += 1.0;
        }
        level += rate * (now - as_of).max(0.0);
        if self.announced.is_some_and(|announced| now >= announced.latest) {
            level = level.max(reading.remaining + 1.0 - since);
        }
        level.min(self.limit)
    }

    pub(super) fn decide(&mut self, now: f64) -> Decision {
        let silent_since = self.last_response_at.max(self.in_flight.last_sent_at());
        if self.mode == Mode::Metering && now - silent_since > STALE {
            self.start_probing();
        }
        match self.mode {
            Mode::Unlimited => Decision::Send,
            Mode::Probing { .. } => self.decide_probe(now),
            Mode::Metering => match self.wait_for_share(now) {
                Some(until) => Decision::Wait(until),
                None => self.decide_by_level(now),
            },
        }
    }

    fn decide_probe(&mut self, now: f64) -> Decision {
        let Mode::Probing { allowed, out, .. } = &mut self.mode else { return Decision::Send };
        if out < allowed {
            return Decision::Send;
        }
        let overdue = self.in_flight.last_sent_at() + PROBE_TIMEOUT;
        if now < overdue {
            return Decision::Wait(overdue);
        }
        *allowed = out.saturating_mul(2);
        Decision::Send
    }

    fn decide_by_level(&mut self, now: f64) -> Decision {
        let level = self.level(now) - self.left_to_others();
        if level >= 1.0 - 1e-6 && self.is_overdue(now) {
            return Decision::Send;
        }
        // At the end of a timer, the level may be too low by a rounding error.
        let needed = 1.0 + self.margin - 1e-6;
        let Some(rate) = self.rate() else { return self.decide_without_rate(level, now) };
        if level >= needed {
            return Decision::Send;
        }
        let mut overdue = self.overdue_at(now);
        if self.next_addition(now).is_none() {
            overdue = overdue.max(now + (1.0 - level).max(0.0) / rate);
        }
        let filled = (now + (needed - level) / rate + 1e-6).min(overdue);
        match self.next_addition(now) {
            Some(next) if filled < next.earliest || filled > next.latest => Decision::Wait(next.latest),
            _ => Decision::Wait(filled),
        }
    }

    /// Uses the reported tokens down to the reserve, and the reserve in growing intervals. It ends when a request finds more
    /// tokens than the previous one left, or the bucket is empty.
    fn decide_without_rate(&mut self, level: f64, now: f64) -> Decision {
        if level >= 1.0 + RESERVE.min((self.limit / 4.0).floor()) {
            return Decision::Send;
        }
        if level >= 1.0 {
            let interval = (4.0 / self.limit.max(1.0)).clamp(0.02, 0.5) * 1.5_f64.powi(self.from_reserve);
            let due = self.in_flight.last_sent_at() + interval;
            if now < due {
                return Decision::Wait(due);
            }
            self.from_reserve += 1;
            return Decision::Send;
        }
        if let Some(next) = self.next_addition(now) {
            return Decision::Wait(next.latest);
        }
        let silent = self.last_response_at.max(self.in_flight.last_sent_at()) + PROBE_TIMEOUT;
        if now < silent {
            return Decision::Wait(silent);
        }
        self.start_probing();
        self.decide_probe(now)
    }

    /// Returns when the server adds a token, if its announcements are reliable.
    fn next_addition(&self, now: f64) -> Option<Announced> {
        let next = self.announced.filter(|_| !self.announcements_lie)?;
        (next.latest > now && next.latest - now <= FARTHEST_RESET).then_some(next)
    }

    /// Returns when one request may be sent although other programs may have emptied the bucket. Its response shows whether
    /// they have.
    fn overdue_at(&self, now: f64) -> f64 {
        let silent = self.last_response_at.max(self.in_flight.last_sent_at()) + PROBE_TIMEOUT;
        self.next_addition(now).map_or(silent, |next| next.latest.max(silent))
    }

    fn is_overdue(&self, now: f64) -> bool {
        now >= self.overdue_at(now)
    }

    /// Returns the largest number of requests that may be sent at once when the level becomes known again.
    pub(super) fn burst(&self) -> f64 {
        if self.mode == Mode::Metering { 0.0 } else { self.limit * self.share.part() }
    }

    /// Returns the earliest time at which the next request can be sent.
    pub(super) fn earliest(&self, now: f64) -> f64 {
        let empty = self.mode == Mode::Metering && self.in_flight.is_empty() && self.level(now) < 1.0;
        match self.next_addition(now) {
            Some(next) if empty => next.earliest.max(now),
            _ => now,
        }
    }

    pub(super) fn last_number(&self) -> u64 {
        self.in_flight.last_number()
    }

    fn left_to_others(&self) -> f64 {
        ((1.0 - self.share.part()) * self.limit).min((self.limit - 1.0 - self.margin).max(0.0))
    }

    /// Returns until when this client's share is used up.
    fn wait_for_share(&mut self, now: f64) -> Option<f64> {
        // Responses override the rate of the plan.
        let of_plan = rate_of_plan(self.limit).min(self.refill.bound());
        let rate = self.rate().unwrap_or(0.0).max(of_plan);
        self.share.used_up_until(now, self.limit, rate, self.in_flight.last_sent_at() + PROBE_TIMEOUT)
    }

    fn start_probing(&mut self) {
        self.mode = Mode::Probing { since: self.in_flight.last_number(), allowed: 1, out: 0 };
    }

    /// Takes a token for a request. Returns the number of the request.
    pub(super) fn send(&mut self, now: f64) -> u64 {
        if let Mode::Probing { out, .. } = &mut self.mode {
            *out += 1;
        }
        self.share.spend();
        self.in_flight.send(now)
    }

    /// Records that the request with this number was not sent.
    pub(super) fn not_sent(&mut self, number: u64) {
        self.probe_ended(number);
        self.share.give_back();
        self.in_flight.unspent(number);
    }

    /// Records that the request ended without a response. The server may have counted it.
    pub(super) fn lost(&mut self, number: u64) {
        if self.unmetered(number)
            && let Mode::Probing { allowed, .. } = &mut self.mode
        {
            // The server does not respond, so more calls may fail at once.
            *allowed = allowed.saturating_mul(2);
        }
    }

    /// Records an error response without rate limit headers, which may be a proxy's. Returns whether the request was a probe.
    pub(super) fn unmetered(&mut self, number: u64) -> bool {
        let was_probe = self.probe_ended(number);
        self.in_flight.lost(number);
        was_probe
    }

    /// Ends a probe. Returns whether the request was one.
    fn probe_ended(&mut self, number: u64) -> bool {
        let Mode::Probing { since, out, .. } = &mut self.mode else { return false };
        let is_probe = number > *since;
        *out = out.saturating_sub(u32::from(is_probe));
        is_probe
    }
}
