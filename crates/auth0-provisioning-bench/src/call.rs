//! Measures a call, with 1 and with 32 in flight.

use std::{hint::black_box, time::Instant};

use futures_util::{StreamExt, stream};

use crate::{
    Failure,
    row::{Row, median},
    server::Server,
    side::{Side, Which},
};

const ROUNDS: usize = 41;
const CALLS: usize = 1_000;

/// Measures a call, first without and then with a subscriber that formats each event.
///
/// # Errors
///
/// Fails if a call fails.
pub async fn measure() -> Result<(), Failure> {
    let server = Server::start(1)?;
    let side = |which| Side::new(which, &server.origin);
    let sides = [side(Which::Hyper)?, side(Which::Reqwest)?, side(Which::Client)?];
    for in_flight in [1, 32] {
        let [hyper, reqwest, client] = compare(&sides, in_flight).await?;
        let what = format!("a call, {in_flight} in flight");
        Row::new(&what, "reqwest", "µs", reqwest, client).print()?;
        Row::new(&what, "hyper", "µs", hyper, client).print()?;
    }
    tracing::subscriber::set_global_default(tracing_subscriber::fmt().with_writer(std::io::sink).finish())?;
    for in_flight in [1, 32] {
        let [_, reqwest, client] = compare(&sides, in_flight).await?;
        let what = format!("a call, {in_flight} in flight, with a subscriber");
        Row::new(what, "reqwest", "µs", reqwest, client).print()?;
    }
    Ok(())
}

/// Returns the microseconds per call of each side. The sides take turns.
pub(crate) async fn compare<const SIDES: usize>(
    sides: &[Side; SIDES],
    in_flight: usize,
) -> Result<[f64; SIDES], Failure> {
    let mut times = [const { Vec::new() }; SIDES];
    for round in 0..=ROUNDS {
        for turn in 0..SIDES {
            let which = (round + turn) % SIDES;
            let time = round_of(&sides[which], in_flight).await?;
            // The first round opens connections and fetches the token.
            if round > 0 {
                times[which].push(time);
            }
        }
    }
    Ok(times.map(median))
}

/// Returns the microseconds per call in one round.
async fn round_of(side: &Side, in_flight: usize) -> Result<f64, Failure> {
    let start = Instant::now();
    let mut responses = stream::iter(0..CALLS).map(|_| side.call()).buffer_unordered(in_flight);
    while let Some(response) = responses.next().await {
        black_box(response?);
    }
    #[expect(clippy::cast_precision_loss, reason = "a thousand calls")]
    let calls = CALLS as f64;
    Ok(start.elapsed().as_secs_f64() * 1e6 / calls)
}
