//! When the next request may go, by what the server's answers told.

use super::{
    estimator::{Estimator, Reading},
    flight::Flight,
    headers::{LONGEST_NAMED_WAIT, RateHeaders, Reset},
    server_clock::ServerClock,
};

/// After so many seconds without an answer a look is not waited for any longer.
const LOOK_PATIENCE: f64 = 1.0;
/// So many seconds after the last answer the level is no longer relied on for more than one request.
const STALE: f64 = 3.0;
/// After a time that was announced has come, seconds that are waited on top: the server rounds, and its clock is known
/// by whole seconds only.
const GRACE: f64 = 0.05;
/// Resets further off, by a clock that nobody vouches for, are not believed.
const PLAUSIBLE_RESET: f64 = 120.0;

/// Whether a request may go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Decision {
    Go,
    /// Not before then, or until an answer comes.
    Wait(f64),
    /// Not before then, which is when the server said that it adds tokens.
    Empty(f64),
}

/// Paces by the headers of answers.
///
/// Three manners of going, in this order as knowledge grows:
///
/// 1. **Looking**: one request at a time, so that a bucket of unknown state is hit by one request, not by all. At the
///    start, after a refusal, after a long pause.
/// 2. **Spending** what an answer reported, down to a small reserve; then looks in regular intervals, paid from the
///    reserve, until the refill shows.
/// 3. **Metering** at the measured rate. Servers that refill all at once never get here: for them it is 2, a wait for
///    the reset, and 2 again.
#[derive(Debug, Default)]
pub(super) struct Adaptive {
    estimator: Estimator,
    /// An answer came that said nothing about a limit, and none that did.
    unlimited: bool,
    /// Whether only looks may go.
    looking: bool,
    /// Requests up to this number left before the looking began: their answers do not end it.
    looking_since: u64,
    /// Looks that may be on their way at once: 1, more only if nothing comes back at all.
    looks_allowed: u32,
    looks_out: u32,
    /// The next to go was held back for the rate.
    metering: bool,
    last_departure: f64,
    last_reading: f64,
    /// When the next look at a bucket of unknown refill is due, and the pause after it.
    next_look: f64,
    look_pause: f64,
    /// How many looks were paid from the reserve since the last reset.
    paid_looks: u32,
    /// When tokens are added next, on our clock.
    reset: Option<f64>,
    clock: ServerClock,
}

impl Adaptive {
    pub(super) fn new() -> Self {
        Self { looks_allowed: 1, looking: true, ..Self::default() }
    }

    pub(super) fn estimator(&self) -> &Estimator {
        &self.estimator
    }

    pub(super) fn decide(&mut self, now: f64) -> Decision {
        if self.unlimited {
            return Decision::Go;
        }
        if !self.looking && self.is_stale(now) {
            self.start_looking();
        }
        if self.looking {
            return self.decide_look(now);
        }
        let missing = self.estimator.missing(now);
        // A timer that fires on the dot may find the level a rounding error too low.
        if missing <= 1e-6 {
            if self.estimator.is_overextended(now) {
                return Decision::Wait(now + LOOK_PATIENCE);
            }
            return Decision::Go;
        }
        if let Some(rate) = self.estimator.rate() {
            self.metering = true;
            return Decision::Wait(now + missing / rate);
        }
        if self.estimator.level(now) >= 1.0 {
            return self.decide_paid_look(now);
        }
        self.decide_at_reset(now)
    }

    /// One request at a time.
    fn decide_look(&mut self, now: f64) -> Decision {
        if self.looks_out < self.looks_allowed {
            return Decision::Go;
        }
        let patience = self.last_departure + LOOK_PATIENCE;
        if now < patience {
            return Decision::Wait(patience);
        }
        self.looks_allowed = self.looks_out + 1;
        Decision::Go
    }

    /// A look that the reserve pays for, after the burst has come home.
    fn decide_paid_look(&mut self, now: f64) -> Decision {
        let patience = self.last_departure + LOOK_PATIENCE;
        if self.estimator.in_flight() > 0 && now < patience {
            return Decision::Wait(patience);
        }
        let reset = self.next_reset();
        if now >= reset {
            return self.decide_after_reset(now);
        }
        if now < self.next_look {
            return Decision::Wait(self.next_look.min(reset));
        }
        self.paid_looks += 1;
        self.look_pause *= 1.5;
        self.next_look = now + self.look_pause;
        Decision::Go
    }

