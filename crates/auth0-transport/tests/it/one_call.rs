//! The request and the response of one call.

use crate::scripted::{Act, Scripted};
use auth0_transport::{Error, ErrorCode, ErrorKind, Idempotency, Operation, Response, Transport};

const GET_THING: Operation = Operation::new("get_thing", Idempotency::Idempotent, &["read:things"]);

fn transport(server: &Scripted) -> Transport {
    server.transport().bearer_token("tok-s3cret").build().unwrap()
}

async fn get(transport: &Transport) -> Result<Response<auth0_transport::Bytes>, Error> {
    let request = transport
        .http_client()
        .get(format!("{}/things/1", transport.base_url()))
        .header("accept", "application/json")
        .build()
        .unwrap();
    transport.execute(request, &GET_THING).await
}

#[tokio::test]
async fn returns_value_status_headers_and_attempts() {
    let server = Scripted::acts([Act::json(200, r#"{"name":"x"}"#).with_header("x-request-id", "r1")]).await;
    let response = get(&transport(&server)).await.unwrap().json::<serde_json::Value>().unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-request-id"], "r1");
    assert_eq!(response.attempts(), 1);
    assert_eq!(response["name"], "x");
    assert_eq!(response.into_inner()["name"], "x");
}

#[tokio::test]
async fn sends_only_the_intended_headers() {
    let server = Scripted::acts([Act::json(200, "{}")]).await;
    get(&transport(&server)).await.unwrap();
    let received = &server.received()[0];
    let mut names: Vec<_> = received.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "auth0-client", "authorization", "host", "user-agent", "x-transit"]);
    assert_eq!(received.path, "/api/v2/things/1");
    assert_eq!(received.header("authorization"), Some("Bearer tok-s3cret"));
    assert_eq!(received.header("accept"), Some("application/json"));
    let agent = received.header("user-agent").unwrap();
    assert_eq!(agent, concat!("auth0-provisioning/", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn error_contains_code_and_message_of_the_api() {
    let server = Scripted::acts([Act::json(
        403,
        r#"{"statusCode":403,"error":"Forbidden","message":"Insufficient scope for tok-s3cret","errorCode":"insufficient_scope"}"#,
    )])
    .await;
    let error = get(&transport(&server)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(error.status().unwrap(), 403);
    assert_eq!(error.code(), Some(&ErrorCode::InsufficientScope));
    assert_eq!(error.message(), Some("Insufficient scope for [redacted]"));
    assert_eq!(error.operation(), Some("get_thing"));
    assert_eq!(error.missing_scopes(), ["read:things"]);
    assert!(error.is_forbidden() && !error.is_retryable());
    assert_eq!(
        error.with_connection_id("con_1").to_string(),
        "get_thing of con_1: 403 Forbidden, insufficient_scope: Insufficient scope for [redacted]; \
         the token needs read:things"
    );
}

#[tokio::test]
async fn error_describes_and_keeps_a_foreign_body() {
    let page = "<html>tok-s3cret teapot</html>";
    let act =
        Act::Respond { status: 404, headers: vec![("content-type".into(), "text/html".into())], body: page.into() };
    let server = Scripted::acts([act]).await;
    let error = get(&transport(&server)).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!((error.code(), error.message()), (None, None));
    assert_eq!(error.raw_body(), Some(page.as_bytes()));
    assert_eq!(
        error.to_string(),
        "get_thing: 404 Not Found with a body that is not the API's JSON (\"text/html\", 30 bytes)"
    );
    assert!(!format!("{error:?}").contains("teapot"));
}

#[tokio::test]
async fn decode_error_names_the_place() {
    #[derive(serde::Deserialize)]
    struct Thing {
        #[serde(rename = "mapping")]
        _mapping: Vec<Item>,
    }
    #[derive(serde::Deserialize)]
    struct Item {
        #[serde(rename = "idp")]
        _idp: String,
    }
    let server = Scripted::acts([
        Act::json(200, r#"{"mapping":[{"idp":"a"},{"idp":{"private":"teapot"}}]}"#),
        Act::json(200, r#"{"mapping":[{"idp":"a"},{}]}"#),
        Act::json(200, r#"{"mapping":["#),
        Act::json(200, "teapot"),
    ])
    .await;
    let transport = transport(&server);
    for (path, expected) in [
        ("mapping[1].idp", "not of the expected type"),
        ("mapping[1]", "missing field `idp`"),
        ("mapping", "ends early"),
        (".", "not JSON"),
    ] {
        let error = get(&transport).await.unwrap().json::<Thing>().map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.operation(), Some("get_thing"));
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!error.to_string().contains("teapot"), "{error}");
        assert!(error.json_path().unwrap().starts_with(path), "{:?} {path}", error.json_path());
        assert!(error.raw_body().is_some());
    }
}

#[tokio::test]
async fn decode_error_says_what_to_check() {
    let gzip = vec![("content-encoding".into(), "gzip".into())];
    for (headers, body, hint) in [
        (Vec::new(), "\n<!doctype html><p>teapot</p>", "the body is a page of 29 bytes; check the base URL"),
        (gzip, "teapot", "the body is compressed (\"gzip\")"),
        (Vec::new(), "teapot", "the body has 6 bytes of another format; check the base URL"),
    ] {
        let server = Scripted::acts([Act::Respond { status: 200, headers, body: body.into() }]).await;
        let error = get(&transport(&server)).await.unwrap().json::<serde_json::Value>().map(drop).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(hint) && text.contains("proxy") && !text.contains("teapot"), "{text}");
        assert!(!text.contains(" at ."), "{text}");
    }
}

#[tokio::test]
async fn missing_scopes_are_those_that_the_api_names() {
    for (message, scopes) in [
        ("Insufficient scope, expected any of: read:a,update:b_c", vec!["read:a", "update:b_c"]),
        ("Insufficient scope; expected: read:a.", vec!["read:a"]),
        ("Insufficient scope", vec!["read:things"]),
        ("Insufficient scope: see https://example.com", vec!["read:things"]),
    ] {
        let body = serde_json::json!({ "message": message, "errorCode": "insufficient_scope" });
        let server = Scripted::acts([Act::json(403, &body.to_string())]).await;
        assert_eq!(get(&transport(&server)).await.unwrap_err().missing_scopes(), scopes, "{message}");
    }
}

#[tokio::test]
async fn error_omits_code_and_message_that_repeat_the_status() {
    for (body, text) in [
        (r#"{"error":"Forbidden","message":"Forbidden"}"#, "get_thing: 403 Forbidden"),
        (r#"{"errorCode":"forbidden","message":"No such right"}"#, "get_thing: 403 Forbidden: No such right"),
        (r#"{"errorCode":"not_enabled","message":"forbidden."}"#, "get_thing: 403 Forbidden, not_enabled"),
    ] {
        let server = Scripted::acts([Act::json(403, body)]).await;
        let error = get(&transport(&server)).await.unwrap_err();
        assert_eq!(error.to_string(), text);
    }
}

#[tokio::test]
async fn undeclared_success_is_an_error() {
    let server = Scripted::acts([Act::status(206)]).await;
    let error = get(&transport(&server)).await.unwrap().unexpected();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(error.to_string(), "get_thing: 206 Partial Content, unexpected response with an empty body");
}

#[tokio::test]
async fn request_outside_of_the_api_is_not_sent() {
    let server = Scripted::acts([Act::json(200, "{}")]).await;
    let transport = transport(&server);
    for url in [format!("{}/oauth/token", server.origin()), format!("{}/api/v2/../../x", server.origin())] {
        let request = transport.http_client().get(url).build().unwrap();
        let error = transport.execute(request, &GET_THING).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 0));
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Scripted::acts([Act::json(200, "{}")]).await;
    let server = Scripted::acts([Act::status(302).with_header("location", elsewhere.origin())]).await;
    let error = get(&transport(&server)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert!(elsewhere.received().is_empty());
}

#[test]
fn types_are_send_and_errors_are_small() {
    fn crosses<T: Send + Sync + Clone>() {}
    crosses::<Transport>();
    crosses::<Error>();
    assert_eq!(std::mem::size_of::<Error>(), std::mem::size_of::<usize>());
}
