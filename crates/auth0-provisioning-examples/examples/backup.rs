//! Exports all configurations of a tenant to a JSON file and restores them.
//!
//! `cargo run --example backup` exports the configurations of a mock tenant, damages two, and restores them.

use std::{collections::BTreeMap, error::Error, io::Write};

use auth0_provisioning::{Client, ConnectionId, Desired, SynchronizeGroups};
use auth0_provisioning_mock::{Connection, MockTenant};
use futures_util::TryStreamExt;

/// Returns the desired state of each connection as JSON.
pub(crate) async fn export(client: &Client) -> Result<String, Box<dyn Error>> {
    let configurations = client.directory_provisionings().prefetch().items();
    let export: BTreeMap<ConnectionId, Desired> = configurations
        .map_ok(|configuration| {
            (ConnectionId::from_response(&configuration.connection_id), Desired::from(&configuration))
        })
        .try_collect()
        .await?;
    Ok(serde_json::to_string_pretty(&export)?)
}

/// Creates what is missing and updates what differs.
pub(crate) async fn restore(client: &Client, export: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let export: BTreeMap<ConnectionId, Desired> = serde_json::from_str(export)?;
    // One write at a time, so that an error leaves the rest as it is.
    let mut results = client.ensure_each(export).concurrency(1).run();
    while let Some(restored) = results.try_next().await? {
        let outcome = restored.result?.outcome;
        if !outcome.is_unchanged() {
            writeln!(out, "{}: {outcome}", restored.connection)?;
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // For a real tenant: `let client = ClientBuilder::from_env()?.build()?;`
    let tenant = MockTenant::builder().connections(Connection::fleet(5)).start().await?;
    let client = Client::builder("tenant.example.com")?
        .base_url(tenant.base_url())
        .bearer_token(tenant.access_token())
        .build()?;
    let file = export(&client).await?;
    println!("exported {} bytes", file.len());
    damage(&client).await?;
    restore(&client, &file, &mut std::io::stdout().lock()).await
}

/// Deletes one configuration and changes another.
pub(crate) async fn damage(client: &Client) -> Result<(), Box<dyn Error>> {
    client.directory_provisioning(&"con_0000000000000002".parse()?).delete().await?;
    let all_groups = Desired::default().synchronize_groups(SynchronizeGroups::All);
    client.directory_provisioning(&"con_0000000000000004".parse()?).update(all_groups).await?;
    Ok(())
}
