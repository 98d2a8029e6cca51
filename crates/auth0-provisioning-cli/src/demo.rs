//! The tenant of `--demo`: the mock tenant with the company that it starts with.

use auth0_provisioning::{Client, ClientBuilder};
use auth0_provisioning_mock::{MockTenant, MockTenantBuilder};
use serde_json::json;

use crate::failure::Failure;

/// The present of the demonstration where its time stands still.
const PRESENT: &str = "2026-03-07T12:00:00Z";

/// The company as it is today.
pub(crate) fn company() -> Result<MockTenantBuilder, Failure> {
    MockTenant::builder().check_responses(false).company().map_err(failed)
}

/// Starts the tenant, in the present, or at a time that stands still.
pub(crate) async fn start(runs_on: bool) -> Result<MockTenant, Failure> {
    let company = company()?;
    let builder = if runs_on { company } else { company.frozen_at(PRESENT.parse().map_err(failed)?) };
    let tenant = builder.start().await.map_err(failed)?;
    log_scim_requests(&tenant);
    Ok(tenant)
}

/// Writes what an identity provider sent: one request that succeeded, and one that failed.
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

/// Leads a client to the tenant.
pub(crate) fn builder(tenant: &MockTenant) -> Result<ClientBuilder, Failure> {
    let builder = Client::builder("demo.auth0.com").map_err(failed)?;
    Ok(builder.base_url(tenant.base_url()).bearer_token(tenant.access_token()))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::failed(format!("the demonstration cannot start: {error}"))
}
