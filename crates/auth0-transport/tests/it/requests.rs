//! Requests to operations and to any paths.

use std::time::Duration;

use crate::scripted::{Act, Scripted};
use auth0_transport::{ErrorKind, HeaderName, HeaderValue, Idempotency, Method, Operation, Transport};

static ROLES: Operation = Operation::new("get_roles", Idempotency::Idempotent, &["read:roles"])
    .at(&Method::GET, "/groups/{group}/roles/{role}")
    .succeeds_with(&[200]);

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
async fn sends_query_body_and_headers_unchanged() {
    let (server, transport) = server().await;
    let response = transport
        .request(Method::PATCH, "/clients/c1")
        .query(&[("fields", "a b&c")])
        .json(&serde_json::json!({ "name": "x" }))
        .header(HeaderName::from_static("x-own"), HeaderValue::from_static("1"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.json::<serde_json::Value>().unwrap()[0]["client_id"], "c1");
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
async fn path_outside_of_the_api_is_an_error() {
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
async fn errors_name_the_operation() {
    let server = Scripted::acts([Act::status(404)]).await;
    let transport = server.transport().bearer_token("token").build().unwrap();
    let named = Operation::new("get_client", Idempotency::Idempotent, &["read:clients"]);
    let error = transport.request(Method::GET, "/clients/x").operation(named).send().await.unwrap_err();
    assert_eq!(error.to_string(), "get_client: 404 Not Found with an empty body");
}

#[tokio::test]
async fn headers_replace_those_of_the_client() {
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

#[tokio::test]
async fn operation_fills_in_its_path() {
    let (server, transport) = server().await;
    let request = transport.call(&ROLES).query(&[("take", "2")]).segment("a/b?").unwrap().segment("r1").unwrap();
    let response = request.query(&[("from", "x y")]).send_json::<serde_json::Value>().await.unwrap();
    assert_eq!(response[0]["client_id"], "c1");
    let received = &server.received()[0];
    assert_eq!(
        (received.method.as_str(), received.path.as_str()),
        ("GET", "/api/v2/groups/a%2Fb%3F/roles/r1?take=2&from=x+y")
    );
    assert_eq!(received.header("accept"), Some("application/json"));
}

#[tokio::test]
async fn path_takes_neither_more_nor_fewer_segments() {
    let (server, transport) = server().await;
    let one = || transport.call(&ROLES).segment("a").unwrap();
    let without_route = Operation::new("nowhere", Idempotency::Idempotent, &[]);
    let errors = [
        one().send().await.map(drop).unwrap_err(),
        one().segment("b").unwrap().segment("c").map(drop).unwrap_err(),
        one().segment("..").map(drop).unwrap_err(),
        transport.call(&without_route).send().await.map(drop).unwrap_err(),
        transport.request(Method::GET, "/things").segment("a").map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0), "{error}");
        assert!(error.operation().is_some());
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn undeclared_success_is_an_error() {
    let server = Scripted::acts([Act::status(204)]).await;
    let transport = server.transport().bearer_token("token").build().unwrap();
    let call = || transport.call(&ROLES).segment("a").unwrap().segment("b").unwrap();
    let error = call().send_empty().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::UnexpectedResponse, Some("get_roles")));
    let declared = ROLES.succeeds_with(&[204]);
    call().operation(declared).send_empty().await.unwrap();
}

/// With a template, an id that looks like a word of the path does not get a limit of its own.
#[tokio::test(start_paused = true)]
async fn limit_of_an_endpoint_is_known_by_its_template() {
    static STATUS: Operation = Operation::new("get_status", Idempotency::Idempotent, &[]).at(&Method::GET, "/a/{id}/b");
    let mut first = true;
    let server = Scripted::by(move |received| {
        let is_own = received.path.starts_with("/api/v2/a/");
        let refused = is_own && std::mem::take(&mut first);
        let response = Act::json(if refused { 429 } else { 200 }, "{}");
        let response = if refused { response.with_header("retry-after", "60") } else { response };
        let (limit, remaining) = if is_own { ("5", if refused { "0" } else { "4" }) } else { ("50", "49") };
        response.with_header("x-ratelimit-limit", limit).with_header("x-ratelimit-remaining", remaining)
    })
    .await;
    let transport = server.transport().bearer_token("token").build().unwrap();
    transport.request(Method::GET, "/general").send().await.unwrap();
    let began = tokio::time::Instant::now();
    let call = |id| transport.call(&STATUS).segment(id).unwrap().send();
    let (word, other) = tokio::join!(call("word"), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        call("other").await.map(|_| began.elapsed())
    });
    word.unwrap();
    let waited = other.unwrap();
    assert!(waited >= Duration::from_secs(60), "{waited:?}");
}
