//! A model of the server's token bucket, kept up to date by what answers say.
//!
//! Pure: times are seconds since some beginning, given by the caller. `docs/pacing.md` explains how it decides.

mod learn;

use super::{
    in_flight::InFlight,
    refill::RefillRate,
    server_clock::ServerClock,
    share::{Share, rate_of_plan},
};

/// Seconds after which a probe is not waited for any longer.
const PROBE_TIMEOUT: f64 = 1.0;
/// Seconds without an answer after which the level is not relied on for more than one request.
const STALE: f64 = 3.0;
/// Resets further off than this many seconds are tried out by a probe before they are waited for.
const FARTHEST_RESET: f64 = 60.0;
/// Tokens that are kept until the refill rate is known: they pay for the requests that find it out.
const RESERVE: f64 = 3.0;

/// What a request has to wait for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Decision {
    Send,
    /// Until then, or until an answer comes.
    Wait(f64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    /// The level is unknown: at the start, after a refusal, after a pause. One request goes and the others wait for its
    /// answer; `allowed` grows only while no answer comes at all.
    Probing { since: u64, allowed: u32, out: u32 },
    /// Requests go while the level allows it.
    Metering,
    /// The server sends no rate headers.
    Unlimited,
}

/// The answer that the level rests on: the one that the server counted last, as far as can be told.
#[derive(Debug, Clone, Copy)]
struct Reading {
    sent_at: f64,
    remaining: f64,
}

/// When the server says that it adds a token: resets are rounded up to a second, and its clock is known to a second.
#[derive(Debug, Clone, Copy)]
struct Announced {
    earliest: f64,
    latest: f64,
}

/// What the server said of its next token, to be held against what comes.
#[derive(Debug, Clone, Copy)]
struct Claim {
    /// It adds none before.
    not_before: f64,
    /// Tokens ever given, at most, when it was said.
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
    /// By how many seconds requests may overtake each other.
    slack: f64,
    round_trip: f64,
    announced: Option<Announced>,
    claim: Option<Claim>,
    /// Tokens came in before the server said that they would.
    announcements_lie: bool,
    margin: f64,
    last_answer_at: f64,
    headerless: u32,
    /// Requests that went out of the reserve since the last refill was seen.
    from_reserve: i32,
    clock: ServerClock,
    share: Share,
}

impl Bucket {
    /// `share` is the part of the limit and of the refill rate to stay below, at most 1.
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
            last_answer_at: 0.0,
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

    /// Tokens a second, once tokens were seen coming in.
    pub(super) fn rate(&self) -> Option<f64> {
        self.refill.known()
    }

    /// The highest number of requests a second that may be possible. Where others spend, too, which refusals tell, nothing is
    /// known of it: they may stop.
    pub(super) fn rate_at_most(&self) -> f64 {
        let is_alone = self.mode != Mode::Unlimited && self.margin < 0.25;
        if is_alone { self.refill.at_most() * self.share.part() } else { f64::INFINITY }
    }

    /// How many tokens a request sent at `now` will find, at least, if nobody else spends any.
    ///
    /// The delay between client and server cancels out: both requests take the same way, and what differs is within
    /// `slack`.
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
        let silent_since = self.last_answer_at.max(self.in_flight.last_sent_at());
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
        // A timer that fires on the dot may find the level a rounding error too low.
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

    /// What was reported is spent down to a reserve. From there requests go in intervals that grow, until one finds more
    /// than the one before left, or the bucket is empty.
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
        let silent = self.last_answer_at.max(self.in_flight.last_sent_at()) + PROBE_TIMEOUT;
        if now < silent {
            return Decision::Wait(silent);
        }
        self.start_probing();
        self.decide_probe(now)
    }

    /// When a token is surely added, if the server said so and its word is good.
    fn next_addition(&self, now: f64) -> Option<Announced> {
        let next = self.announced.filter(|_| !self.announcements_lie)?;
        (next.latest > now && next.latest - now <= FARTHEST_RESET).then_some(next)
    }

    /// When one request may go although others who share the bucket may have emptied it: answers are needed to learn
    /// that they have not.
    fn overdue_at(&self, now: f64) -> f64 {
        let silent = self.last_answer_at.max(self.in_flight.last_sent_at()) + PROBE_TIMEOUT;
        self.next_addition(now).map_or(silent, |next| next.latest.max(silent))
    }

    fn is_overdue(&self, now: f64) -> bool {
        now >= self.overdue_at(now)
    }

    /// How many requests may go at once, at most, when the level becomes known again.
    pub(super) fn burst(&self) -> f64 {
        if self.mode == Mode::Metering { 0.0 } else { self.limit * self.share.part() }
    }

    /// The earliest time at which the next request can possibly be sent.
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

    /// Until when this client's share is used up.
    fn wait_for_share(&mut self, now: f64) -> Option<f64> {
        // Answers that contradict the plan's rate are right.
        let of_plan = rate_of_plan(self.limit).min(self.refill.bound());
        let rate = self.rate().unwrap_or(0.0).max(of_plan);
        self.share.used_up_until(now, self.limit, rate, self.in_flight.last_sent_at() + PROBE_TIMEOUT)
    }

    fn start_probing(&mut self) {
        self.mode = Mode::Probing { since: self.in_flight.last_number(), allowed: 1, out: 0 };
    }

    /// A request goes out. Returns its number.
    pub(super) fn send(&mut self, now: f64) -> u64 {
        if let Mode::Probing { out, .. } = &mut self.mode {
            *out += 1;
        }
        self.share.spend();
        self.in_flight.send(now)
    }

    /// The request with this number was not sent after all.
    pub(super) fn not_sent(&mut self, number: u64) {
        self.probe_ended(number);
        self.share.give_back();
        self.in_flight.unspent(number);
    }

    /// The request ended without an answer: it may have been counted.
    pub(super) fn lost(&mut self, number: u64) {
        if self.unmetered(number)
            && let Mode::Probing { allowed, .. } = &mut self.mode
        {
            // Nothing comes back: calls should not have to queue up for failing one after the other.
            *allowed = allowed.saturating_mul(2);
        }
    }

    /// An answer that is no success and has no rate headers: it may come from something in front of the API. Returns
    /// whether the request was a probe.
    pub(super) fn unmetered(&mut self, number: u64) -> bool {
        let was_probe = self.probe_ended(number);
        self.in_flight.lost(number);
        was_probe
    }

    /// Whether it was a probe.
    fn probe_ended(&mut self, number: u64) -> bool {
        let Mode::Probing { since, out, .. } = &mut self.mode else { return false };
        let is_probe = number > *since;
        *out = out.saturating_sub(u32::from(is_probe));
        is_probe
    }
}
