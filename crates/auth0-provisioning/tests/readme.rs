//! The README's example compiles and runs: its lines stand here too, and both must be the same.

use auth0_provisioning_mock::{Connection, MockTenant};

async fn example(tenant: &MockTenant) -> Result<(), Box<dyn std::error::Error>> {
    use auth0_provisioning::{Client, ConnectionId, Desired, SynchronizeGroups};

    let (client_id, client_secret) = (tenant.client_id(), tenant.client_secret());
    let client = Client::builder("acme.eu.auth0.com")?
        .client_credentials(client_id, client_secret)
        .base_url(tenant.base_url()) // not in the README
        .audience(tenant.audience()) // not in the README
        .build()?;
    let google = client.directory_provisioning(&"con_0123456789abcdef".parse::<ConnectionId>()?);

    let desired = Desired::default().synchronize_groups(SynchronizeGroups::Selected);
    let ensured = google.ensure(desired).await?; // creates, updates, or leaves alone
    println!("{}", ensured.outcome);

    let configuration = google.get().await?;
    println!("{} rows in the mapping", configuration.mapping.len());
    Ok(())
}

#[tokio::test]
async fn the_example_runs() {
    let tenant =
        MockTenant::builder().connection(Connection::google_apps("con_0123456789abcdef")).start().await.unwrap();
    example(&tenant).await.unwrap();
}

#[test]
fn the_example_is_the_one_of_the_readme() {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("```rust\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let here: Vec<_> = include_str!("readme.rs").lines().map(str::trim).collect();
    for line in shown.lines().map(str::trim) {
        assert!(here.contains(&line), "the README says {line:?}, which is not tried here");
    }
}
