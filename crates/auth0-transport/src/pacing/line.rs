//! One bucket, and the calls that wait for it.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use tokio::sync::Notify;

use super::{
    Pacing,
    bucket::{Bucket, Decision},
    clock::Clock,
    fixed::FixedRate,
    headers::RateHeaders,
    hold::Hold,
    rate_limiter::{Completion, PermitRequest, Rejected},
};
use crate::concurrency::{AtomicBool, Mutex, MutexGuard, timeout_at};

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
    /// When the first in the queue looks again.
    armed: f64,
    /// By what the queue was looked through last for calls that cannot be served.
    scanned: Scan,
}

/// What decides whether calls can be served: seconds between two of them, and the times that the server named.
#[derive(Debug, Clone, Copy, Default)]
struct Scan {
    interval: f64,
    named: f64,
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
    /// Nobody waits any more. It stays in the queue until it is the first.
    gone: AtomicBool,
}

/// How a request ended, with what its answer says of the limit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ended {
    NotSent,
    Lost,
    Answered { headers: RateHeaders, success: bool },
    Refused { headers: RateHeaders, retry_after: Option<Duration> },
}

impl Ended {
    pub(super) fn of(completion: &Completion<'_>) -> Self {
        match *completion {
            Completion::NotSent => Self::NotSent,
            Completion::Lost => Self::Lost,
            Completion::Answered { headers, success } => {
                Self::Answered { headers: RateHeaders::read(headers), success }
            }
            Completion::Refused { headers, retry_after } => {
                Self::Refused { headers: RateHeaders::read(headers), retry_after }
            }
        }
    }
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
        Self {
            state: Mutex::new(State {
                pace,
                hold,
                retries: VecDeque::new(),
                first: VecDeque::new(),
                armed: f64::INFINITY,
                scanned: Scan::default(),
            }),
        }
    }

    /// A permit at once, if nobody waits, the limit allows it, and nobody will wait for the answer.
    pub(super) fn try_acquire(&self, clock: &Clock) -> Option<u64> {
        let mut state = self.state();
        let now = clock.now();
        if state.head().is_some() || state.decide(now) != Decision::Send || state.is_probing(now) {
            return None;
        }
        Some(state.send(now))
    }

    /// Waits for a permit. Dropping the future gives the place up.
    pub(super) async fn acquire(&self, clock: &Clock, request: &PermitRequest<'_>) -> Result<u64, Rejected> {
        let waiter = Arc::new(Waiter {
            deadline: request.deadline.map(|deadline| clock.seconds(deadline)),
            longest_wait: request.longest_wait.as_secs_f64(),
            verdict: Mutex::new(None),
            changed: Notify::new(),
            gone: AtomicBool::new(false),
        });
        let now = clock.now();
        if waiter.deadline.is_some_and(|deadline| now >= deadline) {
            return Err(Rejected::Deadline);
        }
        let mut place = Place { line: self, clock, waiter: &waiter, settled: false };
        self.state().join(&waiter, request.retry, now);
        loop {
            let now = clock.now();
            if waiter.deadline.is_some_and(|deadline| now >= deadline) {
                return place.verdict().unwrap_or(Err(Rejected::Deadline));
            }
            let (wake_at, is_head) = {
                let mut state = self.state();
                let wake_at = state.advance(now);
                (wake_at, state.head().is_some_and(|head| Arc::ptr_eq(head, &waiter)))
            };
            if let Some(verdict) = place.verdict() {
                return verdict;
            }
            let until = wake_at.filter(|_| is_head).into_iter().chain(waiter.deadline).reduce(f64::min);
            match until {
                Some(until) => drop(timeout_at(clock.instant(until), waiter.changed.notified()).await),
                None => waiter.changed.notified().await,
            }
        }
    }

    /// A request with a permit ended. After a refusal, returns for how long nothing is sent.
    pub(super) fn complete(&self, number: u64, ended: &Ended, clock: &Clock) -> Option<Duration> {
        let now = clock.now();
        let mut state = self.state();
        let held = state.complete(number, ended, now, clock.unix(now));
        state.advance(now);
        held
    }

    /// Takes in what an answer says whose request was counted against another limit by mistake.
    pub(super) fn learn(&self, ended: &Ended, clock: &Clock) -> Option<Duration> {
        let number = self.state().send(clock.now());
        self.complete(number, ended, clock)
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
    /// The first in the queue who still waits.
    fn head(&mut self) -> Option<&Arc<Waiter>> {
        for queue in [&mut self.retries, &mut self.first] {
            while queue.front().is_some_and(|waiter| waiter.gone.load(Ordering::Relaxed)) {
                queue.pop_front();
            }
        }
        self.retries.front().or_else(|| self.first.front())
    }

    fn is_probing(&mut self, now: f64) -> bool {
        match &mut self.pace {
            Pace::Adaptive(bucket) => bucket.is_probing(now),
            Pace::Fixed(_) | Pace::Off(_) => false,
        }
    }

    fn join(&mut self, waiter: &Arc<Waiter>, retry: bool, now: f64) {
        let ahead = if retry { self.retries.len() } else { self.retries.len() + self.first.len() };
        if self.prospect(now).reject(waiter, ahead, now) {
            return;
        }
        let queue = if retry { &mut self.retries } else { &mut self.first };
        queue.push_back(Arc::clone(waiter));
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
        let before = self.head().cloned()?;
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
        let is_sooner = until < self.armed - SHORTEST_WAIT;
        self.armed = until;
        let head = self.head()?;
        if is_sooner || !Arc::ptr_eq(&before, head) {
            head.changed.notify_one();
        }
        Some(until)
    }

    /// Tells the calls that cannot be served before their deadline, or not within the longest wait that they accept; once
    /// for each change of what they are served by.
    fn reject_hopeless(&mut self, now: f64) {
        let prospect = self.prospect(now);
        let Scan { interval, named } = self.scanned;
        let is_new = prospect.named > now && (prospect.named - named).abs() > 0.01;
        if !is_new && (prospect.interval - interval).abs() <= interval * 0.05 {
            return;
        }
        self.scanned = Scan { interval: prospect.interval, named: prospect.named };
        let mut ahead = 0;
        for queue in [&mut self.retries, &mut self.first] {
            queue.retain(|waiter| {
                let stays = !waiter.gone.load(Ordering::Relaxed) && !prospect.reject(waiter, ahead, now);
                ahead += usize::from(stays);
                stays
            });
        }
    }

    /// When those who wait can be served at best.
    fn prospect(&self, now: f64) -> Prospect {
        let held = now < self.hold.until();
        let (earliest, interval, burst) = match &self.pace {
            Pace::Adaptive(bucket) if held => (self.hold.until(), 1.0 / bucket.rate_at_most(), bucket.limit()),
            Pace::Adaptive(bucket) => (bucket.earliest(now), 1.0 / bucket.rate_at_most(), bucket.burst()),
            Pace::Fixed(fixed) => {
                let earliest = fixed.earliest(now).max(if held { self.hold.until() } else { now });
                (earliest, 1.0 / fixed.per_second(), fixed.level(earliest).floor() - 1.0)
            }
            Pace::Off(_) => (now, 0.0, 0.0),
        };
        let named = if held && !matches!(self.pace, Pace::Off(_)) { self.hold.named_until() } else { earliest };
        Prospect { earliest, named, interval, burst }
    }

    fn settle_head(&mut self, verdict: Result<u64, Rejected>) {
        let head = self.retries.pop_front().or_else(|| self.first.pop_front());
        if let Some(head) = head {
            head.settle(verdict);
        }
    }

    fn complete(&mut self, number: u64, ended: &Ended, now: f64, unix: f64) -> Option<Duration> {
        let bucket = match &mut self.pace {
            Pace::Adaptive(bucket) | Pace::Off(bucket) => bucket,
            Pace::Fixed(fixed) => {
                match ended {
                    Ended::NotSent => fixed.not_sent(),
                    Ended::Answered { success: true, .. } => self.hold.accepted(number),
                    _ => {}
                }
                let Ended::Refused { retry_after, .. } = *ended else { return None };
                return Some(self.hold.refused(retry_after, None, number, fixed.last_number(), now));
            }
        };
        match *ended {
            Ended::NotSent => bucket.not_sent(number),
            Ended::Lost => bucket.lost(number),
            Ended::Answered { headers, success } => {
                if !success && headers.remaining.is_none() {
                    bucket.unmetered(number);
                    return None;
                }
                bucket.answered(number, &headers, now, unix);
                self.hold.accepted(number);
            }
            Ended::Refused { headers, retry_after } => {
                let last = bucket.last_number();
                let reset = bucket.refused(number, &headers, now, unix);
                return Some(self.hold.refused(retry_after, reset, number, last, now));
            }
        }
        None
    }
}

