//! The requests that a process has reserved, which its calls take one by one.

use std::{
    collections::VecDeque,
    sync::{Arc, Weak},
    time::{Duration, SystemTime},
};

use auth0_transport::{
    Quota,
    limit::{Forecast, LimitQueue, PermitSource, RateHeaders},
};
use tokio::{runtime::Handle, task::AbortHandle, time::Instant};

use super::{
    Budget,
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
/// When a reservation is checked again whose task may have ended with its runtime.
const CHECK: Duration = Duration::from_secs(1);

pub(super) type Queue = LimitQueue<ReservedPermits>;

/// The reserved requests of one process that count against one limit.
pub(super) struct ReservedPermits {
    queue: Weak<Queue>,
    shared: Arc<dyn Reservations>,
    class: Option<&'static str>,
    budget: Budget,
    /// The burst of the budget. Responses can only lower it.
    most: f64,
    /// The largest limit that recent responses named, and the time of that response.
    named: Option<(f64, Instant)>,
    /// The times of the reserved requests, in order.
    slots: VecDeque<Instant>,
    /// The task that reserves more.
    reserving: Option<AbortHandle>,
    /// The number of calls that wait.
    waiting: usize,
    /// The level of the bucket that this process uses without Redis, and the time of the level.
    local: Option<(f64, Instant)>,
    observed: Option<Observed>,
    level: f64,
    held_until: Option<Instant>,
    /// The number of requests since the last reservation, and the time of that reservation.
    taken: u32,
    since: Instant,
    /// Requests per second between the two previous reservations.
    pace: f64,
}

/// Creates the queue of the calls of one process that count against one limit.
pub(super) fn queue(shared: Arc<dyn Reservations>, budget: Budget, class: Option<&'static str>) -> Arc<Queue> {
    Arc::new_cyclic(|queue| {
        LimitQueue::new(ReservedPermits {
            queue: Weak::clone(queue),
            shared,
            class,
            budget,
            most: budget.burst,
            named: None,
            slots: VecDeque::new(),
            reserving: None,
            waiting: 0,
            local: None,
            observed: None,
            level: budget.burst * budget.share,
            held_until: None,
            taken: 0,
            since: Instant::now(),
            pace: 0.0,
        })
    })
}

impl PermitSource for ReservedPermits {
    fn wait_until(&mut self, now: Instant, waiting: usize) -> Option<Instant> {
        self.waiting = waiting;
        while self.slots.front().is_some_and(|slot| now.saturating_duration_since(*slot) > LONGEST_KEPT) {
            self.slots.pop_front();
        }
        let Some(slot) = self.next() else {
            if waiting > 0 {
                self.reserve();
            }
            return Some(now + CHECK);
        };
        (slot > now).then_some(slot)
    }

    fn take(&mut self, now: Instant) -> u64 {
        self.slots.pop_front();
        self.taken += 1;
        if self.runs_out(now) && !self.shared.is_alone() {
            self.reserve();
        }
        0
    }

    fn give_back(&mut self, _: u64, now: Instant) {
        self.slots.push_front(now);
        self.taken = self.taken.saturating_sub(1);
    }

    fn forecast(&self, now: Instant) -> Forecast {
        let earliest = self.next().unwrap_or(now);
        let Budget { burst, per_second, share, .. } = self.budget;
        Forecast { earliest, named: earliest, interval: 1.0 / (per_second * share), burst }
    }
}

impl ReservedPermits {
    /// Reserves in a task, so that no dropped call loses reservations. Does nothing if such a task runs already.
    fn reserve(&mut self) {
        if self.reserving.as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        let (queue, shared, class) = (Weak::clone(&self.queue), Arc::clone(&self.shared), self.class);
        let task = runtime.spawn(async move {
            let start = |permits: &mut Self| {
                (permits.budget, permits.observed.take(), permits.count(Instant::now()), permits.held_until)
            };
            let Some((budget, observed, count, held_until)) = queue.upgrade().map(|queue| queue.update(start)) else {
                return;
            };
            let reserved = if shared.is_gone() { None } else { shared.reserve(class, budget, count, observed).await };
            if let Some(queue) = queue.upgrade() {
                queue.update(|permits| {
                    permits.reserving = None;
                    permits.add(count, reserved.as_deref(), held_until);
                });
            }
        });
        self.reserving = Some(task.abort_handle());
    }

    /// Learns from the headers of a response with a success status.
    pub(super) fn observe(&mut self, headers: &RateHeaders) {
        let now = Instant::now();
        if let Some(limit) = headers.limit.filter(|limit| *limit >= 1.0) {
            if self.named.is_some_and(|(larger, at)| limit < larger && now < at + LIMIT_KEPT) {
                return;
            }
            self.named = Some((limit, now));
            self.budget.burst = limit.min(self.most);
        }
        if let Some(remaining) = headers.remaining {
            self.observed = Some(Observed { remaining, at: now });
        }
    }

    /// Pauses all machines for a time.
    pub(super) fn hold(&mut self, wait: Duration) {
        self.held(wait);
        let Ok(runtime) = Handle::try_current() else { return };
        let (shared, class) = (Arc::clone(&self.shared), self.class);
        runtime.spawn(async move { shared.hold(class, wait).await });
    }

    /// Pauses this process for a time, because a machine got a 429.
    pub(super) fn held(&mut self, wait: Duration) {
        let until = Instant::now() + wait;
        // This hold is known. Later reservations have taken it into account.
        if self.held_until.is_some_and(|present| until <= present + SAME_HOLD) {
            return;
        }
        self.held_until = Some(until);
        self.observed = None;
        self.forget_before(until);
    }

    pub(super) fn quota(&self) -> Quota {
        let alone = self.shared.is_alone();
        let part = if alone { self.budget.part_alone() } else { self.budget.share };
        let held = self.held_until.map(|until| until.saturating_duration_since(Instant::now()));
        let held_until = held.filter(|held| !held.is_zero()).map(|held| SystemTime::now() + held);
        let (burst, rate) = (self.budget.burst * part, self.budget.per_second * part);
        let refilled = if alone { 0.0 } else { self.since.elapsed().as_secs_f64() * rate };
        let mut quota = Quota::new(whole(burst), whole((self.level + refilled).min(burst)));
        (quota.per_second, quota.held_until, quota.alone) = (Some(rate), held_until, alone);
        quota
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
    fn count(&mut self, now: Instant) -> u32 {
        let most = whole(self.budget.per_second * MOST_TIME).max(MOST_AT_ONCE);
        let waiting = u32::try_from(self.waiting).unwrap_or(u32::MAX);
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

    /// Reserves a request without Redis. Returns its time.
    fn reserve_alone(&mut self, now: Instant) -> Instant {
        let part = self.budget.part_alone();
        let (burst, per_second) = ((self.budget.burst * part).max(1.0), self.budget.per_second * part);
        // It starts with one token, because the requests of other processes are not known.
        let (level, at) = self.local.unwrap_or((1.0, now));
        let level = (level + now.saturating_duration_since(at).as_secs_f64() * per_second).min(burst) - 1.0;
        self.local = Some((level, now));
        now + Duration::try_from_secs_f64((-level / per_second).max(0.0)).unwrap_or_default()
    }

    /// Adds reservations, from Redis or without it. `known` is the hold at the time of the request.
    fn add(&mut self, count: u32, reserved: Option<&[Reserved]>, known: Option<Instant>) {
        let now = Instant::now();
        let Some(reserved) = reserved.filter(|reserved| !reserved.is_empty()) else {
            // One at a time, because Redis may return at any time.
            let slot = self.reserve_alone(now);
            self.slots.push_back(slot);
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

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates at the limits of the type")]
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use http::{HeaderMap, HeaderValue};
    use tokio::{task::JoinHandle, time::sleep};

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
    }

    fn queue(per_second: f64) -> (Arc<FarAway>, Arc<Queue>) {
        let redis = Arc::new(FarAway::default());
        (Arc::clone(&redis), super::queue(redis, Budget::new(100, per_second), None))
    }

    fn take(queue: &Arc<Queue>) -> JoinHandle<()> {
        let queue = Arc::clone(queue);
        tokio::spawn(async move {
            queue.acquire(false, None, Duration::MAX).await.unwrap();
        })
    }

    fn observe(queue: &Queue, limit: u32, remaining: u32) {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", HeaderValue::from(limit));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(remaining));
        queue.update(|permits| permits.observe(&RateHeaders::read(&headers)));
    }

    fn quota(queue: &Queue) -> Quota {
        queue.inspect(ReservedPermits::quota)
    }

    #[tokio::test(start_paused = true)]
    async fn reserves_at_the_rate_without_redis() {
        let (_, queue) = queue(20.0);
        let (start, reserve) = (Instant::now(), || queue.update(|permits| permits.reserve_alone(Instant::now())));
        let times: Vec<_> = (0..4).map(|_| reserve().duration_since(start).as_secs_f64()).collect();
        assert_eq!(times, [0.0, 0.5, 1.0, 1.5]);
        sleep(Duration::from_secs(60)).await;
        let now = Instant::now();
        assert_eq!((0..11).filter(|_| reserve() == now).count(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn smaller_limit_of_one_endpoint_is_ignored() {
        let (_, queue) = queue(10.0);
        observe(&queue, 50, 40);
        observe(&queue, 5, 1);
        let observed = queue.inspect(|permits| permits.observed.unwrap().remaining);
        assert_eq!((quota(&queue).limit, whole(observed)), (50, 40));
        sleep(LIMIT_KEPT).await;
        observe(&queue, 20, 10);
        assert_eq!(quota(&queue).limit, 20, "the tenant has another plan");
        observe(&queue, 500, 400);
        assert_eq!(quota(&queue).limit, 100, "the budget is the maximum");
    }

    #[tokio::test(start_paused = true)]
    async fn remaining_grows_until_the_bucket_is_full() {
        let (_, queue) = queue(10.0);
        take(&queue).await.unwrap();
        assert_eq!(quota(&queue).remaining, 10, "the bucket refilled for a second meanwhile");
        sleep(Duration::from_secs(2)).await;
        assert_eq!(quota(&queue).remaining, 30);
        sleep(Duration::from_secs(60)).await;
        assert_eq!(quota(&queue).remaining, 100);
    }

    #[tokio::test(start_paused = true)]
    async fn returned_reservation_is_used_at_once() {
        let (_, queue) = queue(0.01);
        let began = Instant::now();
        let waiting = take(&queue);
        sleep(Duration::from_secs(5)).await;
        queue.update(|permits| permits.give_back(0, Instant::now()));
        waiting.await.unwrap();
        assert_eq!(began.elapsed(), Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn hold_drops_a_pending_reservation() {
        let (redis, queue) = queue(1000.0);
        let waiting = take(&queue);
        sleep(Duration::from_millis(500)).await;
        queue.update(|permits| permits.held(Duration::from_secs(3)));
        waiting.await.unwrap();
        assert_eq!(redis.0.load(Ordering::Relaxed), 2, "it is reserved again");
    }
}
