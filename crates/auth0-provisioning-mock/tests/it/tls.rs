use std::sync::Arc;

use auth0_provisioning_mock::{Cut, Fault, MockTenant, Tls};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

async fn connect(
    tenant: &MockTenant,
    authority_pem: &str,
    name: &'static str,
    protocols: &[&[u8]],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority_pem.as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let address = tenant.base_url().trim_start_matches("https://");
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from(name).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

async fn ask(tenant: &MockTenant, authority_pem: &str, name: &'static str) -> std::io::Result<String> {
    let mut stream = connect(tenant, authority_pem, name, &[b"http/1.1"]).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let request = "GET /api/v2/connections HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    Ok(response)
}

#[tokio::test]
async fn client_that_trusts_authority_gets_response() {
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

/// A client that speaks HTTP/2 on one connection.
async fn http2(tenant: &MockTenant, authority_pem: &str) -> SendRequest<Full<Bytes>> {
    let stream = connect(tenant, authority_pem, "localhost", &[b"h2", b"http/1.1"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    sender
}

fn get(tenant: &MockTenant, path: &str) -> Request<Full<Bytes>> {
    Request::get(format!("{}{path}", tenant.base_url()))
        .header("authorization", format!("Bearer {}", tenant.access_token()))
        .body(Full::default())
        .unwrap()
}

const CONFIGURATION: &str = "/api/v2/connections/con_0123456789abcdef/directory-provisioning";

#[tokio::test]
async fn http2_requests_share_a_connection() {
    let tls = Tls::for_loopback_and(&[]).unwrap();
    let authority = tls.authority_pem().to_owned();
    let tenant = MockTenant::builder().tls(tls).start().await.unwrap();
    let mut sender = http2(&tenant, &authority).await;

    let asked: Vec<_> = (0..20).map(|_| sender.send_request(get(&tenant, CONFIGURATION))).collect();
    for response in asked {
        let response = response.await.unwrap();
        assert_eq!((response.version(), response.status().as_u16()), (http::Version::HTTP_2, 200));
        assert!(response.headers().contains_key("x-ratelimit-limit"));
    }
    let credentials = json!({
        "grant_type": "client_credentials",
        "client_id": tenant.client_id(),
        "client_secret": tenant.client_secret(),
        "audience": tenant.audience(),
    });
    let request =
        Request::post(format!("{}/oauth/token", tenant.base_url())).header("content-type", "application/json");
    let response = sender.send_request(request.body(Full::from(credentials.to_string())).unwrap()).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["token_type"], "Bearer");
}

#[tokio::test]
async fn cut_over_http2_ends_only_its_stream() {
    let tls = Tls::for_loopback_and(&[]).unwrap();
    let authority = tls.authority_pem().to_owned();
    let tenant = MockTenant::builder().tls(tls).start().await.unwrap();
    let mut sender = http2(&tenant, &authority).await;
    tenant.faults([Fault::cut(Cut::BeforeResponse), Fault::cut(Cut::WithinResponse), Fault::none()]);

    sender.send_request(get(&tenant, CONFIGURATION)).await.unwrap_err();
    let half = sender.send_request(get(&tenant, CONFIGURATION)).await.unwrap();
    half.into_body().collect().await.unwrap_err();
    let whole = sender.send_request(get(&tenant, CONFIGURATION)).await.unwrap();
    assert_eq!(whole.status(), 200);
    assert!(!whole.into_body().collect().await.unwrap().to_bytes().is_empty());
}
