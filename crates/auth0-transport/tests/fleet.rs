//! Many calls at once against a server with a limit, in real time.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod scripted;

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use auth0_transport::{Method, Transport};
use scripted::{Act, Scripted};

/// A bucket on the server's side; answers with what the tenant says about it.
fn bucket(burst: f64, rate: f64) -> impl FnMut(&scripted::Received) -> Act + Send {
    let (mut tokens, mut as_of) = (burst, Instant::now());
    move |_| {
        tokens = (tokens + as_of.elapsed().as_secs_f64() * rate).min(burst);
        as_of = Instant::now();
        let status = if tokens >= 1.0 { 200 } else { 429 };
        if status == 200 {
            tokens -= 1.0;
        }
        let now = SystemTime::now();
        let unix = now.duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        let reset = (unix + (1.0 - tokens.fract()) / rate).ceil();
        Act::json(status, "{}")
            .with_header("x-ratelimit-limit", &burst.to_string())
            .with_header("x-ratelimit-remaining", &tokens.floor().to_string())
            .with_header("x-ratelimit-reset", &reset.to_string())
            .with_header("date", &httpdate::fmt_http_date(now))
    }
}

async fn fleet(burst: u32, rate: f64, calls: u32, concurrency: u32) -> (f64, usize, usize) {
    let server = Scripted::by(bucket(f64::from(burst), rate)).await;
    let transport = Transport::builder("acme.eu.auth0.com".parse().unwrap())
        .base_url(server.origin())
        .bearer_token("token")
        .build()
        .unwrap();
    let began = Instant::now();
    let tasks: Vec<_> = (0..concurrency)
        .map(|task| {
            let transport = transport.clone();
            let share = calls / concurrency + u32::from(task < calls % concurrency);
            tokio::spawn(async move {
                let mut lost = 0;
                for _ in 0..share {
                    lost += usize::from(transport.request(Method::GET, "/things").send().await.is_err());
                }
                lost
            })
        })
        .collect();
    let mut lost = 0;
    for task in tasks {
        lost += task.await.unwrap();
    }
    let ratio = began.elapsed().as_secs_f64() / (f64::from(calls - burst) / rate);
    (ratio, server.received().len() - calls as usize, lost)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fleet_is_carried_at_the_tenants_pace() {
    let (ratio, refusals, lost) = fleet(200, 400.0, 800, 32).await;
    assert_eq!(lost, 0);
    assert!(refusals <= 1, "{refusals} refusals");
    assert!(ratio < 1.2, "ratio {ratio}");
}
