//! Counts the allocations of a call. It is a separate program, because counting takes time.

use auth0_provisioning_bench::{
    Failure,
    row::Row,
    server::Server,
    side::{Side, Which},
};
use tokio::runtime::Runtime;

const CALLS: u32 = 1_000;

fn main() -> Result<(), Failure> {
    let server = Server::start(1)?;
    // Allocations are counted per thread, so there is only one.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let reqwest = count(&runtime, &Side::new(Which::Reqwest, &server.origin)?)?;
    let client = count(&runtime, &Side::new(Which::Client, &server.origin)?)?;
    Row::new("allocations of a call", "reqwest", "", reqwest, client).print()
}

fn count(runtime: &Runtime, side: &Side) -> Result<f64, Failure> {
    // The first call opens a connection and fetches the token.
    runtime.block_on(side.call())?;
    let mut outcome = Ok(());
    let counted = allocation_counter::measure(|| {
        outcome = runtime.block_on(async {
            for _ in 0..CALLS {
                side.call().await?;
            }
            Ok::<_, Failure>(())
        });
    });
    outcome?;
    let total = u32::try_from(counted.count_total)?;
    Ok(f64::from(total) / f64::from(CALLS))
}
