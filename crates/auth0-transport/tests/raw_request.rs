//! Requests to operations that no client wraps.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod scripted;

use auth0_transport::{ErrorKind, HeaderName, HeaderValue, Idempotency, Method, Operation, Transport};
use scripted::{Act, Scripted};

async fn server() -> (Scripted, Transport) {
    let server = Scripted::acts([Act::json(200, r#"[{"client_id":"c1"}]"#)]).await;
    let transport = server
        .transport()
        .bearer_token("token")
        .send_client_info(false)
        .client_name("own-tool", "7.0")
        .build()
        .unwrap();
    (server, transport)
}

#[tokio::test]
async fn query_body_and_headers_go_out_as_given() {
    let (server, transport) = server().await;
    let answer = transport
        .request(Method::PATCH, "/clients/c1")
        .query(&[("fields", "a b&c")])
        .json(&serde_json::json!({ "name": "x" }))
        .header(HeaderName::from_static("x-own"), HeaderValue::from_static("1"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.json::<serde_json::Value>().unwrap()[0]["client_id"], "c1");
    let received = &server.received()[0];
    assert_eq!(received.method, "PATCH");
    assert_eq!(received.path, "/api/v2/clients/c1?fields=a+b%26c");
    assert_eq!(received.body, r#"{"name":"x"}"#);
    assert_eq!(received.header("x-own"), Some("1"));
    assert_eq!(received.header("accept"), Some("application/json"));
    assert_eq!(received.header("authorization"), Some("Bearer token"));
    assert_eq!(received.header("user-agent"), Some("own-tool/7.0"));
    assert_eq!(received.header("auth0-client"), None);
}

#[tokio::test]
async fn no_path_leads_out_of_the_api() {
    let (server, transport) = server().await;
    for path in [
        "",
        "clients",
        "0/clients",
        "@evil.example/",
        "/../../oauth/token",
        "/..",
        "/%2e%2e/v3",
        "/a/..\\..\\..\\x",
        "/.%2e/%2E./x",
    ] {
        let error = transport.request(Method::GET, path).send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{path}");
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_name_can_be_given_for_errors() {
    let server = Scripted::acts([Act::status(404)]).await;
    let transport = server.transport().bearer_token("token").build().unwrap();
    let named = Operation::new("get_client", Idempotency::Idempotent, &["read:clients"]);
    let error = transport.request(Method::GET, "/clients/x").operation(named).send().await.unwrap_err();
    assert_eq!(error.to_string(), "get_client: 404 Not Found with an empty body");
}

#[tokio::test]
async fn headers_replace_those_that_the_client_would_send() {
    let (server, transport) = server().await;
    let text = HeaderValue::from_static("text/plain");
    let request = transport
        .request(Method::POST, "/things")
        .json(&1)
        .header(HeaderName::from_static("accept"), text.clone())
        .header(HeaderName::from_static("content-type"), text);
    request.send().await.unwrap();
    let received = &server.received()[0];
    for name in ["accept", "content-type"] {
        let values: Vec<_> =
            received.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect();
        assert_eq!(values, ["text/plain"], "{name}");
    }
}
