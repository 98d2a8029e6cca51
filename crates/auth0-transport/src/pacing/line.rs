//! One bucket, and the calls that wait for it.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use super::{
    Pacing,
    bucket::{Bucket, Decision},
    clock::Clock,
    fixed::FixedRate,
    headers::RateHeaders,
    hold::Hold,
    queue::{Queue, Waiter},
    rate_limiter::{Completion, PermitRequest, Rejected},
};
use crate::concurrency::{Mutex, MutexGuard, timeout_at};

/// Timers are no finer.
const SHORTEST_WAIT: f64 = 0.001;
/// How late the first in the queue may be before others look after it: it may belong to a runtime that nobody drives.
const NEGLECTED: f64 = 5.0;

/// A limit of the tenant: its bucket, the hold after a refusal, and the queue of calls.
#[derive(Debug)]
pub(super) struct Line {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    hold: Hold,
    queue: Queue,
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
                queue: Queue::default(),
                armed: f64::INFINITY,
                scanned: Scan::default(),
            }),
        }
    }

    /// A permit without waiting, if no other call waits and the limit allows it.
    pub(super) fn try_acquire(&self, clock: &Clock) -> Option<u64> {
        let mut state = self.state();
        let now = clock.now();
        if state.queue.head().is_some() || state.decide(now) != Decision::Send {
            return None;
        }
        Some(state.send(now))
    }

    /// Waits for a permit. Dropping the future gives the place up.
    pub(super) async fn acquire(&self, clock: &Clock, request: &PermitRequest<'_>) -> Result<u64, Rejected> {
        let deadline = request.deadline.map(|deadline| clock.seconds(deadline));
        let waiter = Arc::new(Waiter::new(request.retry, deadline, request.longest_wait.as_secs_f64()));
        let now = clock.now();
        if waiter.deadline.is_some_and(|deadline| now >= deadline) {
            return Err(Rejected::Deadline);
        }
        let mut place = Place { line: self, clock, waiter: &waiter, settled: false };
        self.state().join(&waiter, now);
        loop {
            let now = clock.now();
            if waiter.deadline.is_some_and(|deadline| now >= deadline) {
                return place.verdict().unwrap_or(Err(Rejected::Deadline));
            }
            let look_at = {
                let mut state = self.state();
                if state.is_head(&waiter) || now >= state.armed + NEGLECTED {
                    state.advance(now);
                }
                if state.is_head(&waiter) { state.armed } else { state.armed.max(now) + NEGLECTED }
            };
            if let Some(verdict) = place.verdict() {
                return verdict;
            }
            let until = waiter.deadline.map_or(look_at, |deadline| deadline.min(look_at));
            drop(timeout_at(clock.instant(until), waiter.changed.notified()).await);
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
    fn join(&mut self, waiter: &Arc<Waiter>, now: f64) {
        let ahead = self.queue.ahead_of(waiter);
        if !self.prospect(now).reject(waiter, ahead, now) {
            self.queue.push(Arc::clone(waiter));
            self.advance(now);
        }
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

    fn is_head(&mut self, waiter: &Arc<Waiter>) -> bool {
        self.queue.head().is_some_and(|head| Arc::ptr_eq(head, waiter))
    }

    /// Serves the queue as far as the limit allows, and says when the first in the queue has to come back.
    fn advance(&mut self, now: f64) {
        let Some(before) = self.queue.head().cloned() else { return };
        let until = loop {
            if self.queue.head().is_none() {
                return;
            }
            match self.decide(now) {
                Decision::Send => {
                    let number = self.send(now);
                    if let Some(head) = self.queue.pop() {
                        head.settle(Ok(number));
                    }
                }
                Decision::Wait(until) => break until.max(now + SHORTEST_WAIT),
            }
        };
        self.reject_hopeless(now);
        let is_sooner = until < self.armed - SHORTEST_WAIT;
        self.armed = until;
        if let Some(head) = self.queue.head()
            && (is_sooner || !Arc::ptr_eq(&before, head))
        {
            head.changed.notify_one();
        }
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
        self.queue.retain(|waiter, ahead| !prospect.reject(waiter, ahead, now));
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

/// A waiter's place in the queue, given up when it is dropped.
struct Place<'a> {
    line: &'a Line,
    clock: &'a Clock,
    waiter: &'a Arc<Waiter>,
    settled: bool,
}

impl Place<'_> {
    fn verdict(&mut self) -> Option<Result<u64, Rejected>> {
        let verdict = self.waiter.take_verdict();
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
                let was_head = state.is_head(self.waiter);
                state.queue.leave(self.waiter);
                if was_head && let Some(head) = state.queue.head() {
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

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::pin};

    use futures_util::FutureExt as _;
    use http::Method;
    use tokio::time::{Instant, timeout};

    use super::*;
    use crate::pacing::Endpoint;

    fn request(deadline: Option<Instant>) -> PermitRequest<'static> {
        PermitRequest {
            method: &Method::GET,
            path: "/a",
            query: None,
            retry: false,
            deadline,
            longest_wait: Duration::from_secs(600),
            endpoint: Endpoint::of(&Method::GET, "/a", None),
        }
    }

    /// One call a second, the first of which has gone.
    fn line(clock: &Clock) -> Line {
        let line = Line::new(Pacing::Fixed { per_second: 1.0, burst: 1 }, 1.0, fastrand::Rng::with_seed(0));
        assert!(line.try_acquire(clock).is_some());
        line
    }

    fn is_waiting<T>(acquire: impl Future<Output = T>) -> bool {
        acquire.now_or_never().is_none()
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_were_dropped_are_ahead_of_nobody() {
        let clock = Clock::starting_now();
        let line = line(&clock);
        let (first, soon) = (request(None), request(Some(Instant::now() + Duration::from_secs(5))));
        let head = pin!(line.acquire(&clock, &first));
        let mut head = head.fuse();
        assert!((&mut head).now_or_never().is_none());
        for _ in 0..100 {
            assert!(is_waiting(line.acquire(&clock, &first)));
        }
        let (head, soon) = tokio::join!(head, line.acquire(&clock, &soon));
        assert!(head.is_ok() && soon.is_ok(), "{soon:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_in_the_queue_stalls_nobody_when_it_is_not_driven() {
        let clock = Clock::starting_now();
        let line = line(&clock);
        let first = request(None);
        let mut held = pin!(line.acquire(&clock, &first));
        assert!(held.as_mut().now_or_never().is_none());
        let second = timeout(Duration::from_secs(10), line.acquire(&clock, &first)).await;
        assert!(second.is_ok_and(|permit| permit.is_ok()));
        assert!(held.await.is_ok(), "it has had its permit since");
    }
}
