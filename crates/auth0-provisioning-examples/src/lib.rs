//! Programs that use `auth0-provisioning`, in `examples/`. Each starts a mock tenant and runs without an account:
//! `cargo run --example NAME`.
//!
//! | program            | what it does                                                                     |
//! | ------------------ | -------------------------------------------------------------------------------- |
//! | `quickstart`       | reads a configuration                                                            |
//! | `nightly_ensure`   | brings connections to the state that a file describes                            |
//! | `alert`            | reports failed and stale runs as JSON, for a webhook                             |
//! | `reconcile_groups` | selects the groups of a CSV file, or of the JSON file that Auth0's dashboard takes |
//! | `backup`           | exports all configurations and restores them                                     |
//! | `tested_service`   | a service with tests against the mock tenant                                     |
//! | `journey`          | a connection from its creation to its deletion: groups, a run, roles, and SCIM   |
//! | `fleet`            | reads many configurations against a rate limit, and compares with the shortest time |
//!
//! `quickstart` and `fleet` also run against a tenant of Auth0, which needs TLS: `--features tls`. The README shows the
//! output of each program.

use std::error::Error;

use auth0_provisioning::Client;
use auth0_provisioning_mock::{MockTenant, MockTenantBuilder};

/// Runs an example of the documentation with a client of a mock tenant, which has a configured connection with the id
/// `con_0123456789abcdef`.
///
/// # Panics
///
/// The example failed.
pub fn run(example: impl AsyncFnOnce(Client) -> Result<(), Box<dyn Error>>) {
    block_on(async { with_client(&MockTenant::start().await?, example).await });
}

/// Like [`run`], with a tenant of its own.
///
/// # Panics
///
/// The example failed.
pub fn run_with(tenant: MockTenantBuilder, example: impl AsyncFnOnce(Client) -> Result<(), Box<dyn Error>>) {
    block_on(async { with_client(&tenant.start().await?, example).await });
}

async fn with_client(
    tenant: &MockTenant,
    example: impl AsyncFnOnce(Client) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let builder = Client::builder("tenant.example.com")?.base_url(tenant.base_url());
    // OpenSSL would read the system's certificates for each client.
    #[cfg(feature = "tls")]
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the type of the HTTP client is not a dependency")]
    let builder = builder.configure_http(|http| http.tls_backend_rustls());
    example(builder.bearer_token(tenant.access_token()).build()?).await
}

fn block_on(example: impl Future<Output = Result<(), Box<dyn Error>>>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(example));
    assert!(ended.is_ok(), "{ended:?}");
}
