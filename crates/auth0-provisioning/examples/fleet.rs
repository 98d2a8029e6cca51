//! Reads many configurations at once from a tenant with a rate limit, and tells how near that comes to the shortest
//! possible time.
//!
//! `cargo run --release --example fleet -- --connections 300 --concurrency 32 --burst 50 --rate 16` starts a mock tenant
//! with that limit. With `--base-url` it asks any other server, with the credentials of the environment
//! (`AUTH0_API_TOKEN`, or `AUTH0_CLIENT_ID` and `AUTH0_CLIENT_SECRET`) or a made-up token; `--burst` and `--rate` then
//! only say what the shortest time would be.

use std::{
    collections::BTreeMap,
    error::Error,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use auth0_provisioning::{Attempt, AttemptOutcome, Client, ClientBuilder, ConnectionId, Hook, StatusCode};
use auth0_provisioning_mock::{Connection, MockTenant, RateLimit};
use clap::Parser;
use futures_util::StreamExt;

#[derive(Parser)]
struct Arguments {
    /// How many configurations to read.
    #[arg(long, default_value_t = 300)]
    connections: usize,
    /// How many calls are under way at once.
    #[arg(long, default_value_t = 32)]
    concurrency: usize,
    /// How many requests the limit lets through at once.
    #[arg(long, default_value_t = 50)]
    burst: u32,
    /// How many requests a second it lets through in the long run.
    #[arg(long, default_value_t = 16)]
    rate: u32,
    /// The origin of another server, before `/api/v2`.
    #[arg(long)]
    base_url: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let counter = Arc::new(Counter::default());
    let (client, _tenant) = if let Some(origin) = &arguments.base_url {
        (credentials()?.base_url(origin), None)
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
    println!("refusals             {}", counter.refusals.load(Ordering::Relaxed));
    println!("failures             {failed}");
    for (error, times) in &failures {
        println!("  {times} × {error}");
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Those of the environment, or a token that only a server without accounts takes.
fn credentials() -> Result<ClientBuilder, Box<dyn Error>> {
    if ["AUTH0_API_TOKEN", "AUTH0_CLIENT_ID"].iter().any(|name| std::env::var_os(name).is_some()) {
        return Ok(ClientBuilder::from_env()?);
    }
    Ok(Client::builder("tenant.example.com")?.bearer_token("no-account"))
}

/// Counts requests and refusals on the wire, token requests included.
#[derive(Default)]
struct Counter {
    requests: AtomicUsize,
    refusals: AtomicUsize,
}

impl Hook for Counter {
    fn after(&self, _: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if outcome.status() == Some(StatusCode::TOO_MANY_REQUESTS) {
            self.refusals.fetch_add(1, Ordering::Relaxed);
        }
    }
}
