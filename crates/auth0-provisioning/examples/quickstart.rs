//! Fetches a connection's directory provisioning configuration and prints it.
//!
//! `cargo run --example quickstart` asks a mock tenant that it starts itself. With `AUTH0_DOMAIN` and `AUTH0_API_TOKEN`
//! set, `cargo run --example quickstart -- con_…` asks that tenant for that connection.

use std::{env, error::Error, process::ExitCode};

use auth0_provisioning::{Client, ConnectionId, DirectoryProvisioning};
use auth0_provisioning_mock::MockTenant;

const SEEDED_CONNECTION: &str = "con_0123456789abcdef";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let argument = env::args().nth(1);
    let configuration = match (env::var("AUTH0_DOMAIN"), env::var("AUTH0_API_TOKEN")) {
        (Ok(domain), Ok(token)) => {
            let id = argument.ok_or("give the id of a connection: cargo run --example quickstart -- con_…")?;
            println!("Asking {domain} …\n");
            fetch(&Client::builder(&domain)?.bearer_token(token).build()?, &id).await?
        }
        (Err(_), Err(_)) => {
            let tenant = MockTenant::start().await?;
            println!("Asking a mock tenant at {} …\n", tenant.base_url());
            let client = Client::builder("tenant.example.com")?
                .base_url(tenant.base_url())
                .bearer_token(tenant.access_token())
                .build()?;
            fetch(&client, argument.as_deref().unwrap_or(SEEDED_CONNECTION)).await?
        }
        _ => return Err("set both AUTH0_DOMAIN and AUTH0_API_TOKEN, or neither for the mock tenant".into()),
    };
    print(&configuration);
    Ok(())
}

async fn fetch(client: &Client, id: &str) -> Result<DirectoryProvisioning, Box<dyn Error>> {
    let connection: ConnectionId = id.parse()?;
    Ok(client.directory_provisioning(&connection).get().await?)
}

fn print(configuration: &DirectoryProvisioning) {
    let absent = || "–".to_owned();
    let rows = [
        ("connection", format!("{} ({})", configuration.connection_name, configuration.connection_id)),
        ("strategy", configuration.strategy.clone()),
        ("runs by itself", if configuration.synchronize_automatically { "yes" } else { "no" }.to_owned()),
        ("groups", configuration.synchronize_groups.as_ref().map_or_else(absent, ToString::to_string)),
        ("created", configuration.created_at.to_string()),
        ("updated", configuration.updated_at.to_string()),
        ("last run", configuration.last_synchronization_at.map_or_else(absent, |at| at.to_string())),
        ("  ended", configuration.last_synchronization_status.clone().unwrap_or_else(absent)),
        ("  error", configuration.last_synchronization_error.clone().unwrap_or_else(absent)),
    ];
    for (name, value) in rows {
        println!("{name:<16}{value}");
    }
    println!("\nmapping, {} rows", configuration.mapping.len());
    for row in &configuration.mapping {
        println!("  {:<32} ← {}", row.auth0, row.idp);
    }
}
