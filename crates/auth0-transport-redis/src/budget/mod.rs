//! One rate limit for all machines.

mod reservations;
mod shared;
#[cfg(test)]
mod simulation;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use auth0_transport::{
    Completion, Permit, PermitFuture, PermitRequest, Quota, RateLimiter,
    limit::{PermitSource, RateHeaders},
};
use tokio::time::Instant;

use self::{
    reservations::{Queue, ReservedPermits, queue},
    shared::{GENERAL, Reservations, Shared},
};
use crate::Redis;

/// The longest time that a 429 pauses all machines.
const LONGEST_HOLD: Duration = Duration::from_secs(120);

/// A burst of this size or more can spare one request.
const LARGE_BURST: f64 = 10.0;

/// The rate limit of a tenant, as its plan states it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Budget {
    pub(crate) burst: f64,
    pub(crate) per_second: f64,
    pub(crate) share: f64,
    pub(crate) alone: f64,
}

impl Budget {
    /// Creates a budget with the burst and the sustained rate of the tenant. Responses of the tenant can lower both.
    pub fn new(burst: u32, per_second: f64) -> Self {
        let per_second = if per_second.is_finite() { per_second.max(0.001) } else { 1.0 };
        Self { burst: f64::from(burst.max(1)), per_second, share: 1.0, alone: 0.1 }
    }

    /// Returns the part of the limit that one process uses without Redis.
    pub(crate) fn part_alone(self) -> f64 {
        self.share * self.alone
    }

    /// Returns the burst that is reserved. A large burst keeps one request in reserve, because requests arrive unevenly.
    pub(crate) fn reserved_burst(self) -> f64 {
        if self.burst < LARGE_BURST { self.burst } else { self.burst - 1.0 }
    }

    /// Sets the part of the limit that all machines with this value use together, above 0 and at most 1. Defaults to 1. The
    /// rest is left to other programs, such as sign-ins and consoles.
    pub fn share(mut self, share: f64) -> Self {
        self.share = part(share);
        self
    }

    /// Sets the part of the [`share`](Self::share) that each process uses without Redis. Defaults to 0.1, so that ten
    /// processes use all of it.
    pub fn share_without_redis(mut self, share: f64) -> Self {
        self.alone = part(share);
        self
    }
}

fn part(share: f64) -> f64 {
    if share.is_finite() { share.clamp(0.001, 1.0) } else { 1.0 }
}

/// A [`RateLimiter`] with a token bucket for each limit of a tenant. All machines use the same buckets.
///
/// A process reserves requests in Redis, each with the time at which it may be sent, by the clock of the Redis server. It
/// reserves for all waiting calls, or for the next moment at the present pace. After a 429 all machines pause until the time
/// that the tenant names, and a channel notifies them at once. If Redis does not respond within 100 ms, the process continues
/// with [its share](Budget::share_without_redis), and tries Redis again each second. [`quota`](RateLimiter::quota) reports
/// that and the lower rate.
///
/// An endpoint with a limit of its own has a bucket of the same size. Responses of the tenant can lower it.
pub struct SharedBudget {
    shared: Arc<dyn Reservations>,
    budget: Budget,
    queues: Arc<Queues>,
}

impl SharedBudget {
    /// Creates the budget of a tenant, given by its domain. Machines with the same domain and Redis share it.
    #[must_use]
    pub fn new(redis: &Redis, tenant: &str, budget: Budget) -> Self {
        let shared = Arc::new(Shared::new(redis.clone(), tenant.to_ascii_lowercase()));
        Self { shared, budget, queues: Arc::default() }
    }

    fn queue(&self, class: Option<&'static str>) -> Arc<Queue> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queues.entry(class).or_insert_with(|| queue(Arc::clone(&self.shared), self.budget, class));
        Arc::clone(queue)
    }
}

type Queues = Mutex<HashMap<Option<&'static str>, Arc<Queue>>>;

/// The reserved requests are all alike, so permits need no id.
const PERMIT: Permit = Permit::new(0);

/// Pauses the queues of a class, because a machine got a 429.
fn hold(queues: &Weak<Queues>, class: &str, wait: Duration) {
    let Some(queues) = queues.upgrade() else { return };
    let queues = queues.lock().unwrap_or_else(PoisonError::into_inner);
    for (_, queue) in queues.iter().filter(|(known, _)| known.unwrap_or(GENERAL) == class) {
        queue.update(|permits| permits.held(wait.min(LONGEST_HOLD)));
    }
}

impl RateLimiter for SharedBudget {
    fn try_acquire(&self, request: &PermitRequest<'_>) -> Option<Permit> {
        self.queue(request.limit_class()).try_acquire().map(|_| PERMIT)
    }

    fn acquire<'a>(&'a self, request: &'a PermitRequest<'a>) -> PermitFuture<'a> {
        let queue = self.queue(request.limit_class());
        Box::pin(async move {
            self.shared.watch(&|| {
                let queues = Arc::downgrade(&self.queues);
                Box::new(move |class, wait| hold(&queues, class, wait))
            });
            queue.acquire(request.retry, request.deadline, request.longest_wait).await?;
            Ok(PERMIT)
        })
    }

    fn complete(&self, request: &PermitRequest<'_>, _: Permit, completion: &Completion<'_>) -> Option<Duration> {
        let queue = self.queue(request.limit_class());
        match completion {
            Completion::NotSent => {
                queue.update(|permits| permits.give_back(0, Instant::now()));
                None
            }
            Completion::Responded { headers, success: true } => {
                queue.update(|permits| permits.observe(&RateHeaders::read(headers)));
                None
            }
            Completion::RateLimited { headers, retry_after } => {
                let reset =
                    || Duration::try_from_secs_f64(RateHeaders::read(headers).seconds_to_reset()?.max(0.0)).ok();
                let wait = retry_after.or_else(reset).unwrap_or(Duration::from_secs(1));
                // A longer wait concerns one endpoint, and its call does not wait for the end.
                if request.limit_class().is_some() || wait <= LONGEST_HOLD || wait <= request.longest_wait {
                    queue.update(|permits| permits.hold(wait.min(LONGEST_HOLD)));
                }
                Some(wait)
            }
            _ => None,
        }
    }

    fn quota(&self) -> Option<Quota> {
        Some(self.queue(None).inspect(ReservedPermits::quota))
    }
}

impl fmt::Debug for SharedBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedBudget").field("budget", &self.budget).finish_non_exhaustive()
    }
}
