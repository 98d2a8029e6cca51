//! The queue of calls of one process that count against one limit.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use auth0_transport::{Quota, Rejected};
use http::HeaderMap;
use tokio::{
    runtime::Handle,
    sync::Notify,
    time::{Instant, timeout_at},
};

use super::{
    Budget, headers,
    local::LocalBucket,
    shared::{Observed, Reservations, Reserved},
};

/// The most requests that are reserved at once, or the requests of [`MOST_TIME`] if that is more. The reservations of a process
/// that ends are lost.
const MOST_AT_ONCE: u32 = 20;
const MOST_TIME: f64 = 0.05;
/// How far a process reserves ahead, at the pace at which it sends, so that no call waits for Redis.
const AHEAD: Duration = Duration::from_millis(100);
/// The largest part of a burst that it reserves ahead, so that a small burst stays available to other machines.
const MOST_OF_BURST: f64 = 0.05;
/// The shortest time over which a pace is measured.
const SHORTEST_PACE: Duration = Duration::from_millis(1);
/// A hold counts as the present one if it ends at most this much later.
const SAME_HOLD: Duration = Duration::from_millis(100);
/// How long a larger limit is remembered. A response with a smaller limit then concerns only its endpoint.
const LIMIT_KEPT: Duration = Duration::from_secs(60);
/// How long an unused reservation is kept.
const LONGEST_KEPT: Duration = Duration::from_secs(5);

pub(super) struct Line {
    shared: Arc<dyn Reservations>,
    class: Option<&'static str>,
    state: Arc<Mutex<State>>,
    /// Held by the first call of the queue.
    turn: tokio::sync::Mutex<()>,
    /// Held while requests are reserved.
    reserving: Arc<tokio::sync::Mutex<()>>,
    waiting: AtomicU32,
    given_back: Notify,
}

struct State {
    budget: Budget,
    /// The burst of the budget. Responses can only lower it.
    most: f64,
    /// The largest limit that recent responses named, and the time of that response.
    named: Option<(f64, Instant)>,
    /// The times of the reserved requests, in order.
    slots: VecDeque<Instant>,
    local: Option<LocalBucket>,
    observed: Option<Observed>,
    level: f64,
    held_until: Option<Instant>,
    /// The number of requests since the last reservation, and the time of that reservation.
    taken: u32,
    since: Instant,
    /// Requests per second between the two previous reservations.
    pace: f64,
}

