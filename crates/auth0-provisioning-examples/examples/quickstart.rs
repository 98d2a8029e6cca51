//! Reads a connection's directory provisioning configuration and prints it.
//!
//! `cargo run --example quickstart` starts a mock tenant and reads from it. With `AUTH0_DOMAIN` and credentials in the
//! environment, `cargo run --features tls --example quickstart -- con_…` reads that connection of that tenant.

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use auth0_provisioning::{Client, ClientBuilder, DirectoryProvisioning, LastRun};
use auth0_provisioning_mock::MockTenant;

const SEEDED_CONNECTION: &str = "con_0123456789abcdef";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    exit_code(run().await)
}

pub(crate) fn exit_code(result: Result<(), Box<dyn Error>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the output closed it, as `head` does.
        Err(error) if error.downcast_ref().is_some_and(is_broken_pipe) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

async fn run() -> Result<(), Box<dyn Error>> {
    let argument = env::args().nth(1);
    let configuration = if env::var_os("AUTH0_DOMAIN").is_some() {
        if cfg!(not(feature = "tls")) {
            return Err("cannot connect to a tenant of Auth0 without TLS\ntry: add `--features tls`".into());
        }
        let id =
            argument.ok_or("give the id of a connection: cargo run --features tls --example quickstart -- con_…")?;
        read(&ClientBuilder::from_env()?.build()?, &id).await?
    } else {
        let tenant = MockTenant::start().await?;
        let client = Client::builder("tenant.example.com")?
            .base_url(tenant.base_url())
            .bearer_token(tenant.access_token())
            .build()?;
        read(&client, argument.as_deref().unwrap_or(SEEDED_CONNECTION)).await?
    };
    print(&configuration, &mut io::stdout().lock())?;
    Ok(())
}

pub(crate) async fn read(client: &Client, id: &str) -> Result<DirectoryProvisioning, Box<dyn Error>> {
    Ok(client.directory_provisioning(&id.parse()?).get().await?)
}

pub(crate) fn print(configuration: &DirectoryProvisioning, out: &mut impl Write) -> io::Result<()> {
    let groups = configuration.synchronize_groups.as_ref().map_or_else(|| "not set".to_owned(), ToString::to_string);
    let last_run = LastRun::of(configuration).map_or_else(|| "none".to_owned(), |run| run.to_string());
    for (name, value) in [
        ("connection", format!("{} ({})", configuration.connection_name, configuration.connection_id)),
        ("strategy", configuration.strategy.clone()),
        ("automatic runs", if configuration.synchronize_automatically { "yes" } else { "no" }.to_owned()),
        ("groups", groups),
        ("created", configuration.created_at.to_string()),
        ("updated", configuration.updated_at.to_string()),
        ("last run", last_run),
    ] {
        writeln!(out, "{name:<16}{value}")?;
    }
    writeln!(out, "\nmapping, {} rows", configuration.mapping.len())?;
    for row in &configuration.mapping {
        writeln!(out, "  {:<32} ← {}", row.auth0, row.idp)?;
    }
    Ok(())
}
