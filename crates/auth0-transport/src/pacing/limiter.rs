//! One bucket for each limit of the tenant.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use super::{
    Completion, Pacing, Permit, PermitFuture, PermitRequest, Quota, RateLimiter,
    clock::Clock,
    endpoint::Endpoint,
    headers::RateHeaders,
    hold::LONGEST_HOLD,
    limit_queue::{LimitQueue, PermitSource},
    local_limit::LocalLimit,
};
use crate::concurrency::{RwLock, RwLockReadGuard, RwLockWriteGuard, now};

/// The number of endpoints whose limit is remembered. The others count against the general limit.
const MOST_ENDPOINTS: usize = 1024;
/// The id of a permit contains the number of the request in this number of bits, and the index of the queue above them.
const NUMBER_BITS: u32 = 48;

type Queue = LimitQueue<LocalLimit>;

/// Learns the limits of a tenant from its responses, within this process.
///
/// An endpoint counts against the general limit, unless it is known to have a limit of its own, or its responses name
/// another limit than those of most endpoints.
pub(crate) struct Limiter {
    clock: Clock,
    pacing: Pacing,
    share: f64,
    general: Queue,
    own: RwLock<OwnLimits>,
}

/// Limits of single endpoints.
#[derive(Default)]
struct OwnLimits {
    queues: Vec<Arc<Queue>>,
    of_endpoint: HashMap<Endpoint, OwnLimit>,
    /// The limit in the last response of each endpoint.
    named: HashMap<Endpoint, u32>,
    general: Option<u32>,
}

/// The queue of an endpoint with a limit of its own. The first index is 1.
#[derive(Clone, Copy)]
struct OwnLimit {
    index: usize,
    /// False while the responses of the endpoint name the general limit.
    is_used: bool,
}

impl Limiter {
    pub(crate) fn new(pacing: Pacing, share: f64) -> Self {
        Self::with_clock(Clock::starting_now(), pacing, share, fastrand::Rng::new())
    }

    pub(super) fn with_clock(clock: Clock, pacing: Pacing, share: f64, random: fastrand::Rng) -> Self {
        let general = LimitQueue::new(LocalLimit::new(clock, pacing, share, random));
        Self { clock, pacing, share, general, own: RwLock::default() }
    }

    /// Returns the queue of an endpoint, or 0 for the general one.
    fn queue(&self, endpoint: Endpoint) -> (usize, Option<Arc<Queue>>) {
        let known = self.own().of_endpoint.get(&endpoint).copied();
        match known {
            Some(OwnLimit { is_used: false, .. }) => (0, None),
            Some(OwnLimit { index, .. }) => (index, self.own_queue(index)),
            None if matches!(endpoint, Endpoint::Class(_)) && !self.is_fixed() => self.add_own(endpoint),
            None => (0, None),
        }
    }

    fn own_queue(&self, index: usize) -> Option<Arc<Queue>> {
        let at = index.checked_sub(1)?;
        self.own().queues.get(at).cloned()
    }

    /// Gives an endpoint a limit of its own, if there is room.
    fn add_own(&self, endpoint: Endpoint) -> (usize, Option<Arc<Queue>>) {
        let mut own = self.own_mut();
        let OwnLimits { queues, of_endpoint, .. } = &mut *own;
        if let Some(known) = of_endpoint.get_mut(&endpoint) {
            known.is_used = true;
            return (known.index, queues.get(known.index - 1).cloned());
        }
        if queues.len() >= MOST_ENDPOINTS {
            return (0, None);
        }
        let limit = LocalLimit::new(self.clock, self.pacing, self.share, fastrand::Rng::new());
        let queue = Arc::new(LimitQueue::new(limit));
        queues.push(Arc::clone(&queue));
        let index = queues.len();
        of_endpoint.insert(endpoint, OwnLimit { index, is_used: true });
        (index, Some(queue))
    }

    fn is_fixed(&self) -> bool {
        matches!(self.pacing, Pacing::Fixed { .. })
    }

    /// Records the limit that a response named. Returns whether the endpoint has a limit of its own.
    fn has_own_limit(&self, endpoint: Endpoint, limit: u32) -> bool {
        {
            let own = self.own();
            let is_general = own.general == Some(limit);
            match endpoint {
                Endpoint::Class(_) => return !is_general,
                Endpoint::Other(_) if is_general && own.named.get(&endpoint) == Some(&limit) => return false,
                Endpoint::Other(_) => {}
            }
        }
        let mut own = self.own_mut();
        if own.named.len() < MOST_ENDPOINTS || own.named.contains_key(&endpoint) {
            own.named.insert(endpoint, limit);
        }
        let endpoints = |limit: u32| own.named.values().filter(|known| **known == limit).count();
        let general = match own.general {
            Some(general) if endpoints(general) >= endpoints(limit) => general,
            _ => limit,
        };
        own.general = Some(general);
        limit != general
    }

