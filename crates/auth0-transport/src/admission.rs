//! Leave to send a request: the rate limit, and the caps on what is in flight and in the queue.

use std::sync::{Arc, atomic::Ordering};

use http::HeaderMap;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use crate::{
    Completion, Permit, PermitRequest, Quota, RateLimiter, Rejected,
    concurrency::{AtomicUsize, timeout_at},
};

/// Lets requests out.
pub(crate) struct Admission {
    limiter: Arc<dyn RateLimiter>,
    waits_after_refusals: bool,
    in_flight: Option<Semaphore>,
    waiting: AtomicUsize,
    max_waiting: usize,
}

impl Admission {
    pub(crate) fn new(
        limiter: Arc<dyn RateLimiter>,
        waits_after_refusals: bool,
        max_in_flight: Option<usize>,
        max_waiting: Option<usize>,
    ) -> Self {
        Self {
            limiter,
            waits_after_refusals,
            in_flight: max_in_flight.map(|most| Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))),
            waiting: AtomicUsize::new(0),
            max_waiting: max_waiting.map_or(usize::MAX, |most| most.max(1)),
        }
    }

    /// Waits for leave to send. Dropping the future gives the place up.
    pub(crate) async fn enter<'a>(&'a self, request: PermitRequest<'a>) -> Result<Admitted<'a>, Rejected> {
        if let Some(admitted) = self.try_enter(request) {
            return Ok(admitted);
        }
        let _waiting = Waiting::join(self, request.retry)?;
        loop {
            let permit = self.limiter.acquire(&request).await?;
            let mut admitted = self.admit(request, permit);
            let Some(slots) = &self.in_flight else { return Ok(admitted) };
            if let Ok(slot) = slots.try_acquire() {
                admitted.slot = Some(slot);
                return Ok(admitted);
            }
            // Neither is held while the other one is waited for: that would keep it from calls that need it alone.
            drop(admitted);
            let slot = wait_for_slot(slots, request.deadline).await?;
            if let Some(permit) = self.limiter.try_acquire(&request) {
                let mut admitted = self.admit(request, permit);
                admitted.slot = slot;
                return Ok(admitted);
            }
        }
    }

    fn admit<'a>(&'a self, request: PermitRequest<'a>, permit: Permit) -> Admitted<'a> {
        Admitted { limiter: &*self.limiter, request, permit, sent: false, completed: false, slot: None }
    }

    /// A permit without waiting, if there is one.
    fn try_enter<'a>(&'a self, request: PermitRequest<'a>) -> Option<Admitted<'a>> {
        let slot = match &self.in_flight {
            Some(slots) => Some(slots.try_acquire().ok()?),
            None => None,
        };
        let mut admitted = self.admit(request, self.limiter.try_acquire(&request)?);
        admitted.slot = slot;
        Some(admitted)
    }

    /// Whether the limiter lets nobody through after a refusal, so that calls need not wait themselves.
    pub(crate) fn waits_after_refusals(&self) -> bool {
        self.waits_after_refusals
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

/// One of those who wait.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    /// A call that was let in before is not turned away.
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

/// A permit to send one request. Dropped before the request, it is returned; dropped without a response, the request
/// counts as lost.
pub(crate) struct Admitted<'a> {
    limiter: &'a dyn RateLimiter,
    request: PermitRequest<'a>,
    permit: Permit,
    sent: bool,
    completed: bool,
    slot: Option<SemaphorePermit<'a>>,
}

impl Admitted<'_> {
    /// The request goes out now.
    pub(crate) fn sent(&mut self) {
        self.sent = true;
    }

    /// The headers of an answer are there. After a refusal, returns how long the server wants no request.
    pub(crate) fn answered(&mut self, completion: &Completion<'_>) -> Option<std::time::Duration> {
        self.completed = true;
        self.limiter.complete(&self.request, self.permit, completion)
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        // The slot first: whoever gets the permit then finds it free.
        self.slot = None;
        if !self.completed {
            let completion = if self.sent { Completion::Lost } else { Completion::NotSent };
            self.limiter.complete(&self.request, self.permit, &completion);
        }
    }
}

/// Returns how a response counts for the limit.
pub(crate) fn completion(
    status: http::StatusCode,
    headers: &HeaderMap,
    retry_after: Option<std::time::Duration>,
) -> Completion<'_> {
    if status == http::StatusCode::TOO_MANY_REQUESTS {
        Completion::Refused { headers, retry_after }
    } else {
        Completion::Answered { headers, success: status.is_success() }
    }
}
