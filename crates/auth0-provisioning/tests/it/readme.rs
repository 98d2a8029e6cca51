//! The README's examples compile and run: this file repeats their lines, and a test compares.

use std::time::Duration;

use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};

type Failure = Box<dyn std::error::Error>;

async fn use_it(tenant: &MockTenant) -> Result<(), Failure> {
    use auth0_provisioning::{Client, ConnectionId, Desired, SynchronizeGroups};

    let (client_id, client_secret) = (tenant.client_id(), tenant.client_secret());
    let client = Client::builder("acme.eu.auth0.com")?
        .client_credentials(client_id, client_secret)
        .base_url(tenant.base_url()) // not in the README
        .audience(tenant.audience()) // not in the README
        .build()?;
    let connection: ConnectionId = "con_0123456789abcdef".parse()?;
    let provisioning = client.directory_provisioning(&connection);

    let desired = Desired::default().synchronize_groups(SynchronizeGroups::Selected);
    let ensured = provisioning.ensure(desired).await?; // creates, updates, or changes nothing
    println!("{}", ensured.outcome);

    let configuration = provisioning.get().await?;
    println!("{} rows in the mapping", configuration.mapping.len());
    synchronize(provisioning).await?;
    Ok(())
}

async fn synchronize(provisioning: auth0_provisioning::DirectoryProvisioningHandle) -> Result<(), Failure> {
    use auth0_provisioning::{SynchronizeError, VerbError};

    match provisioning.synchronize_and_wait(Duration::from_secs(900)).await {
        Ok(run) => println!("{run}"),
        Err(SynchronizeError::TooSoon { earliest, .. }) => println!("not before {earliest}"),
        Err(error) if !error.missing_scopes().is_empty() => println!("grant {:?}", error.missing_scopes()),
        Err(error) if error.is_retryable() => println!("try again later: {error}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

#[tokio::test]
async fn the_examples_run() {
    let at_once = Synchronization::completes_after(Duration::ZERO);
    let connection = Connection::google_apps("con_0123456789abcdef").synchronization(at_once);
    let tenant = MockTenant::builder().connection(connection).start().await.unwrap();
    use_it(&tenant).await.unwrap();
}

#[test]
fn readme_shows_only_tested_lines() {
    let readme = include_str!("../../../../README.md");
    let here: Vec<_> = include_str!("readme.rs").lines().map(str::trim).collect();
    let mut blocks = 0;
    for block in readme.split("```rust\n").skip(1) {
        blocks += 1;
        for line in block.split("```").next().unwrap_or_default().lines().map(str::trim) {
            assert!(here.contains(&line), "the README has {line:?}, which this file does not repeat");
        }
    }
    assert_eq!(blocks, 2);
}

#[tokio::test]
async fn readme_shows_the_text_of_an_error() {
    let tenant = MockTenant::builder().connection(Connection::google_apps("con_1")).start().await.unwrap();
    let client = auth0_provisioning::Client::builder("tenant.example.com").unwrap();
    let client = client.base_url(tenant.base_url()).bearer_token(tenant.access_token()).build().unwrap();
    let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse().unwrap());
    let error = provisioning.get().await.unwrap_err().to_string();
    assert!(include_str!("../../../../README.md").contains(&format!("\n{error}\n")), "{error}");
}
