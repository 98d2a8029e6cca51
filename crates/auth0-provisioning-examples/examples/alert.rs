//! Prints the connections whose last run failed, and those without a completed run within a day, as JSON for a webhook.
//!
//! `cargo run --example alert` runs against a mock tenant.

use std::{error::Error, io::Write, time::Duration};

use auth0_provisioning::{
    Client, Health,
    chrono::{DateTime, Utc},
};
use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};
use futures_util::TryStreamExt;
use serde::Serialize;

const A_DAY: Duration = Duration::from_secs(24 * 3600);

#[derive(Serialize)]
struct Alert {
    text: String,
    failed: Vec<Health>,
    stale: Vec<Health>,
}

/// Writes nothing if there is nothing to report.
pub(crate) async fn alert(client: &Client, now: DateTime<Utc>, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let all: Vec<Health> = client.health().try_collect().await?;
    let (failed, others): (Vec<_>, Vec<_>) = all.into_iter().partition(Health::is_failing);
    let stale: Vec<_> = others.into_iter().filter(|health| health.is_stale(A_DAY, now)).collect();
    if failed.is_empty() && stale.is_empty() {
        return Ok(());
    }
    let text = format!("directory synchronization: {} failed, {} stale", failed.len(), stale.len());
    writeln!(out, "{}", serde_json::to_string_pretty(&Alert { text, failed, stale })?)?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // For a real tenant: `let client = ClientBuilder::from_env()?.build()?;` and `Utc::now()`.
    let tenant = tenant().await?;
    let client = Client::builder("tenant.example.com")?
        .base_url(tenant.base_url())
        .bearer_token(tenant.access_token())
        .build()?;
    client.directory_provisioning(&"con_sales".parse()?).synchronize().await?;
    alert(&client, tenant.clock().now(), &mut std::io::stdout().lock()).await
}

/// Starts a tenant with a healthy connection, one without a run for two days, and one whose next run fails.
pub(crate) async fn tenant() -> Result<MockTenant, Box<dyn Error>> {
    let now: DateTime<Utc> = "2026-05-05T12:00:00Z".parse()?;
    let fails = Synchronization::fails_after(Duration::ZERO, "the directory denied access");
    let connections = [
        Connection::google_apps("con_design").name("design").synchronized_at(now - Duration::from_secs(3600)),
        Connection::google_apps("con_engineering").name("engineering").synchronized_at(now - 2 * A_DAY),
        Connection::google_apps("con_sales").name("sales").configured().synchronization(fails),
    ];
    Ok(MockTenant::builder().connections(connections).frozen_at(now).start().await?)
}
