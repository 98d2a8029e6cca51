//! One bucket, and the calls that wait for it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::timeout_at};

use super::{
    Pacing,
    bucket::{Bucket, Decision},
    clock::Clock,
    fixed::FixedRate,
    headers::RateHeaders,
    hold::Hold,
    rate_limiter::{Completion, PermitRequest, Rejected},
};

/// Timers are no finer.
const SHORTEST_WAIT: f64 = 0.001;

/// A limit of the tenant: its bucket, the hold after a refusal, and the queue of calls.
#[derive(Debug)]
pub(super) struct Line {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    hold: Hold,
    /// Calls that were refused or failed go before those that were not sent yet.
    retries: VecDeque<Arc<Waiter>>,
    first: VecDeque<Arc<Waiter>>,
}

#[derive(Debug)]
enum Pace {
    Adaptive(Bucket),
    Fixed(FixedRate),
    /// Only listens, so that the quota can be asked.
    Off(Bucket),
}

#[derive(Debug)]
struct Waiter {
    deadline: Option<f64>,
    longest_wait: f64,
    verdict: Mutex<Option<Result<u64, Rejected>>>,
    changed: Notify,
}

/// What a line knows of its limit.
pub(super) struct Knowledge {
    pub(super) limit: f64,
    pub(super) level: f64,
    pub(super) rate: Option<f64>,
    pub(super) held_until: Option<f64>,
}

impl Line {
    pub(super) fn new(pacing: Pacing, share: f64, random: fastrand::Rng) -> Self {
        let pace = match pacing {
            Pacing::Adaptive => Pace::Adaptive(Bucket::new(share)),
            Pacing::Fixed { per_second, burst } => Pace::Fixed(FixedRate::new(per_second, burst)),
            Pacing::Off => Pace::Off(Bucket::new(1.0)),
        };
        let hold = Hold::new(random);
        Self { state: Mutex::new(State { pace, hold, retries: VecDeque::new(), first: VecDeque::new() }) }
    }

    /// A permit at once, if nobody waits, the limit allows it, and nobody will wait for the answer.
    pub(super) fn try_acquire(&self, clock: &Clock) -> Option<u64> {
        let mut state = self.state();
        if state.waiting() > 0 {
            return None;
        }
        let now = clock.now();
        if let Pace::Adaptive(bucket) = &mut state.pace
            && bucket.is_probing(now)
        {
            return None;
        }
        match state.decide(now) {
            Decision::Send => Some(state.send(now)),
            Decision::Wait(_) => None,
        }
    }

    /// Waits for a permit. Dropping the future gives the place up.
    pub(super) async fn acquire(&self, clock: &Clock, request: &PermitRequest<'_>) -> Result<u64, Rejected> {
        let waiter = Arc::new(Waiter {
            deadline: request.deadline.map(|deadline| clock.seconds(deadline)),
            longest_wait: request.longest_wait.as_secs_f64(),
            verdict: Mutex::new(None),
            changed: Notify::new(),
        });
        let mut place = Place { line: self, clock, waiter: &waiter, settled: false };
        {
            let mut state = self.state();
            let queue = if request.retry { &mut state.retries } else { &mut state.first };
            queue.push_back(Arc::clone(&waiter));
        }
        loop {
            let now = clock.now();
            let wake_at = self.state().advance(now);
            if let Some(verdict) = place.verdict() {
                return verdict;
            }
            if waiter.deadline.is_some_and(|deadline| now >= deadline) {
                return Err(Rejected::Deadline);
            }
            let is_head = self.state().head().is_some_and(|head| Arc::ptr_eq(head, &waiter));
            let until = wake_at.filter(|_| is_head).into_iter().chain(waiter.deadline).reduce(f64::min);
            match until {
                Some(until) => drop(timeout_at(clock.instant(until), waiter.changed.notified()).await),
                None => waiter.changed.notified().await,
            }
        }
    }

    /// A request with a permit ended. After a refusal, returns for how long nothing is sent.
    pub(super) fn complete(&self, number: u64, completion: &Completion<'_>, clock: &Clock) -> Option<Duration> {
        let now = clock.now();
        let mut state = self.state();
        let held = state.complete(number, completion, now, clock.unix(now));
        state.advance(now);
        held
    }

    /// Takes in what an answer says whose request was counted against another limit by mistake.
    pub(super) fn learn(&self, completion: &Completion<'_>, clock: &Clock) -> Option<Duration> {
        let number = self.state().send(clock.now());
        self.complete(number, completion, clock)
    }

