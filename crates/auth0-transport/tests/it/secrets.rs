//! No `Debug`, `Display`, log or trace contains a secret.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::scripted::{Act, Scripted};
use auth0_transport::{
    AccessToken, CallOptions, Credentials, Error, FileTokenStore, HeaderName, HeaderValue, MemoryTokenStore, Method,
    RetryPolicy, StoredToken, TokenStore, Transport,
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

const SECRETS: [&str; 6] =
    ["cl1ent-s3cret", "t0ken-1", "pr1vate-body", "pr1vate-query", "pr1vate-header", "pr1vate-user"];

/// Records all events and spans of all levels.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut self.clone());
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

fn chain(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut source = error.cause();
    while let Some(cause) = source {
        write!(text, "{cause}\n{cause:?}\n").unwrap();
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let everything = Everything::default();
    // Set for all threads. Otherwise a callsite that another test reaches first would stay disabled.
    tracing::subscriber::set_global_default(everything.clone()).unwrap();
    let mut shown = String::new();
    let responses = [
        Act::json(200, r#"{"access_token":"t0ken-1","expires_in":86400}"#),
        Act::json(200, r#"{"name":"pr1vate-body"}"#),
        Act::json(400, r#"{"message":"cannot use t0ken-1","errorCode":"t0ken-1"}"#),
        Act::json(502, "pr1vate-body t0ken-1"),
        Act::json(401, r#"{"message":"bad t0ken-1"}"#),
        Act::json(403, r#"{"error":"cl1ent-s3cret","error_description":"cl1ent-s3cret is wrong"}"#),
        Act::CutBefore,
        Act::json(200, r#"{"access_token":7,"was":"t0ken-1"}"#),
    ];
    let server = Scripted::acts(responses).await;
    let credentials = Credentials::client_secret("client-1", "cl1ent-s3cret");
    let builder =
        server.transport().credentials(credentials.clone()).retry(RetryPolicy::default().timing(|_| Duration::ZERO));
    write!(shown, "{credentials:?} {:?} {builder:?}", Credentials::bearer("t0ken-1")).unwrap();
    let elsewhere = Transport::builder("acme.eu.auth0.com".parse().unwrap())
        .credentials(credentials)
        .base_url("https://me:pr1vate-user@acme.example");
    write!(shown, "{elsewhere:?}").unwrap();
    shown += &chain(&elsewhere.build().unwrap_err());
    let options =
        CallOptions::new().header(HeaderName::from_static("x-key"), HeaderValue::from_static("pr1vate-header"));
    write!(shown, "{options:?}").unwrap();
    assert!(shown.contains("x-key") && shown.contains("acme.example"), "{shown}");
    let transport = builder.build().unwrap().with_options(options);
    for _ in 0..5 {
        let request = transport.request(Method::POST, "/things").query(&[("q", "pr1vate-query")]).json("pr1vate-body");
        match request.send().await {
            Ok(response) => {
                write!(shown, "{response:?}").unwrap();
                shown += &chain(&response.json::<u8>().unwrap_err());
            }
            Err(error) => shown += &chain(&error),
        }
    }
    write!(shown, "{transport:?} {transport:#?}").unwrap();
    let token = StoredToken::new("t0ken-1", Duration::from_secs(60));
    let store = MemoryTokenStore::default();
    store.save("k", &token).await.unwrap();
    write!(shown, "{token:?} {store:?} {:?} {:?}", FileTokenStore::new("x"), AccessToken::new("t0ken-1")).unwrap();

    let traced = everything.0.lock().unwrap().clone();
    for expected in ["http.request.method=\"POST\"", "http.response.status_code=200", "server.port", "url.full"] {
        assert!(traced.contains(expected), "{expected} is not in the trace: {traced}");
    }
    assert!(server.received().len() >= 6, "the script did not run: {:?}", server.received());
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} is shown in {shown}");
        assert!(!traced.contains(secret), "{secret} is traced in {traced}");
    }
}
