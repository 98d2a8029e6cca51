//! Models of shared state. A checker chooses the next task at each lock, atomic, wait and timer.
//!
//! Run `RUSTFLAGS="--cfg shuttle" cargo test -p auth0-transport --lib model`. It prints a schedule that breaks an invariant, which
//! `shuttle::replay` repeats.

mod limiter;
mod tokens;

use std::{
    cell::Cell,
    sync::{Arc, atomic::Ordering},
};

use shuttle::{
    Config, MaxSteps, Runner,
    scheduler::{PctScheduler, RandomScheduler},
};

use crate::concurrency::{AtomicBool, advance, restart};

/// The number of schedules of each scheduler.
const SCHEDULES: usize = 2_000;
/// A model that takes more steps has lost a wake-up.
const LONGEST: usize = 100_000;

/// Runs the model under many schedules, which are random or have few changes of priority.
fn check(model: impl Fn() + Send + Sync + 'static) {
    let model = Arc::new(move || {
        restart();
        POLLS.set(0);
        fastrand::seed(7);
        model();
    });
    let mut config = Config::new();
    config.max_steps = MaxSteps::FailAfter(LONGEST);
    config.stack_size = 1 << 20;
    let random = Arc::clone(&model);
    Runner::new(RandomScheduler::new_from_seed(1, SCHEDULES), config.clone()).run(move || random());
    Runner::new(PctScheduler::new_from_seed(1, 3, SCHEDULES), config).run(move || model());
}

/// When the time advances to the next timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    /// Between any two steps of the tasks.
    AtAnyMoment,
    /// When all tasks wait for it.
    WhenAllWait,
}

/// The number of checks without progress after which all tasks count as waiting.
const CHECKS: usize = 60;

thread_local! {
    static POLLS: Cell<usize> = const { Cell::new(0) };
}

/// Spawns a task of the model. Its polls show the clock that it makes progress.
fn task<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> shuttle::future::JoinHandle<T> {
    let mut future = Box::pin(future);
    shuttle::future::spawn(std::future::poll_fn(move |context| {
        POLLS.set(POLLS.get() + 1);
        future.as_mut().poll(context)
    }))
}

/// Runs the first task of the model and the clock.
fn run<T: Send + 'static>(time: Time, first: impl Future<Output = T> + Send + 'static) -> T {
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    let clock = shuttle::thread::spawn(move || {
        let (mut polls, mut checks) = (0, 0);
        while !over.load(Ordering::SeqCst) {
            (polls, checks) = if polls == POLLS.get() { (polls, checks + 1) } else { (POLLS.get(), 0) };
            if time == Time::AtAnyMoment || checks > CHECKS {
                advance();
                checks = 0;
            }
            shuttle::thread::yield_now();
        }
    });
    let output = shuttle::future::block_on(task(first)).expect("no task panics");
    is_over.store(true, Ordering::SeqCst);
    clock.join().expect("the clock does not panic");
    output
}
