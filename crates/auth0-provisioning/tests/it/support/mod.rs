//! What the behaviour tests have in common: a tenant, a client, and what the tenant was asked.

pub(crate) mod interference;

use std::time::Duration;

use auth0_provisioning::{Client, ClientBuilder, DirectoryProvisioningHandle, transport::Operation};
use auth0_provisioning_api as api;
use auth0_provisioning_mock::{Connection, MockTenant, MockTenantBuilder};

pub(crate) const CONNECTION: &str = "con_0123456789abcdef";

/// A tenant with this connection, whose clock stands.
pub(crate) async fn tenant(connection: Connection) -> MockTenant {
    standing().connection(connection).start().await.unwrap()
}

pub(crate) fn standing() -> MockTenantBuilder {
    MockTenant::builder().frozen_at("2026-05-05T12:00:00Z".parse().unwrap())
}

pub(crate) fn connection() -> Connection {
    Connection::google_apps(CONNECTION).name("acme-workspace")
}

/// A builder whose TLS is rustls: OpenSSL, which is there with all features, reads the system's certificates for each client,
/// and that takes longer than most tests.
pub(crate) fn builder() -> ClientBuilder {
    let builder = Client::builder("tenant.example.com").unwrap();
    #[cfg(feature = "rustls")]
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the type of the HTTP client is not a dependency")]
    let builder = builder.configure_http(|http| http.tls_backend_rustls());
    builder
}

pub(crate) fn client(tenant: &MockTenant) -> Client {
    builder().base_url(tenant.base_url()).bearer_token(tenant.access_token()).build().unwrap()
}

pub(crate) fn google(tenant: &MockTenant) -> DirectoryProvisioningHandle {
    client(tenant).directory_provisioning(&CONNECTION.parse().unwrap())
}

/// Whether everything is tested that a change is tested with a sample of: with `FULL=1`.
pub(crate) fn is_full() -> bool {
    std::env::var_os("FULL").is_some()
}

/// The generated operations, with their names, scopes and idempotency.
pub(crate) fn operations() -> impl Iterator<Item = &'static Operation> {
    let areas = [
        api::directory_provisioning::operations::ALL,
        api::connections::operations::ALL,
        api::scim::operations::ALL,
        api::groups::operations::ALL,
        api::logs::operations::ALL,
    ];
    areas.into_iter().flatten().copied()
}

/// The operations that the tenant was asked for since this was asked last.
pub(crate) fn asked(tenant: &MockTenant) -> Vec<String> {
    let requests = tenant.requests();
    tenant.clear_requests();
    requests.iter().map(|request| format!("{} {}", request.status, request.operation_id().unwrap())).collect()
}

/// Waits, in steps of a millisecond, until something is so. Tests that wait for what never comes end after a minute.
pub(crate) async fn until(mut so: impl FnMut() -> bool) {
    let patience = tokio::time::timeout(Duration::from_secs(60), async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    patience.await.expect("it should have come about within a minute");
}

/// Returns the origin of a server that responds to every request with this status and body.
pub(crate) async fn refusing(status: u16, body: &'static str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let length = body.len();
            let response = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    origin
}
