//! The queue of the calls that count against one limit.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    rate_limiter::Rejected,
    waiters::{Waiter, Waiters},
};
use crate::concurrency::{Mutex, MutexGuard, now, timeout_at};

/// The shortest time that a timer can wait.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);
/// How long the first call in the queue may be overdue before other calls check the limit. Its runtime may have stopped.
const NEGLECTED: Duration = Duration::from_secs(5);
/// The largest difference between two times that count as the same.
const SAME_TIME: Duration = Duration::from_millis(10);
/// The longest wait that a forecast returns: a year.
const LONGEST_WAIT: f64 = 365.0 * 24.0 * 3600.0;

/// Where the permits of a [`LimitQueue`] come from. The queue calls it under its lock.
pub trait PermitSource {
    /// Returns until when the next request has to wait at least, or `None` if it may be sent now. `waiting` is the number of
    /// calls in the queue.
    fn wait_until(&mut self, now: Instant, waiting: usize) -> Option<Instant>;

    /// Takes a permit for a request that may be sent now. Returns the number of the request.
    fn take(&mut self, now: Instant) -> u64;

    /// Takes back the permit of a request that was not sent.
    fn give_back(&mut self, number: u64, now: Instant);

    /// Returns when waiting calls can be sent at the earliest.
    fn forecast(&self, now: Instant) -> Forecast;
}

/// When waiting calls can be sent at the earliest.
#[derive(Debug, Clone, Copy)]
pub struct Forecast {
    /// The time of the next request.
    pub earliest: Instant,
    /// The time that the server named, or else `earliest`.
    pub named: Instant,
    /// The shortest time between two requests, in seconds.
    pub interval: f64,
    /// The largest number of requests that are sent at once.
    pub burst: f64,
}

/// Calls that wait for permits. Retries go first, and calls of a kind go in the order of their arrival.
///
/// The first call in the queue waits for the source, and serves the calls behind it.
#[derive(Debug)]
pub struct LimitQueue<S: PermitSource> {
    state: Mutex<State<S>>,
}

#[derive(Debug)]
struct State<S> {
    source: S,
    waiters: Waiters,
    /// When the first call in the queue asks the source again.
    next_check: Instant,
    /// Interval and named time of the forecast by which all waiting calls were checked.
    checked: (f64, Instant),
}

impl<S: PermitSource> LimitQueue<S> {
    /// Creates an empty queue.
    pub fn new(source: S) -> Self {
        let now = now();
        let state = State { source, waiters: Waiters::default(), next_check: now, checked: (0.0, now) };
        Self { state: Mutex::new(state) }
    }

    /// Returns a permit if no other call waits and the source allows a request now.
    pub fn try_acquire(&self) -> Option<u64> {
        let mut state = self.state();
        let now = now();
        let must_wait = state.waiters.first().is_some() || state.source.wait_until(now, 0).is_some();
        (!must_wait).then(|| state.source.take(now))
    }

    /// Waits for a permit. A call whose future is dropped leaves the queue.
    ///
    /// # Errors
    ///
    /// Fails at the deadline, or as soon as the forecast shows that the call cannot be sent in time.
    pub async fn acquire(
        &self,
        is_retry: bool,
        deadline: Option<Instant>,
        longest_wait: Duration,
    ) -> Result<u64, Rejected> {
        let is_late = |now| deadline.is_some_and(|deadline| now >= deadline);
        if is_late(now()) {
            return Err(Rejected::Deadline);
        }
        let waiter = Arc::new(Waiter::new(is_retry, deadline, longest_wait));
        let mut waiting = Waiting { queue: self, waiter: &waiter, has_result: false };
        self.state().join(&waiter, now());
        loop {
            let now = now();
            if is_late(now) {
                return waiting.result().unwrap_or(Err(Rejected::Deadline));
            }
            let check_at = {
                let mut state = self.state();
                if state.waiters.is_first(&waiter) || now >= state.next_check + NEGLECTED {
                    state.serve(now);
                }
                let next_check = state.next_check;
                if state.waiters.is_first(&waiter) { next_check } else { next_check.max(now) + NEGLECTED }
            };
            if let Some(result) = waiting.result() {
                return result;
            }
            let until = deadline.map_or(check_at, |deadline| deadline.min(check_at));
            drop(timeout_at(until, waiter.changed.notified()).await);
        }
    }

    /// Changes the source, and then serves the calls that it allows now.
    pub fn update<T>(&self, change: impl FnOnce(&mut S) -> T) -> T {
        let mut state = self.state();
        let result = change(&mut state.source);
        if state.waiters.first().is_some() {
            state.serve(now());
        }
        result
    }

    /// Reads the source.
    pub fn inspect<T>(&self, read: impl FnOnce(&S) -> T) -> T {
        read(&self.state().source)
    }

    fn state(&self) -> MutexGuard<'_, State<S>> {
        // The state is numbers and a queue, which a panic cannot leave incomplete.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: PermitSource> State<S> {
    fn join(&mut self, waiter: &Arc<Waiter>, now: Instant) {
        let ahead = self.waiters.ahead_of(waiter);
        if !self.source.forecast(now).rejects(waiter, ahead, now) {
            self.waiters.push(Arc::clone(waiter));
            self.serve(now);
        }
    }

