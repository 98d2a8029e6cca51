//! The calls in a queue, in their order.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::rate_limiter::Rejected;
use crate::concurrency::{AtomicBool, Mutex};

/// A call that waits.
#[derive(Debug)]
pub(super) struct Waiter {
    is_retry: bool,
    pub(super) deadline: Option<Instant>,
    pub(super) longest_wait: Duration,
    pub(super) changed: Notify,
    result: Mutex<Option<Result<u64, Rejected>>>,
    /// Whether the call was dropped. It stays in the queue until it is the first one.
    is_dropped: AtomicBool,
}

impl Waiter {
    pub(super) fn new(is_retry: bool, deadline: Option<Instant>, longest_wait: Duration) -> Self {
        let (changed, result, is_dropped) = (Notify::new(), Mutex::new(None), AtomicBool::new(false));
        Self { is_retry, deadline, longest_wait, changed, result, is_dropped }
    }

    pub(super) fn finish(&self, result: Result<u64, Rejected>) {
        *self.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        self.changed.notify_one();
    }

    pub(super) fn take_result(&self) -> Option<Result<u64, Rejected>> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Waiting calls. Retries go first, because they waited before.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    retries: Row,
    others: Row,
}

#[derive(Debug, Default)]
struct Row {
    waiters: VecDeque<Arc<Waiter>>,
    /// The number of dropped calls in it.
    dropped: usize,
}

impl Waiters {
    pub(super) fn push(&mut self, waiter: Arc<Waiter>) {
        self.row(&waiter).waiters.push_back(waiter);
    }

    pub(super) fn first(&mut self) -> Option<&Arc<Waiter>> {
        self.retries.remove_dropped();
        self.others.remove_dropped();
        self.retries.waiters.front().or_else(|| self.others.waiters.front())
    }

    pub(super) fn is_first(&mut self, waiter: &Arc<Waiter>) -> bool {
        self.first().is_some_and(|first| Arc::ptr_eq(first, waiter))
    }

    pub(super) fn pop(&mut self) -> Option<Arc<Waiter>> {
        self.first()?;
        self.retries.waiters.pop_front().or_else(|| self.others.waiters.pop_front())
    }

    pub(super) fn count(&self) -> usize {
        self.retries.count() + self.others.count()
    }

    /// Returns the number of calls that are served before a call that joins now.
    pub(super) fn ahead_of(&self, waiter: &Waiter) -> usize {
        if waiter.is_retry { self.retries.count() } else { self.count() }
    }

    /// Marks a call in the queue as dropped.
    pub(super) fn leave(&mut self, waiter: &Waiter) {
        waiter.is_dropped.store(true, Ordering::Relaxed);
        self.row(waiter).dropped += 1;
    }

    /// Removes calls, judged by themselves and by the number of calls that stay before them.
    pub(super) fn retain(&mut self, mut stays: impl FnMut(&Waiter, usize) -> bool) {
        let mut ahead = 0;
        for row in [&mut self.retries, &mut self.others] {
            row.dropped = 0;
            row.waiters.retain(|waiter| {
                let stays = !waiter.is_dropped.load(Ordering::Relaxed) && stays(waiter, ahead);
                ahead += usize::from(stays);
                stays
            });
        }
    }

    fn row(&mut self, waiter: &Waiter) -> &mut Row {
        if waiter.is_retry { &mut self.retries } else { &mut self.others }
    }
}

impl Row {
    fn count(&self) -> usize {
        self.waiters.len() - self.dropped
    }

    fn remove_dropped(&mut self) {
        while self.waiters.front().is_some_and(|waiter| waiter.is_dropped.load(Ordering::Relaxed)) {
            self.waiters.pop_front();
            self.dropped -= 1;
        }
    }
}