impl Line {
    pub(super) fn new(shared: Arc<dyn Reservations>, budget: Budget, class: Option<&'static str>) -> Self {
        let state = State {
            budget,
            most: budget.burst,
            named: None,
            slots: VecDeque::new(),
            local: None,
            observed: None,
            level: budget.burst * budget.share,
            held_until: None,
            taken: 0,
            since: Instant::now(),
            pace: 0.0,
        };
        Self {
            shared,
            class,
            state: Arc::new(Mutex::new(state)),
            turn: tokio::sync::Mutex::default(),
            reserving: Arc::default(),
            waiting: AtomicU32::new(0),
            given_back: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Takes a reservation that is due, if no call waits.
    pub(super) fn try_take(&self) -> bool {
        let is_taken = self.turn.try_lock().is_ok_and(|_turn| self.state().take_due(Instant::now()));
        if is_taken {
            self.reserve_ahead();
        }
        is_taken
    }

    /// Waits for a reservation, in the order of arrival.
    pub(super) async fn take(&self, deadline: Option<Instant>, longest_wait: Duration) -> Result<(), Rejected> {
        let _waiting = Waiting::join(&self.waiting);
        let taken = self.wait(deadline, longest_wait);
        match deadline {
            Some(deadline) => timeout_at(deadline, taken).await.unwrap_or(Err(Rejected::Deadline)),
            None => taken.await,
        }
    }

    async fn wait(&self, deadline: Option<Instant>, longest_wait: Duration) -> Result<(), Rejected> {
        let _turn = self.turn.lock().await;
        loop {
            let now = Instant::now();
            let next = {
                let mut state = self.state();
                if state.take_due(now) {
                    drop(state);
                    self.reserve_ahead();
                    return Ok(());
                }
                state.next()
            };
            let Some(slot) = next else {
                self.reserve().await;
                continue;
            };
            let wait = slot.saturating_duration_since(now);
            if wait > longest_wait || deadline.is_some_and(|deadline| slot > deadline) {
                return Err(Rejected::TooLong(wait));
            }
            let _ = timeout_at(slot, self.given_back.notified()).await;
        }
    }

    /// Reserves for all waiting calls, unless another call is doing so.
    async fn reserve(&self) {
        let turn = Arc::clone(&self.reserving).lock_owned().await;
        if self.state().next().is_some() {
            return;
        }
        let waiting = self.waiting.load(Ordering::Relaxed);
        // This fails only if the runtime ends.
        let _ = self.start(turn, waiting.max(1)).await;
    }

    /// Reserves in the background if the reservations will soon be used up.
    fn reserve_ahead(&self) {
        if self.shared.is_alone() || !self.state().runs_out(Instant::now()) || Handle::try_current().is_err() {
            return;
        }
        if let Ok(turn) = Arc::clone(&self.reserving).try_lock_owned() {
            drop(self.start(turn, self.waiting.load(Ordering::Relaxed)));
        }
    }

    /// Reserves in a task, so that reservations are not lost if the call is dropped.
    fn start(&self, turn: tokio::sync::OwnedMutexGuard<()>, waiting: u32) -> tokio::task::JoinHandle<()> {
        let (shared, state, class) = (Arc::clone(&self.shared), Arc::clone(&self.state), self.class);
        tokio::spawn(async move {
            let (budget, observed, count, held_until) = {
                let mut state = lock(&state);
                let count = state.count(waiting, Instant::now());
                (state.budget, state.observed.take(), count, state.held_until)
            };
            let reserved = if shared.is_gone() { None } else { shared.reserve(class, budget, count, observed).await };
            lock(&state).add(count, reserved.as_deref(), held_until);
            drop(turn);
        })
    }

    pub(super) fn give_back(&self) {
        let mut state = self.state();
        state.slots.push_front(Instant::now());
        state.taken = state.taken.saturating_sub(1);
        drop(state);
        self.given_back.notify_one();
    }

    pub(super) fn observe(&self, headers: &HeaderMap) {
        let (mut state, now) = (self.state(), Instant::now());
        if let Some(limit) = headers::limit(headers) {
            if state.named.is_some_and(|(larger, at)| limit < larger && now < at + LIMIT_KEPT) {
                return;
            }
            state.named = Some((limit, now));
            state.budget.burst = limit.min(state.most);
        }
        if let Some(remaining) = headers::remaining(headers) {
            state.observed = Some(Observed { remaining, at: now });
        }
    }

    /// Pauses all machines for a time.
    pub(super) fn hold(&self, wait: Duration) {
        self.held(wait);
        let Ok(runtime) = Handle::try_current() else { return };
        let (shared, class) = (Arc::clone(&self.shared), self.class);
        runtime.spawn(async move { shared.hold(class, wait).await });
    }

    /// Pauses this process for a time, because a machine got a 429.
    pub(super) fn held(&self, wait: Duration) {
        let mut state = self.state();
        let until = Instant::now() + wait;
        // This hold is known. Later reservations have taken it into account.
        if state.held_until.is_some_and(|present| until <= present + SAME_HOLD) {
            return;
        }
        state.held_until = Some(until);
        state.observed = None;
        state.forget_before(until);
    }

    pub(super) fn quota(&self) -> Quota {
        let state = self.state();
        let alone = self.shared.is_alone();
        let part = if alone { state.budget.part_alone() } else { state.budget.share };
        let held = state.held_until.map(|until| until.saturating_duration_since(Instant::now()));
        let held_until = held.filter(|held| !held.is_zero()).map(|held| SystemTime::now() + held);
        let (burst, rate) = (state.budget.burst * part, state.budget.per_second * part);
        let refilled = if alone { 0.0 } else { state.since.elapsed().as_secs_f64() * rate };
        let quota = Quota::new(whole(burst), whole((state.level + refilled).min(burst)));
        quota.per_second(rate).held_until(held_until).alone(alone)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the range of the type")]
fn whole(number: f64) -> u32 {
    number.clamp(0.0, f64::from(u32::MAX)).floor() as u32
}

impl State {
    fn take_due(&mut self, now: Instant) -> bool {
        while self.slots.front().is_some_and(|slot| now.saturating_duration_since(*slot) > LONGEST_KEPT) {
            self.slots.pop_front();
        }
        let is_due =
            self.held_until.is_none_or(|until| until <= now) && self.slots.front().is_some_and(|slot| *slot <= now);
        let is_taken = is_due && self.slots.pop_front().is_some();
        self.taken += u32::from(is_taken);
        is_taken
    }

    /// Returns the requests per second since the last reservation.
    fn pace(&self, now: Instant) -> f64 {
        f64::from(self.taken) / now.saturating_duration_since(self.since).max(SHORTEST_PACE).as_secs_f64()
    }

    /// Returns the number of requests within [`AHEAD`], at the lower of the last two paces. One burst of calls therefore
    /// reserves nothing ahead.
    fn demand(&self, now: Instant) -> u32 {
        let most = self.budget.burst * MOST_OF_BURST + self.budget.per_second * AHEAD.as_secs_f64();
        let demand = self.pace(now).min(self.pace) * AHEAD.as_secs_f64();
        whole(demand.min(most * self.budget.share)).min(self.taken.saturating_mul(2))
    }

    /// Returns the number of requests to reserve now.
    fn count(&mut self, waiting: u32, now: Instant) -> u32 {
        let most = whole(self.budget.per_second * MOST_TIME).max(MOST_AT_ONCE);
        let count = waiting.max(self.demand(now)).clamp(1, most);
        (self.pace, self.taken, self.since) = (self.pace(now), 0, now);
        count
    }

    /// Returns whether less than half of the expected requests are reserved.
    fn runs_out(&self, now: Instant) -> bool {
        let demand = self.demand(now) as usize;
        demand > 1 && self.slots.len() * 2 <= demand && self.slots.back().is_none_or(|slot| *slot <= now + AHEAD)
    }

    /// Returns the time of the next reservation.
    fn next(&self) -> Option<Instant> {
        let slot = *self.slots.front()?;
        Some(self.held_until.map_or(slot, |until| until.max(slot)))
    }

    /// Drops reservations from before a hold. A reservation after its end has taken the hold into account.
    fn forget_before(&mut self, until: Instant) {
        self.slots.retain(|slot| *slot + SAME_HOLD >= until);
    }

    /// Adds reservations, from Redis or without it. `known` is the hold at the time of the request.
    fn add(&mut self, count: u32, reserved: Option<&[Reserved]>, known: Option<Instant>) {
        let now = Instant::now();
        let Some(reserved) = reserved.filter(|reserved| !reserved.is_empty()) else {
            let Budget { burst, per_second, .. } = self.budget;
            let part = self.budget.part_alone();
            let local = self.local.get_or_insert_with(|| LocalBucket::new(burst * part, per_second * part));
            // One at a time, because Redis may return at any time.
            self.slots.push_back(local.reserve());
            self.level = 0.0;
            return;
        };
        self.local = None;
        self.level = reserved.iter().map(|bucket| bucket.level - f64::from(count)).fold(f64::MAX, f64::min);
        for number in 1..=count {
            let seconds = reserved
                .iter()
                .map(|bucket| bucket.from + ((f64::from(number) - bucket.level) / bucket.per_second).max(0.0));
            let seconds = seconds.fold(0.0, f64::max);
            self.slots.push_back(now + Duration::try_from_secs_f64(seconds).unwrap_or_default());
        }
        if let Some(until) = self.held_until.filter(|_| self.held_until != known) {
            self.forget_before(until);
        }
    }
}

/// Counts a waiting call until it is dropped.
struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn join(waiting: &'a AtomicU32) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use http::HeaderValue;
    use tokio::time::sleep;

    use super::*;
    use crate::budget::shared::Reserving;

    /// Reservations that take a second, from an empty bucket.
    #[derive(Default)]
    struct FarAway(AtomicUsize);

    impl Reservations for FarAway {
        fn reserve(
            &self,
            _: Option<&'static str>,
            budget: Budget,
            _: u32,
            _: Option<Observed>,
        ) -> Reserving<'_, Option<Vec<Reserved>>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                sleep(Duration::from_secs(1)).await;
                Some(vec![Reserved { from: 0.0, level: 0.0, per_second: budget.per_second }])
            })
        }

        fn hold(&self, _: Option<&'static str>, _: Duration) -> Reserving<'_, ()> {
            Box::pin(std::future::ready(()))
        }

        fn is_gone(&self) -> bool {
            false
        }

        fn is_alone(&self) -> bool {
            false
        }
    }

    fn line(per_second: f64) -> (Arc<FarAway>, Arc<Line>) {
        let redis = Arc::new(FarAway::default());
        (Arc::clone(&redis), Arc::new(Line::new(redis, Budget::new(100, per_second), None)))
    }

    fn response(limit: u32, remaining: u32) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", HeaderValue::from(limit));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(remaining));
        headers
    }

    #[tokio::test(start_paused = true)]
    async fn smaller_limit_of_one_endpoint_is_ignored() {
        let (_, line) = line(10.0);
        line.observe(&response(50, 40));
        line.observe(&response(5, 1));
        let observed = line.state().observed.unwrap().remaining;
        assert_eq!((line.quota().limit, whole(observed)), (50, 40));
        sleep(LIMIT_KEPT).await;
        line.observe(&response(20, 10));
        assert_eq!(line.quota().limit, 20, "the tenant has another plan");
        line.observe(&response(500, 400));
        assert_eq!(line.quota().limit, 100, "the budget is the maximum");
    }

    #[tokio::test(start_paused = true)]
    async fn remaining_grows_until_the_bucket_is_full() {
        let (_, line) = line(10.0);
        line.take(None, Duration::MAX).await.unwrap();
        assert_eq!(line.quota().remaining, 10, "the bucket refilled for a second meanwhile");
        sleep(Duration::from_secs(2)).await;
        assert_eq!(line.quota().remaining, 30);
        sleep(Duration::from_secs(60)).await;
        assert_eq!(line.quota().remaining, 100);
    }

    #[tokio::test(start_paused = true)]
    async fn returned_reservation_is_used_at_once() {
        let (_, line) = line(0.01);
        let began = Instant::now();
        let waiting = {
            let line = Arc::clone(&line);
            tokio::spawn(async move { line.take(None, Duration::MAX).await })
        };
        sleep(Duration::from_secs(5)).await;
        line.give_back();
        waiting.await.unwrap().unwrap();
        assert_eq!(began.elapsed(), Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn hold_drops_a_pending_reservation() {
        let (redis, line) = line(1000.0);
        let waiting = {
            let line = Arc::clone(&line);
            tokio::spawn(async move { line.take(None, Duration::MAX).await })
        };
        sleep(Duration::from_millis(500)).await;
        line.held(Duration::from_secs(3));
        waiting.await.unwrap().unwrap();
        assert_eq!(redis.0.load(Ordering::Relaxed), 2, "it is reserved again");
    }
}
