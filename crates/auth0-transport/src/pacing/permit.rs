//! Leave to send, and what came of it.

use std::time::Duration;

use http::HeaderMap;

use super::{
    flight::Flight,
    headers::RateHeaders,
    limiter::{Limiter, Pace},
};

/// How a request ended, as far as pacing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The API did what was asked.
    Answered,
    /// No success: it may come from something in front of the API, which knows no limit.
    AnsweredInstead,
    /// 429, with the wait that `Retry-After` names.
    Refused(Option<Duration>),
}

/// Leave to send one request. Dropped unsent, it gives its place back; dropped unsettled, the request counts as lost.
pub(crate) struct Permit<'a> {
    limiter: &'a Limiter,
    flight: Option<Flight>,
    taken_at: f64,
    sent: bool,
    settled: bool,
}

impl<'a> Permit<'a> {
    pub(super) fn new(limiter: &'a Limiter, flight: Option<Flight>, taken_at: f64) -> Self {
        Self { limiter, flight, taken_at, sent: false, settled: false }
    }

    /// The request goes out now.
    pub(crate) fn sent(&mut self) {
        self.sent = true;
    }

    /// The headers of its answer are there. For a refusal, says how long nothing will be sent.
    pub(crate) fn answered(mut self, outcome: Outcome, headers: &HeaderMap) -> Option<Duration> {
        self.settled = true;
        let limiter = self.limiter;
        let headers = RateHeaders::read(headers);
        let now = limiter.now();
        let unix = limiter.began_unix + now;
        let mut state = limiter.state();
        let held = if let Outcome::Refused(retry_after) = outcome {
            let reset = match (&mut state.pace, self.flight) {
                (Pace::Adaptive(adaptive) | Pace::Off(adaptive), Some(flight)) => {
                    adaptive.refused(flight, &headers, now, unix)
                }
                _ => None,
            };
            let until = state.hold.refused(retry_after, reset, self.taken_at, now);
            Some(Duration::from_secs_f64((until - now).max(0.0)))
        } else {
            if let (Pace::Adaptive(adaptive) | Pace::Off(adaptive), Some(flight)) = (&mut state.pace, self.flight) {
                adaptive.answered(flight, &headers, outcome == Outcome::Answered, now, unix);
            }
            if outcome == Outcome::Answered || headers.remaining.is_some() {
                state.hold.accepted();
            }
            None
        };
        drop(state);
        limiter.changed.notify_waiters();
        held
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        let mut state = self.limiter.state();
        match (&mut state.pace, self.flight) {
            (Pace::Fixed(fixed), _) if !self.sent => fixed.give_back(),
            (Pace::Adaptive(adaptive) | Pace::Off(adaptive), Some(flight)) if !self.sent => adaptive.turn_back(flight),
            (Pace::Adaptive(adaptive) | Pace::Off(adaptive), Some(flight)) => adaptive.lose(flight),
            _ => {}
        }
        drop(state);
        self.limiter.changed.notify_waiters();
    }
}
