//! Replays recorded traffic through the client: `cargo run --example replay_recordings -- FILE.jsonl …`
//!
//! Each line of a file is one exchange: `{"method", "path", "request", "status", "response"}`, the path with its query,
//! the bodies as text. For each, the call of this crate that should send that request is made against a server that
//! sends the recorded response. What arrives there has to be equal to what was recorded, bodies compared as JSON,
//! and the response has to be read: a success into its type, a failure into an error of its status.

mod around;
mod call;
mod exchange;
mod outcome;
mod provisioning;
mod server;

use std::{env, error::Error as StdError, fs, process::ExitCode, time::Duration};

use auth0_provisioning::{Client, RetryPolicy};
use tokio::net::TcpListener;

use self::{call::call, exchange::Exchange, outcome::check_outcome, server::serve_one};

type Failure = Box<dyn StdError>;

/// Both sides of one exchange.
async fn replay(client: &Client, listener: &TcpListener, exchange: &Exchange) -> Result<(), Failure> {
    let serving = tokio::time::timeout(Duration::from_secs(10), serve_one(listener, exchange));
    let (outcome, arrived) = tokio::join!(call(client, exchange), serving);
    exchange.compare(&arrived.map_err(|_| "no request arrived")??)?;
    check_outcome(exchange, outcome?)
}

async fn run(files: &[String]) -> Result<bool, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = Client::builder("tenant.example.com")?
        .base_url(format!("http://{}", listener.local_addr()?))
        .bearer_token("placeholder")
        .retry(RetryPolicy::never())
        .build()?;
    let mut all_equal = true;
    for file in files {
        let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let (mut replayed, mut different) = (0, 0);
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let exchange = Exchange::read(line).map_err(|error| format!("{file}:{}: {error}", number + 1))?;
            replayed += 1;
            if let Err(difference) = replay(&client, &listener, &exchange).await {
                different += 1;
                println!("{file}:{}: {} {}: {difference}", number + 1, exchange.method, exchange.path);
            }
        }
        println!("{file}: {replayed} replayed, {different} different");
        all_equal &= different == 0 && replayed > 0;
    }
    Ok(all_equal)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let files: Vec<String> = env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("give the files to replay: cargo run --example replay_recordings -- FILE.jsonl …");
        return ExitCode::from(2);
    }
    match run(&files).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
