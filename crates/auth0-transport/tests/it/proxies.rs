//! Requests to loopback use no proxy, and errors name a failed proxy.

use std::process::Command;

use crate::scripted::{Act, Scripted};
use auth0_transport::{Error, ErrorKind, Method, RetryPolicy, Transport, TransportBuilder, reqwest};

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
async fn configured_proxy_is_not_used_for_loopback() {
    let (proxy, server) = (Scripted::acts([Act::status(502)]).await, tenant().await);
    let through = proxy.origin().to_owned();
    get(builder(server.origin()).configure_http(|http| http.proxy(reqwest::Proxy::all(through).unwrap()))).await;
    let own = reqwest::Client::builder().proxy(reqwest::Proxy::all(proxy.origin()).unwrap()).build().unwrap();
    get(builder(server.origin()).http_client(own)).await;
    assert!(proxy.received().is_empty(), "{:?}", proxy.received());
}

/// Runs the test again in another process, because environment variables belong to the process.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxy_of_the_environment_is_not_used_for_loopback() {
    if let Ok(origin) = std::env::var(ORIGIN) {
        get(builder(&origin)).await;
        get(builder(&origin).http_client(reqwest::Client::new())).await;
        return;
    }
    let (proxy, server) = (Scripted::acts([Act::status(502)]).await, tenant().await);
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "proxies::proxy_of_the_environment_is_not_used_for_loopback"]).env(ORIGIN, server.origin());
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

/// Returns an address of this machine without a listener.
async fn closed() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

fn once(builder: TransportBuilder) -> TransportBuilder {
    builder.retry(RetryPolicy::never())
}

async fn failure(builder: TransportBuilder) -> Error {
    builder.build().unwrap().request(Method::GET, "/things").send().await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn error_names_the_failed_proxy_without_password() {
    const PROXY: &str = "AUTH0_TRANSPORT_TEST_PROXY";
    if let Ok(proxy) = std::env::var(PROXY) {
        let bearer = Transport::builder("acme.eu.auth0.com".parse().unwrap()).bearer_token("token");
        let error = failure(once(bearer)).await;
        assert_eq!(error.kind(), ErrorKind::Network);
        let expected = format!("network failure: cannot reach acme.eu.auth0.com through the proxy {proxy}: ");
        assert!(error.to_string().contains(&expected), "{error}");

        let credentials = Transport::builder("acme.eu.auth0.com".parse().unwrap()).client_credentials("id", "s3cret");
        let error = failure(once(credentials)).await;
        assert_eq!(error.kind(), ErrorKind::Network);
        let expected = format!("cannot reach acme.eu.auth0.com through the proxy {proxy} while obtaining a token");
        assert!(error.to_string().contains(&expected), "{error}");
        assert!(!format!("{error} {error:?}").contains("pa55"), "{error:?}");
        return;
    }
    let refusing = Scripted::acts(vec![Act::status(407); 2]).await;
    for proxy in [closed().await, refusing.origin().trim_start_matches("http://").to_owned()] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args(["--exact", "proxies::error_names_the_failed_proxy_without_password"])
            .env(PROXY, &proxy)
            .env("HTTPS_PROXY", format!("http://user:pa55@{proxy}"));
        for name in ["https_proxy", "NO_PROXY", "no_proxy"] {
            child.env_remove(name);
        }
        let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
        let output_text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && output_text.contains("1 passed"), "{output_text}");
    }
}

#[tokio::test]
async fn error_names_a_proxy_of_the_program() {
    let proxy = format!("http://{}", closed().await);
    let bearer = Transport::builder("acme.eu.auth0.com".parse().unwrap()).bearer_token("token");
    let error = failure(once(bearer.configure_http(move |http| http.proxy(reqwest::Proxy::all(proxy).unwrap())))).await;
    assert_eq!(error.kind(), ErrorKind::Network);
    let expected = "cannot reach acme.eu.auth0.com through the proxy that the HTTP client is set to";
    assert!(error.to_string().contains(expected), "{error}");
}
