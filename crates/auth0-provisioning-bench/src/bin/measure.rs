//! Measures one thing, and prints rows of JSON.

use auth0_provisioning_bench::{
    Failure, call, decode, shared,
    side::{Side, Which},
    waiters, walk,
};
use clap::Parser;

#[derive(Parser)]
#[command(about = "Measures one thing, and prints rows of JSON")]
enum Measurement {
    /// One call.
    Call,
    /// Decoding a page.
    Decode,
    /// A walk over a long list.
    Walk,
    /// A call that shares its rate limit through Redis.
    Shared,
    /// Many calls that wait for one token.
    Waiters,
    /// One walk alone, for its peak of memory in KiB.
    Memory { which: Which, origin: String },
    /// Calls one after the other, to be counted from outside.
    Calls { which: Which, count: usize, origin: String },
    /// The server of the two before; ends with its input.
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
