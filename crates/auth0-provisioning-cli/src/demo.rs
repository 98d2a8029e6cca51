//! The tenant of `--demo`: the mock tenant with the company that it starts with.

use auth0_provisioning::{Client, ClientBuilder};
use auth0_provisioning_mock::{MockTenant, MockTenantBuilder};

use crate::failure::Failure;

/// The present of the demonstration where its time stands still.
const PRESENT: &str = "2026-03-07T12:00:00Z";

/// The company as it is today.
pub(crate) fn company() -> Result<MockTenantBuilder, Failure> {
    MockTenant::builder().check_answers(false).company().map_err(failed)
}

/// Starts the tenant, in the present, or at a time that stands still.
pub(crate) async fn start(runs_on: bool) -> Result<MockTenant, Failure> {
    let company = company()?;
    let builder = if runs_on { company } else { company.frozen_at(PRESENT.parse().map_err(failed)?) };
    builder.start().await.map_err(failed)
}

/// Leads a client to the tenant.
pub(crate) fn builder(tenant: &MockTenant) -> Result<ClientBuilder, Failure> {
    let builder = Client::builder("demo.auth0.com").map_err(failed)?;
    Ok(builder.base_url(tenant.base_url()).bearer_token(tenant.access_token()))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::failed(format!("the demonstration cannot start: {error}"))
}
