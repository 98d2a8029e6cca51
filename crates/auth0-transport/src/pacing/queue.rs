//! The calls that wait for a bucket, in their order.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, atomic::Ordering},
};

use tokio::sync::Notify;

use super::rate_limiter::Rejected;
use crate::concurrency::{AtomicBool, Mutex};

/// A call that waits.
#[derive(Debug)]
pub(super) struct Waiter {
    pub(super) is_retry: bool,
    pub(super) deadline: Option<f64>,
    pub(super) longest_wait: f64,
    pub(super) changed: Notify,
    verdict: Mutex<Option<Result<u64, Rejected>>>,
    /// Nobody waits any more. It stays in the queue until it is the first.
    gone: AtomicBool,
}

impl Waiter {
    pub(super) fn new(is_retry: bool, deadline: Option<f64>, longest_wait: f64) -> Self {
        Self {
            is_retry,
            deadline,
            longest_wait,
            changed: Notify::new(),
            verdict: Mutex::new(None),
            gone: AtomicBool::new(false),
        }
    }

    pub(super) fn settle(&self, verdict: Result<u64, Rejected>) {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
        self.changed.notify_one();
    }

    pub(super) fn take_verdict(&self) -> Option<Result<u64, Rejected>> {
        self.verdict.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }
}

/// Calls that were refused or failed go before those that were not sent yet.
#[derive(Debug, Default)]
pub(super) struct Queue {
    retries: Row,
    first: Row,
}

#[derive(Debug, Default)]
struct Row {
    waiters: VecDeque<Arc<Waiter>>,
    gone: usize,
}

impl Queue {
    pub(super) fn push(&mut self, waiter: Arc<Waiter>) {
        self.row(waiter.is_retry).waiters.push_back(waiter);
    }

    /// The first who still waits.
    pub(super) fn head(&mut self) -> Option<&Arc<Waiter>> {
        self.retries.forget_gone();
        self.first.forget_gone();
        self.retries.waiters.front().or_else(|| self.first.waiters.front())
    }

    /// Takes the first out.
    pub(super) fn pop(&mut self) -> Option<Arc<Waiter>> {
        self.head()?;
        self.retries.waiters.pop_front().or_else(|| self.first.waiters.pop_front())
    }

    /// How many are served before a call that joins now.
    pub(super) fn ahead_of(&self, waiter: &Waiter) -> usize {
        let retries = self.retries.waiting();
        if waiter.is_retry { retries } else { retries + self.first.waiting() }
    }

    /// A call that is in the queue does not wait any more.
    pub(super) fn leave(&mut self, waiter: &Waiter) {
        waiter.gone.store(true, Ordering::Relaxed);
        self.row(waiter.is_retry).gone += 1;
    }

    /// Takes out those who are not to stay, by themselves and by how many stay before them.
    pub(super) fn retain(&mut self, mut stays: impl FnMut(&Waiter, usize) -> bool) {
        let mut ahead = 0;
        for row in [&mut self.retries, &mut self.first] {
            row.gone = 0;
            row.waiters.retain(|waiter| {
                let stays = !waiter.is_gone() && stays(waiter, ahead);
                ahead += usize::from(stays);
                stays
            });
        }
    }

    fn row(&mut self, is_retry: bool) -> &mut Row {
        if is_retry { &mut self.retries } else { &mut self.first }
    }
}

impl Row {
    fn waiting(&self) -> usize {
        self.waiters.len() - self.gone
    }

    fn forget_gone(&mut self) {
        while self.waiters.front().is_some_and(|waiter| waiter.is_gone()) {
            self.waiters.pop_front();
            self.gone -= 1;
        }
    }
}
