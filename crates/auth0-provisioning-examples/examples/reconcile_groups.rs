//! Selects the groups of a CSV file (`id,name,email`), or of a JSON file with `groups`, and no others.
//!
//! `cargo run --example reconcile_groups -- [FILE]` runs against a mock tenant.

use std::{error::Error, io::Write, path::Path};

use auth0_provisioning::{Client, SelectedGroup, SynchronizedGroupsHandle};
use auth0_provisioning_mock::{Connection, MockTenant};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/groups.csv");

/// The JSON file that Auth0's dashboard takes.
#[derive(serde::Deserialize)]
struct File {
    groups: Vec<SelectedGroup>,
}

/// Changes the selection, unless more than 20 groups would be removed.
pub(crate) async fn reconcile(
    groups: &SynchronizedGroupsHandle,
    file: &Path,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(file)?;
    let wanted = match file.extension() {
        Some(extension) if extension == "json" => serde_json::from_str::<File>(&text)?.groups,
        _ => from_csv(&text)?,
    };
    let done = groups.reconcile(wanted).overwrite_metadata(true).max_removals(20).await?;
    for change in &done.changes {
        writeln!(out, "{change}")?;
    }
    Ok(writeln!(out, "{done}")?)
}

/// Reads `id,name,email` below a line with column names. Use the crate `csv` if fields contain commas or quotes.
fn from_csv(text: &str) -> Result<Vec<SelectedGroup>, Box<dyn Error>> {
    let mut groups = Vec::new();
    for (index, line) in text.lines().enumerate().skip(1) {
        let [id, name, email] = line.split(',').map(str::trim).collect::<Vec<_>>()[..] else {
            return Err(format!("line {}: expected id,name,email", index + 1).into());
        };
        let id = id.parse().map_err(|error| format!("line {}: {error}", index + 1))?;
        groups.push(SelectedGroup::new(id).name(name).email(email));
    }
    Ok(groups)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).unwrap_or(FILE.to_owned());
    // For a real tenant: `let client = ClientBuilder::from_env()?.build()?;`
    let tenant = tenant().await?;
    let client = Client::builder("tenant.example.com")?
        .base_url(tenant.base_url())
        .bearer_token(tenant.access_token())
        .build()?;
    let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    reconcile(&provisioning.groups(), Path::new(&file), &mut std::io::stdout().lock()).await
}

/// Starts a tenant with a connection that has two selected groups.
pub(crate) async fn tenant() -> Result<MockTenant, Box<dyn Error>> {
    let connection = Connection::google_apps("con_0123456789abcdef").synchronizes_groups(["01design", "02sales"]);
    Ok(MockTenant::builder().connection(connection).start().await?)
}