    /// Returns whether a response is about a limit of its endpoint alone, or `None` if it is not known.
    fn is_of_own_limit(&self, endpoint: Endpoint, completion: &Completion<'_>, headers: &RateHeaders) -> Option<bool> {
        let retry_after = match completion {
            Completion::RateLimited { retry_after, .. } => Some(retry_after.unwrap_or_default()),
            Completion::Responded { .. } => None,
            Completion::NotSent | Completion::Lost => return None,
        };
        // All endpoints together are not limited for such a long time.
        let wait = retry_after.map(|wait| wait.as_secs_f64().max(headers.seconds_to_reset().unwrap_or_default()));
        if wait.is_some_and(|wait| wait > LONGEST_HOLD) {
            return Some(true);
        }
        if self.is_fixed() {
            return None;
        }
        if let Some(retry_after) = retry_after {
            // A 429 of the general limit has no tokens left. With `Retry-After`, the headers describe another limit.
            let general = || self.general.inspect(LocalLimit::knowledge);
            let has_tokens = headers.remaining.is_some_and(|remaining| remaining >= 1.0)
                || (!retry_after.is_zero() && general().is_some_and(|known| known.level >= 2.0));
            // Before any other response, a 429 of one endpoint does not concern the others.
            if has_tokens || (headers.limit.is_some() && self.own().general.is_none()) {
                return Some(true);
            }
            if !retry_after.is_zero() {
                return None;
            }
        }
        Some(self.has_own_limit(endpoint, whole(headers.limit?)))
    }

    fn own(&self) -> RwLockReadGuard<'_, OwnLimits> {
        self.own.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn own_mut(&self) -> RwLockWriteGuard<'_, OwnLimits> {
        self.own.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RateLimiter for Limiter {
    fn try_acquire(&self, request: &PermitRequest<'_>) -> Option<Permit> {
        let (index, queue) = self.queue(request.endpoint);
        let number = queue.as_deref().unwrap_or(&self.general).try_acquire()?;
        Some(permit(index, number))
    }

    fn acquire<'a>(&'a self, request: &'a PermitRequest<'a>) -> PermitFuture<'a> {
        Box::pin(async move {
            loop {
                let (index, queue) = self.queue(request.endpoint);
                let queue = queue.as_deref().unwrap_or(&self.general);
                let number = queue.acquire(request.retry, request.deadline, request.longest_wait).await?;
                // A response may have shown meanwhile that the endpoint counts against another limit.
                if self.queue(request.endpoint).0 == index {
                    return Ok(permit(index, number));
                }
                complete(queue, number, &Completion::NotSent, &RateHeaders::default());
            }
        })
    }

    fn complete(&self, request: &PermitRequest<'_>, permit: Permit, completion: &Completion<'_>) -> Option<Duration> {
        let (index, number) = ((permit.id() >> NUMBER_BITS) as usize, permit.id() & ((1 << NUMBER_BITS) - 1));
        let headers = match completion {
            Completion::Responded { headers, .. } | Completion::RateLimited { headers, .. } => {
                RateHeaders::read(headers)
            }
            Completion::NotSent | Completion::Lost => RateHeaders::default(),
        };
        let own = self.own_queue(index);
        let counted = own.as_deref().unwrap_or(&self.general);
        let added = match self.is_of_own_limit(request.endpoint, completion, &headers) {
            Some(true) if index == 0 => self.add_own(request.endpoint).1,
            Some(false) if index > 0 => {
                if let Some(own) = self.own_mut().of_endpoint.get_mut(&request.endpoint) {
                    own.is_used = false;
                }
                None
            }
            _ => return complete(counted, number, completion, &headers),
        };
        let right = match &added {
            Some(own) => own,
            None if index > 0 => &self.general,
            None => return complete(counted, number, completion, &headers),
        };
        // The request was counted against the wrong limit.
        complete(counted, number, &Completion::NotSent, &headers);
        right.update(|limit| {
            let number = limit.take(now());
            limit.complete(number, completion, &headers)
        })
    }

    fn quota(&self) -> Option<Quota> {
        let known = self.general.inspect(LocalLimit::knowledge)?;
        let held_until = known.held_until.map(|until| UNIX_EPOCH + Duration::from_secs_f64(self.clock.unix(until)));
        let remaining = if held_until.is_some() { 0 } else { whole(known.level) };
        Some(Quota { limit: whole(known.limit), remaining, per_second: known.rate, held_until, alone: false })
    }
}

fn complete(queue: &Queue, number: u64, completion: &Completion<'_>, headers: &RateHeaders) -> Option<Duration> {
    queue.update(|limit| limit.complete(number, completion, headers))
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("quota", &self.quota()).finish_non_exhaustive()
    }
}

fn permit(queue: usize, number: u64) -> Permit {
    Permit::new(((queue as u64) << NUMBER_BITS) | number)
}

/// Rounds down.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates at the limits of the type
fn whole(tokens: f64) -> u32 {
    tokens as u32
}