    pub(super) fn knowledge(&self, clock: &Clock) -> Option<Knowledge> {
        let now = clock.now();
        let state = self.state();
        let held_until = (state.hold.until() > now).then_some(state.hold.until());
        match &state.pace {
            Pace::Adaptive(bucket) | Pace::Off(bucket) => (bucket.is_known() || held_until.is_some()).then(|| {
                Knowledge { limit: bucket.limit(), level: bucket.level(now), rate: bucket.rate(), held_until }
            }),
            Pace::Fixed(fixed) => Some(Knowledge {
                limit: fixed.burst(),
                level: fixed.level(now),
                rate: Some(fixed.per_second()),
                held_until,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is numbers and a queue; no panic leaves it half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn waiting(&self) -> usize {
        self.retries.len() + self.first.len()
    }

    fn head(&self) -> Option<&Arc<Waiter>> {
        self.retries.front().or_else(|| self.first.front())
    }

    fn decide(&mut self, now: f64) -> Decision {
        match &mut self.pace {
            Pace::Off(_) => Decision::Send,
            _ if now < self.hold.until() => Decision::Wait(self.hold.until()),
            Pace::Adaptive(bucket) => bucket.decide(now),
            Pace::Fixed(fixed) => fixed.decide(now),
        }
    }

    fn send(&mut self, now: f64) -> u64 {
        match &mut self.pace {
            Pace::Adaptive(bucket) | Pace::Off(bucket) => bucket.send(now),
            Pace::Fixed(fixed) => fixed.send(now),
        }
    }

    /// Serves the queue as far as the limit allows. Returns when to come back, which the first in the queue does.
    fn advance(&mut self, now: f64) -> Option<f64> {
        let before = self.head().cloned();
        let until = loop {
            self.head()?;
            match self.decide(now) {
                Decision::Send => {
                    let number = self.send(now);
                    self.settle_head(Ok(number));
                }
                Decision::Wait(until) => break until.max(now + SHORTEST_WAIT),
            }
        };
        self.reject_hopeless(now);
        let head = self.head()?;
        if before.is_none_or(|before| !Arc::ptr_eq(&before, head)) {
            head.changed.notify_one();
        }
        Some(until)
    }

    /// Tells the calls that cannot be served before their deadline, or not within the longest wait that they accept.
    fn reject_hopeless(&mut self, now: f64) {
        let (earliest, named) = self.earliest(now);
        let interval = match &self.pace {
            Pace::Adaptive(bucket) | Pace::Off(bucket) => 1.0 / bucket.rate_at_most(),
            Pace::Fixed(fixed) => 1.0 / fixed.per_second(),
        };
        let mut ahead = 0.0;
        for queue in [&mut self.retries, &mut self.first] {
            queue.retain(|waiter| {
                let served = earliest + ahead * interval;
                let too_late = waiter.deadline.is_some_and(|deadline| served >= deadline);
                if too_late || named - now > waiter.longest_wait {
                    waiter.settle(Err(Rejected::TooLong(seconds(named.max(served) - now))));
                    return false;
                }
                ahead += 1.0;
                true
            });
        }
    }

    /// The earliest time at which the next request may possibly be sent, and the time that the server named for it.
    fn earliest(&self, now: f64) -> (f64, f64) {
        if now < self.hold.until() {
            return (self.hold.until(), self.hold.named_until());
        }
        let earliest = match &self.pace {
            Pace::Adaptive(bucket) => bucket.earliest(now),
            Pace::Fixed(fixed) => fixed.earliest(now),
            Pace::Off(_) => now,
        };
        (earliest, earliest)
    }

    fn settle_head(&mut self, verdict: Result<u64, Rejected>) {
        let head = self.retries.pop_front().or_else(|| self.first.pop_front());
        if let Some(head) = head {
            head.settle(verdict);
        }
    }

    fn complete(&mut self, number: u64, completion: &Completion<'_>, now: f64, unix: f64) -> Option<Duration> {
        let bucket = match &mut self.pace {
            Pace::Adaptive(bucket) | Pace::Off(bucket) => bucket,
            Pace::Fixed(fixed) => {
                if matches!(completion, Completion::NotSent) {
                    fixed.not_sent();
                }
                let Completion::Refused { retry_after, .. } = *completion else { return None };
                return Some(self.hold.refused(retry_after, None, number, fixed.last_number(), now));
            }
        };
        match *completion {
            Completion::NotSent => bucket.not_sent(number),
            Completion::Lost => bucket.lost(number),
            Completion::Answered { headers, success } => {
                let headers = RateHeaders::read(headers);
                if !success && headers.remaining.is_none() {
                    bucket.unmetered(number);
                    return None;
                }
                bucket.answered(number, &headers, now, unix);
                self.hold.accepted();
            }
            Completion::Refused { headers, retry_after } => {
                let last = bucket.last_number();
                let reset = bucket.refused(number, &RateHeaders::read(headers), now, unix);
                return Some(self.hold.refused(retry_after, reset, number, last, now));
            }
        }
        None
    }
}

impl Waiter {
    fn settle(&self, verdict: Result<u64, Rejected>) {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
        self.changed.notify_one();
    }
}

/// A waiter's place in the queue, given up when it is dropped.
struct Place<'a> {
    line: &'a Line,
    clock: &'a Clock,
    waiter: &'a Arc<Waiter>,
    settled: bool,
}

impl Place<'_> {
    fn verdict(&mut self) -> Option<Result<u64, Rejected>> {
        let verdict = self.waiter.verdict.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.settled |= verdict.is_some();
        verdict
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        match self.verdict() {
            // Granted, but nobody is there any more to use it.
            Some(Ok(number)) => drop(self.line.complete(number, &Completion::NotSent, self.clock)),
            Some(Err(_)) => {}
            None => {
                let mut state = self.line.state();
                state.retries.retain(|waiter| !Arc::ptr_eq(waiter, self.waiter));
                state.first.retain(|waiter| !Arc::ptr_eq(waiter, self.waiter));
                state.advance(self.clock.now());
            }
        }
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}
