//! Permits to send requests: the rate limit, and the limits on requests in flight and calls in the queue.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use http::{HeaderMap, StatusCode};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use crate::{
    Completion, Permit, PermitRequest, Quota, RateLimiter, Rejected,
    concurrency::{AtomicUsize, timeout_at},
};

/// Gives permits to requests.
pub(crate) struct Admission {
    limiter: Arc<dyn RateLimiter>,
    waits_after_429: bool,
    in_flight: Option<Semaphore>,
    waiting: AtomicUsize,
    max_waiting: usize,
}

impl Admission {
    pub(crate) fn new(
        limiter: Arc<dyn RateLimiter>,
        waits_after_429: bool,
        max_in_flight: Option<usize>,
        max_waiting: Option<usize>,
    ) -> Self {
        Self {
            limiter,
            waits_after_429,
            in_flight: max_in_flight.map(|most| Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))),
            waiting: AtomicUsize::new(0),
            max_waiting: max_waiting.map_or(usize::MAX, |most| most.max(1)),
        }
    }

    /// Waits for a permit. A call whose future is dropped leaves the queue.
    pub(crate) async fn enter<'a>(&'a self, request: PermitRequest<'a>) -> Result<SendPermit<'a>, Rejected> {
        if let Some(permit) = self.try_enter(request) {
            return Ok(permit);
        }
        let _waiting = Waiting::join(self, request.retry)?;
        loop {
            let permit = self.limiter.acquire(&request).await?;
            let mut permit = self.permit(request, permit, None);
            let Some(slots) = &self.in_flight else { return Ok(permit) };
            if let Ok(slot) = slots.try_acquire() {
                permit.slot = Some(slot);
                return Ok(permit);
            }
            // A call that waits for a slot keeps no permit, and one that waits for a permit keeps no slot, because another
            // call may need only that.
            drop(permit);
            let slot = wait_for_slot(slots, request.deadline).await?;
            if let Some(permit) = self.limiter.try_acquire(&request) {
                return Ok(self.permit(request, permit, slot));
            }
        }
    }

    fn permit<'a>(
        &'a self,
        request: PermitRequest<'a>,
        permit: Permit,
        slot: Option<SemaphorePermit<'a>>,
    ) -> SendPermit<'a> {
        SendPermit { limiter: &*self.limiter, request, permit, sent: false, completed: false, slot }
    }

    /// Returns a permit if one is available now.
    fn try_enter<'a>(&'a self, request: PermitRequest<'a>) -> Option<SendPermit<'a>> {
        let slot = match &self.in_flight {
            Some(slots) => Some(slots.try_acquire().ok()?),
            None => None,
        };
        Some(self.permit(request, self.limiter.try_acquire(&request)?, slot))
    }

    /// Returns whether the limiter waits after a 429, so that calls do not wait by themselves.
    pub(crate) fn waits_after_429(&self) -> bool {
        self.waits_after_429
    }

    pub(crate) fn quota(&self) -> Option<Quota> {
        self.limiter.quota()
    }
}

async fn wait_for_slot(slots: &Semaphore, deadline: Option<Instant>) -> Result<Option<SemaphorePermit<'_>>, Rejected> {
    // The semaphore is never closed.
    match deadline {
        Some(deadline) => timeout_at(deadline, slots.acquire()).await.map(Result::ok).map_err(|_| Rejected::Deadline),
        None => Ok(slots.acquire().await.ok()),
    }
}

/// A waiting call.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    /// Joins the waiting calls. A retry is never rejected.
    fn join(admission: &'a Admission, retry: bool) -> Result<Self, Rejected> {
        let waiting = &admission.waiting;
        let joined = waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| {
            (retry || waiting < admission.max_waiting).then_some(waiting + 1)
        });
        joined.map(|_| Self(waiting)).map_err(|_| Rejected::QueueFull)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A permit to send one request. If it is dropped before the request is sent, it is given back. If it is dropped without a
/// response, the request counts as lost.
pub(crate) struct SendPermit<'a> {
    limiter: &'a dyn RateLimiter,
    request: PermitRequest<'a>,
    permit: Permit,
    sent: bool,
    completed: bool,
    slot: Option<SemaphorePermit<'a>>,
}

impl SendPermit<'_> {
    /// Records that the request is sent now.
    pub(crate) fn sent(&mut self) {
        self.sent = true;
    }

    /// Records the headers of the response. After a 429, returns how long the server accepts no request.
    pub(crate) fn responded(&mut self, completion: &Completion<'_>) -> Option<Duration> {
        self.completed = true;
        self.limiter.complete(&self.request, self.permit, completion)
    }
}

impl Drop for SendPermit<'_> {
    fn drop(&mut self) {
        // The call that gets the permit next needs the slot as well.
        self.slot = None;
        if !self.completed {
            let completion = if self.sent { Completion::Lost } else { Completion::NotSent };
            self.limiter.complete(&self.request, self.permit, &completion);
        }
    }
}

/// Returns how a response counts for the limit.
pub(crate) fn completion(status: StatusCode, headers: &HeaderMap, retry_after: Option<Duration>) -> Completion<'_> {
    if status == StatusCode::TOO_MANY_REQUESTS {
        Completion::RateLimited { headers, retry_after }
    } else {
        Completion::Responded { headers, success: status.is_success() }
    }
}
