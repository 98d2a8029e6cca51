//! The tenant of `--demo`: a mock tenant with a sample company.

use auth0_provisioning::{Client, ClientBuilder};
use auth0_provisioning_mock::{MockTenant, MockTenantBuilder};
use serde_json::json;

use crate::failure::Failure;

/// The time of a demo whose clock is frozen.
const FROZEN_AT: &str = "2026-03-07T12:00:00Z";

/// Returns the sample company as of now.
pub(crate) fn company() -> Result<MockTenantBuilder, Failure> {
    MockTenant::builder().check_responses(false).company().map_err(failed)
}

/// Starts the tenant. Without a running clock, its results are the same each time.
pub(crate) async fn start(clock_runs: bool) -> Result<MockTenant, Failure> {
    let company = company()?;
    let builder = if clock_runs { company } else { company.frozen_at(FROZEN_AT.parse().map_err(failed)?) };
    let tenant = builder.start().await.map_err(failed)?;
    log_scim_requests(&tenant);
    Ok(tenant)
}

/// Logs two SCIM requests of an identity provider: one that succeeded, and one that failed.
fn log_scim_requests(tenant: &MockTenant) {
    for (user, kind, status, description) in [
        ("robin@acme.example", "sscim", 201, "Created the user"),
        ("kim@acme.example", "fscim", 409, "The email is taken"),
    ] {
        let path = "/scim/v2/connections/con_0123456789okta00/Users";
        let request = json!({ "method": "POST", "path": path, "body": { "userName": user } });
        let details = json!({ "request": request, "response": { "statusCode": status } });
        tenant.log_event(json!({ "type": kind, "description": description, "details": details }));
    }
}

/// Returns a client builder for the tenant.
pub(crate) fn client_builder(tenant: &MockTenant) -> Result<ClientBuilder, Failure> {
    let builder = Client::builder("demo.auth0.com").map_err(failed)?;
    Ok(builder.base_url(tenant.base_url()).bearer_token(tenant.access_token()))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::failed(format!("cannot start the demo tenant: {error}"))
}
