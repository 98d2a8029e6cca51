//! A service with tests against the mock tenant. Onboarding enables directory provisioning for a new customer, and waits
//! for the first run. `cargo test --test programs` tests it, and `cargo run --example tested_service` runs it.

use std::{error::Error, time::Duration};

use auth0_provisioning::{
    Client, ConnectionId, Desired, EnsureError, LastRun, SynchronizeError, SynchronizeGroups, VerbError,
};
use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};

pub(crate) struct Onboarding {
    pub(crate) client: Client,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum OnboardingError {
    #[error("the connection could not be configured: {0}")]
    Configuration(EnsureError),
    #[error("the first synchronization did not complete: {0}")]
    Synchronization(SynchronizeError),
}

impl OnboardingError {
    /// Whether the job queue should run the job again.
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            Self::Configuration(error) => error.is_retryable(),
            Self::Synchronization(error) => error.is_retryable(),
        }
    }
}

impl Onboarding {
    /// Enables provisioning and waits for a run. A repetition changes nothing that is already done.
    pub(crate) async fn onboard(&self, connection: &ConnectionId) -> Result<LastRun, OnboardingError> {
        let provisioning = self.client.directory_provisioning(connection);
        let desired = Desired::default().synchronize_automatically(true).synchronize_groups(SynchronizeGroups::All);
        provisioning.ensure(desired).await.map_err(OnboardingError::Configuration)?;
        provisioning.synchronize_and_wait(Duration::from_secs(900)).await.map_err(OnboardingError::Synchronization)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let at_once = Synchronization::completes_after(Duration::ZERO);
    let customer = Connection::google_apps("con_customer").synchronization(at_once);
    let tenant = MockTenant::builder().connection(customer).start().await?;
    let client = Client::builder("tenant.example.com")?
        .base_url(tenant.base_url())
        .bearer_token(tenant.access_token())
        .build()?;
    match (Onboarding { client }).onboard(&"con_customer".parse()?).await {
        Ok(run) => println!("con_customer: {}", run.state),
        Err(error) if error.is_retryable() => println!("con_customer: try again later: {error}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
