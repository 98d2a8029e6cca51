//! Measures loops over the results of a fleet that make calls of their own, under a rate limit, compared with the least time.

use std::time::{Duration, Instant};

use auth0_provisioning::{Client, ConnectionId, DirectoryProvisioningHandle, Error};
use auth0_provisioning_mock::{Connection, MockTenant, RateLimit};
use futures_util::{Stream, StreamExt, TryStreamExt};

use crate::{Failure, row::Row};

const CONNECTIONS: usize = 60;
/// Two calls for each connection: one of the fleet, one of the loop.
const CALLS: u32 = 120;
const BURST: u32 = 10;
const RATE: u32 = 10;

/// Measures each kind of loop against a tenant of its own.
///
/// # Errors
///
/// Fails if a call fails or is rate limited.
pub async fn measure() -> Result<(), Failure> {
    for what in ["a loop", "`for_each`", "`buffered`", "`select!`", "a loop with pauses"] {
        let connections = Connection::fleet(CONNECTIONS);
        let tenant = MockTenant::builder().connections(connections).rate_limit(RateLimit::new(BURST, RATE));
        let tenant = tenant.start().await?;
        let client = Client::builder("tenant.example.com")?.base_url(tenant.base_url());
        let client = client.bearer_token(tenant.access_token()).build()?;
        let ids = (1..=CONNECTIONS).map(|number| format!("con_{number:016}").parse());
        let ids: Vec<ConnectionId> = ids.collect::<Result<_, _>>()?;
        let fleet = client.fleet(ids);
        let start = Instant::now();
        let handles = fleet.run(|handle| async move { handle.get().await.map(|_| handle) });
        run(what, handles.map(|done| done.result)).await?;
        let elapsed = start.elapsed().as_secs_f64();
        let limited = tenant.requests().iter().filter(|request| request.status == 429).count();
        let what = format!(
            "{what} of one call for each of {CONNECTIONS} configurations, limit of {BURST} and {RATE} a second; {limited} rate limited"
        );
        Row::new(what, "the least time", "s", f64::from(CALLS - BURST) / f64::from(RATE), elapsed).print()?;
    }
    Ok(())
}

async fn run(
    kind: &str,
    handles: impl Stream<Item = Result<DirectoryProvisioningHandle, Error>>,
) -> Result<(), Failure> {
    let mut handles = std::pin::pin!(handles);
    match kind {
        "`for_each`" => handles.try_for_each(|handle| async move { call(&handle).await }).await?,
        "`buffered`" => {
            handles.map(|handle| async move { call(&handle?).await }).buffered(16).try_collect::<Vec<()>>().await?;
        }
        "`select!`" => {
            let mut ticks = tokio::time::interval(Duration::from_millis(20));
            loop {
                tokio::select! {
                    handle = handles.next() => match handle {
                        Some(handle) => call(&handle?).await?,
                        None => break,
                    },
                    _ = ticks.tick() => {}
                }
            }
        }
        _ => {
            while let Some(handle) = handles.next().await {
                call(&handle?).await?;
                if kind == "a loop with pauses" {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
    Ok(())
}

/// A call within the loop.
async fn call(handle: &DirectoryProvisioningHandle) -> Result<(), Error> {
    handle.default_mapping().await.map(drop)
}
