//! How many calls of a set of handles are in flight at once.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::Waker,
};

use futures_util::task::AtomicWaker;
use tokio::sync::{Semaphore, SemaphorePermit};

/// A limit for the calls in flight of all handles that share it. Waiting between calls does not count. Without a limit by
/// default.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallLimit {
    shared: Option<Arc<Shared>>,
    start: Option<Arc<Start>>,
}

struct Shared {
    calls: Semaphore,
    most: usize,
    /// Pieces of work that were started and have not made their first call.
    starting: AtomicUsize,
    /// The stream that starts them.
    waker: AtomicWaker,
}

/// A piece of work until its first call, or until its handles are dropped.
struct Start {
    shared: Arc<Shared>,
    over: AtomicBool,
}

impl CallLimit {
    pub(crate) fn new(calls: NonZeroUsize) -> Self {
        let most = calls.get().min(Semaphore::MAX_PERMITS);
        let shared =
            Shared { calls: Semaphore::new(most), most, starting: AtomicUsize::new(0), waker: AtomicWaker::new() };
        Self { shared: Some(Arc::new(shared)), start: None }
    }

    /// The limit for one more piece of work.
    pub(crate) fn start(&self) -> Self {
        let start = self.shared.clone().map(|shared| {
            shared.starting.fetch_add(1, Ordering::Relaxed);
            Arc::new(Start { shared, over: AtomicBool::new(false) })
        });
        Self { shared: self.shared.clone(), start }
    }

    /// Waits until one more call may be sent; it counts until what is returned is dropped.
    pub(crate) async fn acquire(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        let permit = self.shared.as_ref()?.calls.acquire().await.ok();
        if let Some(start) = &self.start {
            start.end();
        }
        permit
    }

    /// Whether to start one more piece of work: no more of them wait for their first call than calls are allowed. The
    /// waker is woken when that changes.
    pub(crate) fn may_start(&self, waker: &Waker) -> bool {
        self.shared.as_ref().is_none_or(|shared| {
            shared.waker.register(waker);
            shared.starting.load(Ordering::Relaxed) < shared.most
        })
    }
}

impl Start {
    fn end(&self) {
        if !self.over.swap(true, Ordering::Relaxed) {
            self.shared.starting.fetch_sub(1, Ordering::Relaxed);
            self.shared.waker.wake();
        }
    }
}

impl Drop for Start {
    fn drop(&mut self) {
        self.end();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shared").field("most", &self.most).finish_non_exhaustive()
    }
}

impl fmt::Debug for Start {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Start").field("over", &self.over).finish_non_exhaustive()
    }
}
