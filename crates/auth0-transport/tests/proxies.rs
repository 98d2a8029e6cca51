//! Loopback is never reached through a proxy.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod scripted;

use std::process::Command;

use auth0_transport::{Method, Transport, TransportBuilder, reqwest};
use scripted::{Act, Scripted};

const ORIGIN: &str = "AUTH0_TRANSPORT_TEST_ORIGIN";

async fn tenant() -> Scripted {
    Scripted::by(|received| match received.path.as_str() {
        "/oauth/token" => Act::json(200, r#"{"access_token":"token","expires_in":60}"#),
        _ => Act::json(200, "{}"),
    })
    .await
}

fn builder(origin: &str) -> TransportBuilder {
    Transport::builder("acme.eu.auth0.com".parse().unwrap()).base_url(origin).client_credentials("id", "s3cret")
}

async fn get(builder: TransportBuilder) {
    builder.build().unwrap().request(Method::GET, "/things").send().await.unwrap();
}

#[tokio::test]
async fn a_proxy_that_is_configured_is_not_used_for_it() {
    let (proxy, server) = (Scripted::acts([Act::status(502)]).await, tenant().await);
    let through = proxy.origin().to_owned();
    get(builder(server.origin()).configure_http(|http| http.proxy(reqwest::Proxy::all(through).unwrap()))).await;
    let own = reqwest::Client::builder().proxy(reqwest::Proxy::all(proxy.origin()).unwrap()).build().unwrap();
    get(builder(server.origin()).http_client(own)).await;
    assert!(proxy.received().is_empty(), "{:?}", proxy.received());
}

/// Environment variables belong to the process, so that the test runs once more in one of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_is_one_of_the_environment() {
    if let Ok(origin) = std::env::var(ORIGIN) {
        get(builder(&origin)).await;
        get(builder(&origin).http_client(reqwest::Client::new())).await;
        return;
    }
    let (proxy, server) = (Scripted::acts([Act::status(502)]).await, tenant().await);
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "nor_is_one_of_the_environment"]).env(ORIGIN, server.origin());
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, proxy.origin());
    }
    for name in ["NO_PROXY", "no_proxy"] {
        child.env_remove(name);
    }
    let status = tokio::task::spawn_blocking(move || child.status()).await.unwrap().unwrap();
    assert!(status.success());
    assert!(proxy.received().is_empty(), "{:?}", proxy.received());
    assert_eq!(server.received().len(), 4);
}