    /// Nothing is left, and all that is known is when something will be added.
    fn decide_at_reset(&mut self, now: f64) -> Decision {
        let reset = self.next_reset();
        if now < reset {
            // Answers that are still to come may know better.
            let known = self.reset.is_some() && self.estimator.in_flight() == 0;
            return if known { Decision::Empty(reset) } else { Decision::Wait(reset) };
        }
        self.paid_looks += 1;
        self.decide_after_reset(now)
    }

    /// If nothing came in while it was looked for, or while there was nothing, it comes in at resets.
    fn decide_after_reset(&mut self, now: f64) -> Decision {
        if self.paid_looks > 0 {
            self.estimator.mark_windowed();
        }
        self.start_looking();
        self.decide_look(now)
    }

    fn next_reset(&self) -> f64 {
        self.reset.unwrap_or(self.last_reading + 1.0) + GRACE
    }

    fn is_stale(&self, now: f64) -> bool {
        self.estimator.in_flight() == 0 && now - self.last_reading > STALE
    }

    fn start_looking(&mut self) {
        self.looking = true;
        self.looking_since = self.estimator.departed();
        self.looks_allowed = 1;
        self.looks_out = 0;
        self.paid_looks = 0;
    }

    pub(super) fn depart(&mut self, now: f64) -> Flight {
        self.last_departure = now;
        if self.looking {
            self.looks_out += 1;
        }
        self.estimator.depart(std::mem::take(&mut self.metering), now)
    }

    fn is_look(&self, flight: Flight) -> bool {
        self.looking && flight.number > self.looking_since
    }

    fn land_look(&mut self, flight: Flight) {
        if self.is_look(flight) {
            self.looks_out = self.looks_out.saturating_sub(1);
        }
    }

    pub(super) fn turn_back(&mut self, flight: Flight) {
        self.land_look(flight);
        self.estimator.turn_back(flight);
    }

    /// The request ended without an answer.
    pub(super) fn lose(&mut self, flight: Flight) {
        if self.is_look(flight) {
            // Nothing comes back: calls should not have to queue up for failing one after the other.
            self.looks_allowed = self.looks_allowed.saturating_mul(2);
        }
        self.land_look(flight);
        self.estimator.lose(flight);
    }

    pub(super) fn answered(&mut self, flight: Flight, headers: &RateHeaders, trusted: bool, now: f64, unix: f64) {
        let Some(remaining) = headers.remaining else {
            self.land_look(flight);
            self.estimator.lose(flight);
            if trusted && !self.estimator.is_informed() {
                self.unlimited = true;
            }
            return;
        };
        self.unlimited = false;
        self.note_clock(headers, flight, now, unix);
        let reading = Reading {
            limit: headers.limit.unwrap_or_else(|| self.estimator.limit().max(remaining + 1.0)),
            remaining,
            window: match headers.reset {
                Some(Reset::At(at)) => Some(at),
                Some(Reset::In(seconds)) => Some((unix + seconds).floor()),
                None => None,
            },
        };
        self.estimator.learn(flight, reading, now);
        self.reset = self.local_reset(headers, now, unix);
        self.last_reading = now;
        if self.is_look(flight) {
            self.looking = false;
            self.look_pause = self.estimator.look_interval();
            self.next_look = now + self.look_pause;
        }
    }

    /// The server refused the request. Says when, by the headers, it will take one again.
    pub(super) fn refused(&mut self, flight: Flight, headers: &RateHeaders, now: f64, unix: f64) -> Option<f64> {
        self.note_clock(headers, flight, now, unix);
        self.estimator.refuse(flight, headers.limit, now);
        self.unlimited = false;
        self.start_looking();
        self.last_reading = now;
        self.reset = self.local_reset(headers, now, unix);
        self.reset.filter(|reset| *reset > now).map(|reset| reset + GRACE)
    }

    fn note_clock(&mut self, headers: &RateHeaders, flight: Flight, now: f64, unix: f64) {
        if let Some(date) = headers.date {
            self.clock.note(date, unix - (now - flight.departed_at), unix);
        }
    }

    fn local_reset(&self, headers: &RateHeaders, now: f64, unix: f64) -> Option<f64> {
        let (wait, plausible) = match headers.reset? {
            Reset::In(seconds) => (seconds, LONGEST_NAMED_WAIT),
            Reset::At(at) => match self.clock.ahead() {
                Some(ahead) => (at - (unix + ahead), LONGEST_NAMED_WAIT),
                None => (at - unix, PLAUSIBLE_RESET),
            },
        };
        (wait.abs() <= plausible).then_some(now + wait)
    }
}
