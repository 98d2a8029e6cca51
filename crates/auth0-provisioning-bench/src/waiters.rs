//! Measures ten thousand calls that start before there is a token.

use std::time::Instant;

use futures_util::future::try_join_all;

use crate::{
    Failure,
    row::{Row, median},
    server::Server,
    side::{Side, client},
};

const WAITERS: usize = 10_000;
/// Low enough for the system's limit of sockets.
const IN_FLIGHT: usize = 64;
const ROUNDS: usize = 5;

/// Measures the calls.
///
/// # Errors
///
/// Fails if a call fails, or if the calls sent more than one token request.
pub async fn measure() -> Result<(), Failure> {
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let server = Server::start(1)?;
        let side = Side::Client(
            client(&server.origin)?.transport(|transport| transport.max_in_flight(IN_FLIGHT)).build()?,
            "con_0123456789abcdef".parse()?,
        );
        cold.push(all(&side).await?);
        if server.tokens() != 1 {
            return Err(format!("{} token requests", server.tokens()).into());
        }
        warm.push(all(&side).await?);
    }
    let what = format!("{WAITERS} calls that wait for one token request");
    Row::new(what, "with a token in hand", "ms", median(warm), median(cold)).print()
}

async fn all(side: &Side) -> Result<f64, Failure> {
    let start = Instant::now();
    try_join_all((0..WAITERS).map(|_| side.call())).await?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}
