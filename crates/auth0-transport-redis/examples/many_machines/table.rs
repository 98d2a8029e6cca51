//! Prints the progress of each process: on a terminal as it happens, otherwise every ten seconds.

use std::time::Duration;

use crate::worker::Worker;

pub(crate) struct Table {
    is_live: bool,
    shown: bool,
    next: Duration,
}

impl Table {
    pub(crate) fn new(is_live: bool) -> Self {
        Self { is_live, shown: false, next: Duration::ZERO }
    }

    pub(crate) fn show(&mut self, workers: &[Worker], refused: usize, elapsed: Duration) {
        if !self.is_live && elapsed < self.next {
            return;
        }
        self.next = elapsed + Duration::from_secs(10);
        if self.is_live && self.shown {
            // Moves the cursor to the first line of the previous table.
            print!("\x1b[{}A", workers.len() + 2);
        }
        self.shown = true;
        let all: usize = workers.iter().map(Worker::done).sum();
        println!("machine   calls   share   state     ");
        for (number, worker) in workers.iter().enumerate() {
            let (done, share) = (worker.done(), 100.0 * worker.done() as f64 / all.max(1) as f64);
            let state = if worker.is_running() { "running" } else { "ended" };
            println!("{:>7}   {done:>5}   {share:>4.1}%   {state:<9}", number + 1);
        }
        println!("    all   {all:>5}   {refused} rate limited, {:.0} s     ", elapsed.as_secs_f64());
    }
}
