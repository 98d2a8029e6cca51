//! Time and tasks under the model checker. The model advances the time to the next timer.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};

use futures_util::future::{Either, select};
use tokio::time::Instant;

thread_local! {
    static BEGAN: Instant = Instant::now();
    static ELAPSED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    static TIMERS: RefCell<BTreeMap<(Duration, u64), Waker>> = const { RefCell::new(BTreeMap::new()) };
    static LAST: Cell<u64> = const { Cell::new(0) };
}

/// Resets the time and removes all timers, before each schedule.
#[cfg(test)]
pub(crate) fn restart() {
    ELAPSED.set(Duration::ZERO);
    LAST.set(0);
    TIMERS.take();
}

/// Advances to the next timer. Returns whether there was one.
#[cfg(test)]
pub(crate) fn advance() -> bool {
    let Some(((at, _), waker)) = TIMERS.with_borrow_mut(BTreeMap::pop_first) else { return false };
    ELAPSED.set(ELAPSED.get().max(at));
    waker.wake();
    true
}

pub(crate) fn now() -> Instant {
    BEGAN.with(|began| *began) + ELAPSED.get()
}

pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) {
    drop(shuttle::future::spawn(future));
}

struct Timer {
    at: Duration,
    number: u64,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if ELAPSED.get() >= self.at {
            return Poll::Ready(());
        }
        TIMERS.with_borrow_mut(|timers| timers.insert((self.at, self.number), context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        TIMERS.with_borrow_mut(|timers| timers.remove(&(self.at, self.number)));
    }
}

fn timer(at: Instant) -> Timer {
    LAST.set(LAST.get() + 1);
    Timer { at: at.saturating_duration_since(BEGAN.with(|began| *began)), number: LAST.get() }
}

pub(crate) async fn sleep(time: Duration) {
    timer(now() + time).await;
}

/// The timeout passed.
#[derive(Debug)]
pub(crate) struct Elapsed;

pub(crate) async fn timeout_at<F: Future>(at: Instant, future: F) -> Result<F::Output, Elapsed> {
    match select(pin!(future), pin!(timer(at))).await {
        Either::Left((output, _)) => Ok(output),
        Either::Right(_) => Err(Elapsed),
    }
}

pub(crate) async fn timeout<F: Future>(time: Duration, future: F) -> Result<F::Output, Elapsed> {
    timeout_at(now() + time, future).await
}
