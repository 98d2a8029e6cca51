//! Reads many configurations concurrently from a tenant with a rate limit, and compares the time with the theoretical
//! minimum.
//!
//! `cargo run --release --example fleet -- 300 32 50 16` reads 300 configurations, 32 at once, from a mock tenant that
//! allows a burst of 50 requests and 16 a second. With `AUTH0_BASE_URL` it calls that server, with the credentials of the
//! environment (`AUTH0_API_TOKEN`, or `AUTH0_CLIENT_ID` and `AUTH0_CLIENT_SECRET`) or an invalid token. The limit is then
//! only used to compute the shortest time.

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use auth0_provisioning::{
    Client, ClientBuilder, ConnectionId,
    transport::{Attempt, AttemptOutcome, Hook, StatusCode},
};
use auth0_provisioning_mock::{Connection, MockTenant, RateLimit};
use futures_util::StreamExt;

struct Arguments {
    connections: usize,
    concurrency: usize,
    /// The burst of the rate limit, in requests.
    burst: u32,
    /// The sustained rate of the rate limit, in requests per second.
    rate: u32,
}

impl Arguments {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut numbers = [300, 32, 50, 16];
        for (index, argument) in arguments.enumerate() {
            let usage = "expected at most four numbers: connections, concurrency, burst, rate";
            *numbers.get_mut(index).ok_or(usage)? = argument.parse().map_err(|_| usage)?;
        }
        let [connections, concurrency, burst, rate] = numbers;
        Ok(Self { connections: connections as usize, concurrency: concurrency as usize, burst, rate })
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = Arguments::read(env::args().skip(1))?;
    let counter = Arc::new(Counter::default());
    let (client, _tenant) = if let Ok(origin) = env::var("AUTH0_BASE_URL") {
        (credentials()?.base_url(&origin), None)
    } else {
        let tenant = MockTenant::builder()
            .connections(Connection::fleet(arguments.connections))
            .rate_limit(RateLimit::new(arguments.burst, arguments.rate))
            .start()
            .await?;
        let client = Client::builder("tenant.example.com")?;
        (client.base_url(tenant.base_url()).bearer_token(tenant.access_token()), Some(tenant))
    };
    let client = client.hook(Arc::clone(&counter)).build()?;
    let ids = (1..=arguments.connections).map(|number| format!("con_{number:016}").parse::<ConnectionId>());
    let ids: Vec<ConnectionId> = ids.collect::<Result<_, _>>()?;

    let start = Instant::now();
    let fleet = client.fleet(ids).concurrency(arguments.concurrency);
    let results: Vec<_> = fleet.run(|connection| async move { connection.get().await }).collect().await;
    let elapsed = start.elapsed().as_secs_f64();

    let mut failures: BTreeMap<String, usize> = BTreeMap::new();
    for error in results.into_iter().filter_map(|of| of.result.err()) {
        *failures.entry(error.to_string()).or_default() += 1;
    }
    let failed: usize = failures.values().sum();
    let beyond_burst = arguments.connections.saturating_sub(arguments.burst as usize);
    #[expect(clippy::cast_precision_loss, reason = "far below the 2^52 that a double holds exactly")]
    let minimum = beyond_burst as f64 / f64::from(arguments.rate.max(1));
    println!("elapsed              {elapsed:.2} s");
    println!("theoretical minimum  {minimum:.2} s");
    if minimum > 0.0 {
        println!("ratio                {:.3}", elapsed / minimum);
    }
    println!("requests             {}", counter.requests.load(Ordering::Relaxed));
    println!("rate limited (429)   {}", counter.rate_limited.load(Ordering::Relaxed));
    println!("failures             {failed}");
    for (error, times) in &failures {
        println!("  {times} × {error}");
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the credentials of the environment, or a token for servers that check none.
fn credentials() -> Result<ClientBuilder, Box<dyn Error>> {
    if ["AUTH0_API_TOKEN", "AUTH0_CLIENT_ID"].iter().any(|name| env::var_os(name).is_some()) {
        return Ok(ClientBuilder::from_env()?);
    }
    Ok(Client::builder("tenant.example.com")?.bearer_token("no-account"))
}

/// Counts the requests sent and the responses with status 429, token requests included.
#[derive(Default)]
struct Counter {
    requests: AtomicUsize,
    rate_limited: AtomicUsize,
}

impl Hook for Counter {
    fn after(&self, _: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if outcome.status() == Some(StatusCode::TOO_MANY_REQUESTS) {
            self.rate_limited.fetch_add(1, Ordering::Relaxed);
        }
    }
}
