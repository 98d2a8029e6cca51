//! Models: what several tasks share, run under a checker that chooses who goes on at each lock, atomic, wait and timer.
//!
//! `RUSTFLAGS="--cfg shuttle" cargo test -p auth0-transport --lib model`. A schedule that breaks a law is printed, and
//! repeated by `shuttle::replay`.

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
/// Schedules that are tried by each of the two schedulers.
const SCHEDULES: usize = 2_000;
/// A model that runs longer has a lost wake-up: a task waits forever.
const LONGEST: usize = 100_000;

/// Runs the model under many schedules: at random, and with few changes of who goes first.
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

/// When time goes on to the next timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    /// Between any two steps of the others: however slow they are.
    AtAnyMoment,
    /// When all of them wait for it.
    WhenAllWait,
}

/// The clock looks so often before it takes all tasks for waiting.
const LOOKS: usize = 60;

thread_local! {
    static POLLS: Cell<usize> = const { Cell::new(0) };
}

/// A task of the model; the clock sees that it goes on.
fn task<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> shuttle::future::JoinHandle<T> {
    let mut future = Box::pin(future);
    shuttle::future::spawn(std::future::poll_fn(move |context| {
        POLLS.set(POLLS.get() + 1);
        future.as_mut().poll(context)
    }))
}

/// Runs the model's first task, and the clock beside it.
fn run<T: Send + 'static>(time: Time, first: impl Future<Output = T> + Send + 'static) -> T {
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    let clock = shuttle::thread::spawn(move || {
        let (mut polls, mut looks) = (0, 0);
        while !over.load(Ordering::SeqCst) {
            (polls, looks) = if polls == POLLS.get() { (polls, looks + 1) } else { (POLLS.get(), 0) };
            if time == Time::AtAnyMoment || looks > LOOKS {
                advance();
                looks = 0;
            }
            shuttle::thread::yield_now();
        }
    });
    let output = shuttle::future::block_on(task(first)).expect("no task panics");
    is_over.store(true, Ordering::SeqCst);
    clock.join().expect("the clock does not panic");
    output
}
