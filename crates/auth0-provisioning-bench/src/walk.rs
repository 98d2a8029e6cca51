//! Measures the rate and the memory of a walk over a long list.

use std::{fs, hint::black_box, time::Instant};

use auth0_provisioning::DirectoryProvisioning;
use futures_util::TryStreamExt;
use serde::Deserialize;

use crate::{
    Failure,
    row::{Row, median},
    server::{PAGE, Server},
    side::{Which, client},
};

const PAGES: usize = 1_000;
const ROUNDS: usize = 5;

/// Measures the rate.
///
/// # Errors
///
/// Fails if a call fails.
pub async fn measure() -> Result<(), Failure> {
    let server = Server::start(PAGES)?;
    let mut rates = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        for (which, rates) in [Which::Reqwest, Which::Client].into_iter().zip(&mut rates) {
            let start = Instant::now();
            let count = f64::from(walk(which, &server.origin).await?);
            rates.push(count / start.elapsed().as_secs_f64());
        }
    }
    let [reqwest, client] = rates.map(median);
    let what = format!("a walk over {} configurations", PAGES * PAGE);
    Row::new(what, "reqwest", "a second", reqwest, client).print()
}

/// Runs one walk and prints its peak memory in KiB, or 0 on systems that do not report it.
///
/// # Errors
///
/// Fails if a call fails.
pub async fn memory(which: Which, origin: &str) -> Result<(), Failure> {
    let before = kibibytes("VmRSS:");
    walk(which, origin).await?;
    println!("{}", kibibytes("VmHWM:").zip(before).map_or(0, |(peak, before)| peak.saturating_sub(before)));
    Ok(())
}

/// Serves a list for walks in other processes, until its input ends.
///
/// # Errors
///
/// Fails if no port is free.
pub fn serve() -> Result<(), Failure> {
    println!("{}", Server::start(PAGES)?.origin);
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

async fn walk(which: Which, origin: &str) -> Result<u32, Failure> {
    let count = match which {
        Which::Client => {
            let client = client(origin)?.build()?;
            client.directory_provisionings().items().try_fold(0, counted).await?
        }
        Which::Reqwest | Which::Hyper => bare(origin).await?,
    };
    Ok(count)
}

async fn counted<E>(count: u32, configuration: DirectoryProvisioning) -> Result<u32, E> {
    black_box(configuration);
    Ok(count + 1)
}

#[derive(Deserialize)]
struct Page {
    directory_provisionings: Vec<DirectoryProvisioning>,
    next: Option<String>,
}

async fn bare(origin: &str) -> Result<u32, Failure> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let (mut count, mut from) = (0, None);
    loop {
        let mut request = client.get(format!("{origin}/api/v2/connections-directory-provisionings"));
        request = request.bearer_auth("a-token").query(&[("take", PAGE.to_string())]);
        if let Some(from) = &from {
            request = request.query(&[("from", from)]);
        }
        let body = request.send().await?.error_for_status()?.bytes().await?;
        let page: Page = serde_json::from_slice(&body)?;
        for configuration in page.directory_provisionings {
            black_box(configuration);
            count += 1;
        }
        match page.next {
            Some(next) => from = Some(next),
            None => return Ok(count),
        }
    }
}

fn kibibytes(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
