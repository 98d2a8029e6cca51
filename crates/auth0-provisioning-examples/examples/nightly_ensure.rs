//! A nightly job: brings the connections of a configuration file to the desired state.
//!
//! `cargo run --example nightly_ensure -- [--dry-run] [FILE]` runs against a mock tenant.

use std::{collections::BTreeMap, error::Error, io::Write};

use auth0_provisioning::{Client, ConnectionId, Desired};
use auth0_provisioning_mock::{Connection, MockTenant};
use futures_util::TryStreamExt;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/connections.json");

/// Returns whether every connection has the desired state.
pub(crate) async fn nightly(
    client: &Client,
    file: &str,
    dry_run: bool,
    out: &mut impl Write,
) -> Result<bool, Box<dyn Error>> {
    let wanted: BTreeMap<ConnectionId, Desired> = serde_json::from_str(file)?;
    let mut results = client.ensure_each(wanted).dry_run(dry_run).run();
    let mut all_done = true;
    while let Some(done) = results.try_next().await? {
        match done.result {
            Ok(ensured) => writeln!(out, "{}: {}", done.connection, ensured.outcome)?,
            Err(error) => {
                all_done = false;
                writeln!(out, "{}: {error}", done.connection)?;
            }
        }
    }
    Ok(all_done)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (flags, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument == "--dry-run");
    let file = std::fs::read_to_string(files.first().map_or(FILE, String::as_str))?;
    // For a real tenant: `let client = ClientBuilder::from_env()?.build()?;`
    let tenant = tenant().await?;
    let client = Client::builder("tenant.example.com")?
        .base_url(tenant.base_url())
        .audience(tenant.audience())
        .client_credentials(tenant.client_id(), tenant.client_secret())
        .build()?;
    let done = nightly(&client, &file, !flags.is_empty(), &mut std::io::stdout().lock()).await?;
    if done { Ok(()) } else { Err("not every connection has the desired state".into()) }
}

/// Starts a tenant with one connection in the desired state, one that differs, and one without a configuration.
pub(crate) async fn tenant() -> Result<MockTenant, Box<dyn Error>> {
    let connection = |id: &str| Connection::google_apps(id);
    let connections = [
        connection("con_design").synchronizes_all_groups(),
        connection("con_engineering").configured(),
        connection("con_sales"),
    ];
    Ok(MockTenant::builder().connections(connections).start().await?)
}