    /// Gives permits to waiting calls as far as the source allows, and sets the time of the next check.
    fn serve(&mut self, now: Instant) {
        let Some(first) = self.waiters.first().cloned() else { return };
        let until = loop {
            if self.waiters.first().is_none() {
                return;
            }
            if let Some(until) = self.source.wait_until(now, self.waiters.count()) {
                break until.max(now + SHORTEST_WAIT);
            }
            let number = self.source.take(now);
            if let Some(served) = self.waiters.pop() {
                served.finish(Ok(number));
            }
        };
        self.reject_late(now);
        let is_sooner = until + SHORTEST_WAIT < self.next_check;
        self.next_check = until;
        if let Some(present) = self.waiters.first()
            && (is_sooner || !Arc::ptr_eq(&first, present))
        {
            present.changed.notify_one();
        }
    }

    /// Rejects calls that cannot be sent in time. Checks the first call each time, and the others if the forecast changed.
    fn reject_late(&mut self, now: Instant) {
        let forecast = self.source.forecast(now);
        while self.waiters.first().is_some_and(|first| forecast.rejects(first, 0, now)) {
            self.waiters.pop();
        }
        let (interval, named) = self.checked;
        let is_other_time = forecast.named.max(named) - forecast.named.min(named) > SAME_TIME;
        if (forecast.named > now && is_other_time) || (forecast.interval - interval).abs() > interval * 0.05 {
            self.checked = (forecast.interval, forecast.named);
            self.waiters.retain(|waiter, ahead| !forecast.rejects(waiter, ahead, now));
        }
    }
}

impl Forecast {
    /// Rejects a call with this number of calls ahead of it if it cannot be sent in time. Returns whether it did.
    #[allow(clippy::cast_precision_loss)] // queues are far shorter than 2^52
    fn rejects(&self, waiter: &Waiter, ahead: usize, now: Instant) -> bool {
        let behind = (ahead as f64 - self.burst.max(0.0)).max(0.0);
        let sent_at = self.earliest + Duration::from_secs_f64((behind * self.interval).min(LONGEST_WAIT));
        let is_late = waiter.deadline.is_some_and(|deadline| sent_at >= deadline)
            || self.named.saturating_duration_since(now) > waiter.longest_wait;
        if is_late {
            waiter.finish(Err(Rejected::TooLong(self.named.max(sent_at).saturating_duration_since(now))));
        }
        is_late
    }
}

/// A call in the queue. If it is dropped, it leaves the queue or gives its permit back.
struct Waiting<'a, S: PermitSource> {
    queue: &'a LimitQueue<S>,
    waiter: &'a Arc<Waiter>,
    has_result: bool,
}

impl<S: PermitSource> Waiting<'_, S> {
    fn result(&mut self) -> Option<Result<u64, Rejected>> {
        let result = self.waiter.take_result();
        self.has_result |= result.is_some();
        result
    }
}

impl<S: PermitSource> Drop for Waiting<'_, S> {
    fn drop(&mut self) {
        if self.has_result {
            return;
        }
        // Results are set under this lock, so none is set after the check.
        let mut state = self.queue.state();
        match self.result() {
            Some(Ok(number)) => {
                let now = now();
                state.source.give_back(number, now);
                state.serve(now);
            }
            Some(Err(_)) => {}
            None => {
                let was_first = state.waiters.is_first(self.waiter);
                state.waiters.leave(self.waiter);
                if was_first && let Some(first) = state.waiters.first() {
                    // Now this call checks the source.
                    first.changed.notify_one();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::pin};

    use futures_util::FutureExt as _;
    use tokio::time::timeout;

    use super::*;
    use crate::pacing::{Pacing, clock::Clock, local_limit::LocalLimit};

    const LONGEST: Duration = Duration::from_secs(600);

    /// One call a second. The first one was sent.
    fn queue() -> LimitQueue<LocalLimit> {
        let fixed = Pacing::Fixed { per_second: 1.0, burst: 1 };
        let queue = LimitQueue::new(LocalLimit::new(Clock::starting_now(), fixed, 1.0, fastrand::Rng::with_seed(0)));
        assert!(queue.try_acquire().is_some());
        queue
    }

    fn is_waiting<T>(acquire: impl Future<Output = T>) -> bool {
        acquire.now_or_never().is_none()
    }

    #[tokio::test(start_paused = true)]
    async fn dropped_calls_delay_no_other_call() {
        let queue = queue();
        let first = pin!(queue.acquire(false, None, LONGEST));
        let mut first = first.fuse();
        assert!((&mut first).now_or_never().is_none());
        for _ in 0..100 {
            assert!(is_waiting(queue.acquire(false, None, LONGEST)));
        }
        let soon = Some(now() + Duration::from_secs(5));
        let (first, soon) = tokio::join!(first, queue.acquire(false, soon, LONGEST));
        assert!(first.is_ok() && soon.is_ok(), "{soon:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn first_call_without_polls_delays_no_other_call() {
        let queue = queue();
        let mut held = pin!(queue.acquire(false, None, LONGEST));
        assert!(held.as_mut().now_or_never().is_none());
        let second = timeout(Duration::from_secs(10), queue.acquire(false, None, LONGEST)).await;
        assert!(second.is_ok_and(|permit| permit.is_ok()));
        assert!(held.await.is_ok(), "it has a permit by now");
    }
}
