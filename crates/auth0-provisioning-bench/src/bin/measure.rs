//! Runs one measurement and prints rows of JSON.

use auth0_provisioning_bench::{
    Failure, call, decode, loops, shared,
    side::{Side, Which},
    waiters, walk,
};
use clap::Parser;

#[derive(Parser)]
#[command(about = "Runs one measurement and prints rows of JSON")]
enum Measurement {
    /// Measure a call.
    Call,
    /// Measure the decoding of a page.
    Decode,
    /// Measure a walk over a long list.
    Walk,
    /// Measure a call that shares its rate limit through Redis.
    Shared,
    /// Measure many calls that wait for one token.
    Waiters,
    /// Print the peak memory of one walk in KiB.
    Memory { which: Which, origin: String },
    /// Measure loops that make calls, under a rate limit.
    Loops,
    /// Run calls one after the other, for a program that counts instructions.
    Calls { which: Which, count: usize, origin: String },
    /// Serve the list for `memory` and `calls`, until the input ends.
    Serve,
}

fn main() -> Result<(), Failure> {
    let measurement = Measurement::parse();
    if matches!(measurement, Measurement::Serve) {
        return walk::serve();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        match measurement {
            Measurement::Call => call::measure().await,
            Measurement::Decode => decode::measure(),
            Measurement::Walk => walk::measure().await,
            Measurement::Shared => shared::measure().await,
            Measurement::Waiters => waiters::measure().await,
            Measurement::Loops => loops::measure().await,
            Measurement::Memory { which, origin } => walk::memory(which, &origin).await,
            Measurement::Calls { which, count, origin } => {
                let side = Side::new(which, &origin)?;
                for _ in 0..count {
                    side.call().await?;
                }
                Ok(())
            }
            Measurement::Serve => Ok(()),
        }
    })
}