/// When calls can be served at best.
#[derive(Debug, Clone, Copy)]
struct Prospect {
    earliest: f64,
    /// The time that the server named.
    named: f64,
    interval: f64,
    /// How many go at once.
    burst: f64,
}

impl Prospect {
    /// Tells a call with so many ahead of it, if it cannot be served in time. Returns whether it was told.
    #[allow(clippy::cast_precision_loss)] // queues are far shorter than 2^52
    fn reject(&self, waiter: &Waiter, ahead: usize, now: f64) -> bool {
        let behind = (ahead as f64 - self.burst.max(0.0)).max(0.0);
        let served = self.earliest + behind * self.interval;
        let is_late = waiter.deadline.is_some_and(|deadline| served >= deadline);
        let is_hopeless = is_late || self.named - now > waiter.longest_wait;
        if is_hopeless {
            waiter.settle(Err(Rejected::TooLong(seconds(self.named.max(served) - now))));
        }
        is_hopeless
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
        let mut state = self.line.state();
        // Verdicts are given under this lock, so that none comes after this look.
        match self.verdict() {
            Some(Ok(number)) => {
                drop(state);
                self.line.complete(number, &Ended::NotSent, self.clock);
            }
            Some(Err(_)) => {}
            None => {
                let was_head = state.head().is_some_and(|head| Arc::ptr_eq(head, self.waiter));
                self.waiter.gone.store(true, Ordering::Relaxed);
                if was_head && let Some(head) = state.head() {
                    // It has to look after the queue now.
                    head.changed.notify_one();
                }
            }
        }
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}
