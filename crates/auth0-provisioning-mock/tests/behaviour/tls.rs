use std::sync::Arc;

use auth0_provisioning_mock::{MockTenant, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

async fn ask(tenant: &MockTenant, authority_pem: &str, name: &'static str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority_pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let address = tenant.base_url().trim_start_matches("https://");
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from(name).unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let request = "GET /api/v2/connections HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    Ok(answer)
}

#[tokio::test]
async fn whoever_trusts_the_authority_gets_an_answer() {
    let tls = Tls::for_loopback_and(&["acme.auth0.test"]).unwrap();
    let authority = tls.authority_pem().to_owned();
    let tenant = MockTenant::builder().tls(tls).start().await.unwrap();
    assert!(tenant.base_url().starts_with("https://127.0.0.1:"));
    for name in ["127.0.0.1", "localhost", "acme.auth0.test"] {
        assert!(ask(&tenant, &authority, name).await.unwrap().starts_with("HTTP/1.1 401"), "{name}");
    }
    assert!(ask(&tenant, &authority, "elsewhere.test").await.is_err());
    let another = Tls::for_loopback_and(&[]).unwrap();
    assert!(ask(&tenant, another.authority_pem(), "localhost").await.is_err());
}
