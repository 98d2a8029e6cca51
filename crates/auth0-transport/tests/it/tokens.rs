//! Tokens are obtained once and renewed before they expire.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use crate::scripted::{Act, Received, Scripted};
use auth0_transport::{
    AccessToken, Bytes, Credentials, Error, ErrorKind, FileTokenStore, MemoryTokenStore, Method, Response, RetryPolicy,
    StoreFuture, StoredToken, Timeouts, TokenFuture, TokenSource, TokenStore, Transport, TransportBuilder,
};

const TOKEN: &str = "/oauth/token";

fn builder(server: &Scripted) -> TransportBuilder {
    server.transport().client_credentials("client-1", "s3cret").retry(RetryPolicy::default().timing(|_| Duration::ZERO))
}

async fn get(transport: &Transport) -> Result<Response<Bytes>, Error> {
    transport.request(Method::GET, "/things").send().await
}

fn token(number: u32, expires_in: u64) -> Act {
    Act::json(
        200,
        &format!(r#"{{"access_token":"token-{number}","expires_in":{expires_in},"scope":"a","token_type":"Bearer"}}"#),
    )
}

/// Returns `token-1`, `token-2` and so on, and responds to other requests with `api`.
async fn tenant(expires_in: u64, mut api: impl FnMut(&Received) -> Act + Send + 'static) -> Scripted {
    let mut issued = 0;
    Scripted::by(move |received| {
        if received.path == TOKEN {
            issued += 1;
            token(issued, expires_in)
        } else {
            assert!(received.header("authorization").unwrap().starts_with("Bearer token-"));
            api(received)
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousand_tasks_need_one_token_request() {
    let mut first = true;
    let server = Scripted::by(move |received| {
        if received.path != TOKEN {
            return Act::json(200, "{}");
        }
        let wait = Duration::from_millis(if std::mem::take(&mut first) { 100 } else { 0 });
        Act::Late(wait, Box::new(token(1, 86_400)))
    })
    .await;
    let transport = builder(&server).build().unwrap();
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let transport = transport.clone();
            tokio::spawn(async move { get(&transport).await.map(drop) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(server.count(TOKEN), 1);
    assert_eq!(server.count("/api/v2/things"), 1000);
}

#[tokio::test]
async fn token_request_has_the_documented_form() {
    let server = tenant(86_400, |_| Act::json(200, "{}")).await;
    get(&builder(&server).build().unwrap()).await.unwrap();
    let request = server.received().into_iter().find(|received| received.path == TOKEN).unwrap();
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "grant_type": "client_credentials",
            "client_id": "client-1",
            "client_secret": "s3cret",
            "audience": "https://acme.eu.auth0.com/api/v2/",
        })
    );
    assert_eq!((request.method.as_str(), request.header("content-type")), ("POST", Some("application/json")));
    assert_eq!(request.header("authorization"), None);

    let server = tenant(86_400, |_| Act::json(200, "{}")).await;
    get(&builder(&server).audience("urn:own").build().unwrap()).await.unwrap();
    assert!(server.received().iter().any(|received| received.body.contains(r#""audience":"urn:own""#)));
}

#[tokio::test]
async fn expired_token_is_replaced_between_calls() {
    let server = tenant(0, |_| Act::json(200, "{}")).await;
    let transport = builder(&server).build().unwrap();
    for _ in 0..3 {
        get(&transport).await.unwrap();
    }
    assert_eq!(server.count(TOKEN), 3, "each token expired before the next page");
    let last = server.received().pop().unwrap();
    assert_eq!(last.header("authorization"), Some("Bearer token-3"));
}

#[tokio::test]
async fn replaces_token_and_retries_after_401() {
    let server = tenant(86_400, |received| {
        Act::json(if received.header("authorization") == Some("Bearer token-1") { 401 } else { 200 }, "{}")
    })
    .await;
    let transport = builder(&server).build().unwrap();
    assert_eq!(get(&transport).await.unwrap().attempts(), 2);
    assert_eq!(get(&transport).await.unwrap().attempts(), 1);
    assert_eq!(server.count(TOKEN), 2);
}

#[tokio::test]
async fn second_401_is_final() {
    let server = tenant(86_400, |_| Act::json(401, "{}")).await;
    let transport = builder(&server).build().unwrap();
    let error = get(&transport).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, 2));
    assert!(error.is_unauthorized() && !error.is_retryable());
    assert_eq!((server.count(TOKEN), server.count("/api/v2/things")), (2, 2));
}

#[tokio::test]
async fn retries_post_after_401() {
    let server = tenant(86_400, |received| {
        Act::status(if received.header("authorization") == Some("Bearer token-1") { 401 } else { 201 })
    })
    .await;
    let transport = builder(&server).build().unwrap();
    let response = transport.request(Method::POST, "/things").json(&1).send().await.unwrap();
    assert_eq!(response.attempts(), 2);
}

#[tokio::test]
async fn rejected_credentials_fail_all_waiting_calls() {
    let server = Scripted::acts([Act::Late(
        Duration::from_millis(50),
        Box::new(Act::json(401, r#"{"error":"access_denied","error_description":"wrong s3cret"}"#)),
    )])
    .await;
    let transport = builder(&server).build().unwrap();
    let calls = (0..20).map(|_| get(&transport));
    for result in futures_util::future::join_all(calls).await {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Credentials, 401));
        assert!(error.is_unauthorized() && !error.is_retryable());
        assert_eq!(error.message(), Some("wrong [redacted]"));
        assert_eq!((error.operation(), error.attempts()), (Some("raw_request"), 0));
    }
    assert_eq!((server.count(TOKEN), server.received().len()), (1, 1));
}

#[tokio::test]
async fn retries_a_failing_token_endpoint() {
    let server = Scripted::acts([Act::status(503)]).await;
    let error = get(&builder(&server).build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Credentials, true));
    assert_eq!((server.count(TOKEN), server.received().len()), (4, 4));

    let server = Scripted::acts([Act::CutBefore, Act::status(500), token(1, 60), Act::json(200, "{}")]).await;
    get(&builder(&server).build().unwrap()).await.unwrap();
    assert_eq!(server.count(TOKEN), 3);
}

#[tokio::test]
async fn rate_limited_token_endpoint_returns_its_wait() {
    let server = Scripted::acts([Act::status(429).with_header("retry-after", "3600")]).await;
    let error = get(&builder(&server).build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_rate_limited()), (ErrorKind::Credentials, true));
    assert!(error.retry_after().unwrap().as_secs() > 3500);
    assert_eq!(server.count(TOKEN), 1);
}

#[cfg(feature = "private-key-jwt")]
#[tokio::test]
async fn assertion_is_not_sent_after_its_lifetime() {
    use auth0_transport::{PrivateKeyJwt, SigningAlgorithm};
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
    use base64::{Engine, engine::general_purpose::STANDARD};

    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let der = STANDARD.encode(pair.to_pkcs8v1().unwrap());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
    let key = PrivateKeyJwt::from_pem(pem, SigningAlgorithm::Es256).unwrap();
    let server = Scripted::acts([Act::status(503).with_header("retry-after", "118")]).await;
    let transport = builder(&server).credentials(Credentials::private_key_jwt("client-1", key)).build().unwrap();
    let expected = tokio::time::timeout(Duration::from_secs(2), get(&transport)).await;
    assert_eq!(expected.unwrap().unwrap_err().retry_after(), Some(Duration::from_secs(118)));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn slow_token_endpoint_times_out() {
    let server = Scripted::acts([Act::Hang]).await;
    let timeouts = Timeouts::default().attempt(Duration::from_millis(30));
    let error = get(&builder(&server).timeouts(timeouts).build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Timeout, true));
    assert!(error.to_string().contains("while obtaining a token"), "{error}");
    let timeouts = Timeouts::default().overall(Duration::from_millis(60));
    let error = get(&builder(&server).timeouts(timeouts).build().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    assert_eq!(server.count("/api/v2/things"), 0);
}

#[tokio::test]
async fn invalid_token_responses_are_errors() {
    for nonsense in [
        "",
        "<html>s3cret</html>",
        "[]",
        "{}",
        r#"{"access_token":""}"#,
        r#"{"access_token":7}"#,
        r#"{"access_token":"a\nb"}"#,
        r#"{"access_token":"a","token_type":"mac"}"#,
        r#"{"access_token":"a","expires_in":-1}"#,
        r#"{"access_token":"a","expires_in":"soon"}"#,
    ] {
        let server = Scripted::acts([Act::json(200, nonsense)]).await;
        let error = get(&builder(&server).build().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{nonsense}: {error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
        assert_eq!(server.received().len(), 1, "{nonsense}: nothing goes out without a token");
    }
}

#[tokio::test]
async fn token_may_have_a_huge_lifetime() {
    for expires_in in [300_000_000_000, u64::MAX / 2, 10_000_000_000_000_000_000] {
        let directory = tempfile::tempdir().unwrap();
        let server = tenant(expires_in, |_| Act::json(200, "{}")).await;
        for _ in 0..2 {
            let store = FileTokenStore::new(directory.path());
            get(&builder(&server).token_store(store).build().unwrap()).await.unwrap();
        }
        assert_eq!(server.count(TOKEN), 1, "{expires_in}");
    }
    StoredToken::new("token", Duration::MAX);
}

#[tokio::test]
async fn dropped_call_does_not_cancel_the_token_request() {
    let server = Scripted::by(|received| {
        if received.path == TOKEN {
            Act::Late(Duration::from_millis(80), Box::new(token(1, 60)))
        } else {
            Act::json(200, "{}")
        }
    })
    .await;
    let transport = builder(&server).build().unwrap();
    let hasty = async {
        // This call is the first one, so it starts the token request.
        tokio::time::timeout(Duration::from_millis(20), get(&transport)).await.unwrap_err();
    };
    let ((), patient) = tokio::join!(hasty, get(&transport));
    patient.unwrap();
    assert_eq!(server.count(TOKEN), 1);
}

#[tokio::test(start_paused = true)]
async fn few_rejected_tokens_are_replaced() {
    let server = tenant(86_400, |_| Act::json(401, "{}")).await;
    let transport = builder(&server).build().unwrap();
    for _ in 0..100 {
        let error = get(&transport).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        let message = error.to_string();
        assert!(message.contains("https://acme.eu.auth0.com/api/v2/") && message.contains("scopes \"a\""), "{message}");
    }
    for result in futures_util::future::join_all((0..900).map(|_| get(&transport))).await {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Unauthorized);
    }
    assert_eq!(server.count(TOKEN), 3, "the first token and two replacements");
    tokio::time::sleep(Duration::from_secs(61)).await;
    get(&transport).await.unwrap_err();
    assert_eq!(server.count(TOKEN), 4, "after the cool-down");
}

#[tokio::test(start_paused = true)]
async fn rejected_credentials_are_cached() {
    let server = Scripted::acts([Act::json(401, r#"{"error":"access_denied","error_description":"no"}"#)]).await;
    let transport = builder(&server).build().unwrap();
    for _ in 0..1000 {
        assert_eq!(get(&transport).await.unwrap_err().kind(), ErrorKind::Credentials);
    }
    assert_eq!(server.count(TOKEN), 1);
    tokio::time::sleep(Duration::from_secs(31)).await;
    get(&transport).await.unwrap_err();
    assert_eq!(server.count(TOKEN), 2);
}

#[tokio::test(start_paused = true)]
async fn token_is_renewed_while_calls_use_it() {
    let mut issued = 0;
    let server = Scripted::by(move |received| {
        if received.path != TOKEN {
            return Act::json(200, "{}");
        }
        issued += 1;
        match issued {
            1 => token(1, 10_000),
            // The endpoint fails for a while, and then it is slow.
            2..=4 => Act::status(500),
            _ => Act::Late(Duration::from_secs(8), Box::new(token(2, 10_000))),
        }
    })
    .await;
    let transport = builder(&server).build().unwrap();
    get(&transport).await.unwrap();
    let mut tokens = Vec::new();
    tokio::time::sleep(Duration::from_secs(10_000 - 620)).await;
    for _ in 0..120 {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let began = tokio::time::Instant::now();
        get(&transport).await.unwrap();
        assert_eq!(began.elapsed(), Duration::ZERO, "no call waits for the renewal");
        let received = server.received();
        let last = received.iter().rfind(|received| received.path != TOKEN).unwrap();
        tokens.push(last.header("authorization").unwrap().to_owned());
    }
    tokens.dedup();
    assert_eq!(tokens.last().unwrap(), "Bearer token-2");
}

#[tokio::test(start_paused = true)]
async fn token_is_renewed_before_its_end() {
    let server = tenant(1000, |_| Act::json(200, "{}")).await;
    let transport = builder(&server).build().unwrap();
    let mut renewed = Vec::new();
    for second in 0..10_000 {
        get(&transport).await.unwrap();
        if server.count(TOKEN) > renewed.len() {
            renewed.push(second);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let lives: Vec<_> = renewed.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(lives.len() >= 9 && lives.iter().all(|life| (880..970).contains(life)), "{lives:?}");
}

#[tokio::test(start_paused = true)]
async fn single_attempt_still_rejects_the_token() {
    let server = tenant(86_400, |received| {
        Act::json(if received.header("authorization") == Some("Bearer token-1") { 401 } else { 200 }, "{}")
    })
    .await;
    let transport = builder(&server).build().unwrap().with_options(auth0_transport::CallOptions::new().attempts(1));
    assert_eq!(get(&transport).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    get(&transport).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn hanging_token_request_has_a_shorter_timeout() {
    let mut asked = 0;
    let server = Scripted::by(move |received| {
        if !received.path.ends_with("/oauth/token") {
            return Act::json(200, "{}");
        }
        asked += 1;
        if asked == 1 { Act::Hang } else { Act::json(200, r#"{"access_token":"token-2","expires_in":86400}"#) }
    })
    .await;
    let transport = builder(&server).build().unwrap();
    let began = tokio::time::Instant::now();
    get(&transport).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn page_instead_of_a_token_is_retryable() {
    let mut asked = 0;
    let server = Scripted::by(move |received| {
        if !received.path.ends_with("/oauth/token") {
            return Act::json(200, "{}");
        }
        asked += 1;
        let page = "<html>back soon</html>";
        Act::json(200, if asked == 1 { page } else { r#"{"access_token":"token-2","expires_in":86400}"# })
    })
    .await;
    let transport = builder(&server).build().unwrap();
    let error = get(&transport).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Credentials, true), "{error}");
    tokio::time::sleep(Duration::from_secs(2)).await;
    get(&transport).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn hanging_source_times_out() {
    struct Hangs;
    impl TokenSource for Hangs {
        fn token(&self) -> TokenFuture<'_> {
            Box::pin(std::future::pending())
        }
    }
    let server = Scripted::acts([Act::json(200, "{}")]).await;
    let transport = builder(&server).credentials(Credentials::source(Hangs)).build().unwrap();
    let error = get(&transport).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Timeout, true));
}

#[tokio::test(start_paused = true)]
async fn processes_renew_at_different_times() {
    let server = tenant(86_400, |_| Act::json(200, "{}")).await;
    let transports: Vec<_> = (0..20).map(|_| builder(&server).build().unwrap()).collect();
    for transport in &transports {
        get(transport).await.unwrap();
    }
    // The window is 10 minutes long and ends 10 seconds before the token.
    tokio::time::sleep(Duration::from_secs(86_400 - 610)).await;
    let mut renewed = Vec::new();
    for _ in 0..20 {
        for transport in &transports {
            get(transport).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(30)).await;
        renewed.push(server.count(TOKEN) - 20);
    }
    assert_eq!(renewed.last(), Some(&20));
    let most = renewed.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(most <= 8, "{renewed:?}");
}

#[tokio::test(start_paused = true)]
async fn clients_with_one_store_send_one_token_request() {
    let directory = tempfile::tempdir().unwrap();
    let server = Scripted::by(|received| {
        if received.path == TOKEN {
            Act::Late(Duration::from_millis(300), Box::new(token(1, 86_400)))
        } else {
            Act::json(200, "{}")
        }
    })
    .await;
    let memory = MemoryTokenStore::default();
    let transports = (0..50).map(|number| match number % 2 {
        0 => builder(&server).token_store(memory.clone()).build().unwrap(),
        _ => builder(&server).token_store(FileTokenStore::new(directory.path())).build().unwrap(),
    });
    let transports: Vec<_> = transports.collect();
    futures_util::future::try_join_all(transports.iter().map(get)).await.unwrap();
    assert_eq!(server.count(TOKEN), 2, "one for each store");
}

#[tokio::test(start_paused = true)]
async fn failing_store_delays_no_call() {
    struct Hangs;
    impl TokenStore for Hangs {
        fn load<'a>(&'a self, _: &'a str) -> StoreFuture<'a, Option<StoredToken>> {
            Box::pin(std::future::pending())
        }
        fn save<'a>(&'a self, _: &'a str, _: &'a StoredToken) -> StoreFuture<'a, ()> {
            Box::pin(std::future::pending())
        }
    }
    struct Fails;
    impl TokenStore for Fails {
        fn load<'a>(&'a self, _: &'a str) -> StoreFuture<'a, Option<StoredToken>> {
            Box::pin(async { Err("on fire".into()) })
        }
        fn save<'a>(&'a self, _: &'a str, _: &'a StoredToken) -> StoreFuture<'a, ()> {
            Box::pin(async { Err("on fire".into()) })
        }
    }
    let server = tenant(86_400, |_| Act::json(200, "{}")).await;
    let began = tokio::time::Instant::now();
    get(&builder(&server).token_store(Fails).build().unwrap()).await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    get(&builder(&server).token_store(Hangs).build().unwrap()).await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 10, "twice a load, and no save");
}

#[tokio::test]
async fn store_separates_tokens_of_different_identities() {
    struct Of(&'static str, Option<&'static str>);
    impl TokenSource for Of {
        fn token(&self) -> TokenFuture<'_> {
            Box::pin(async { Ok(AccessToken::new(self.0).expires_in(Duration::from_secs(3600))) })
        }
        fn identity(&self) -> Option<&str> {
            self.1
        }
    }
    let server = Scripted::acts([Act::json(200, "{}")]).await;
    let store = MemoryTokenStore::default();
    let with = |source| builder(&server).credentials(Credentials::source(source)).token_store(store.clone()).build();
    for name in ["one", "other", "one"] {
        get(&with(Of(name, Some(name))).unwrap()).await.unwrap();
        let sent = server.received().pop().unwrap();
        assert_eq!(sent.header("authorization").unwrap(), format!("Bearer {name}"));
    }
    let error = with(Of("unknown", None)).unwrap_err();
    assert!(error.to_string().contains("TokenSource::identity"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn expired_tokens_in_the_queue_cause_no_burst() {
    let mut api = crate::scripted::bucket(5.0, 5.0);
    let mut issued = 0;
    let server = Scripted::by(move |received| {
        if received.path != TOKEN {
            return api(received);
        }
        issued += 1;
        Act::Late(Duration::from_secs(2), Box::new(token(issued, 12)))
    })
    .await;
    let transport = builder(&server).build().unwrap();
    for result in futures_util::future::join_all((0..200).map(|_| get(&transport))).await {
        result.unwrap();
    }
    assert_eq!(server.count("/api/v2/things"), 200, "no 429");
    assert!(server.count(TOKEN) <= 6, "{}", server.count(TOKEN));
}

#[tokio::test(start_paused = true)]
async fn cached_token_failure_says_when_the_next_request_is_sent() {
    let mut requests = 0;
    let server = Scripted::by(move |received| {
        if received.path != TOKEN {
            return Act::json(200, "{}");
        }
        requests += 1;
        match requests {
            1 => Act::json(401, r#"{"error":"access_denied","error_description":"Unauthorized"}"#),
            _ => token(1, 86_400),
        }
    })
    .await;
    let transport = builder(&server).build().unwrap();
    let first = get(&transport).await.unwrap_err();
    assert!(first.is_unauthorized() && !first.is_retryable() && first.retry_after().is_none());
    tokio::time::advance(Duration::from_secs(10)).await;
    let cached = get(&transport).await.unwrap_err();
    let wait = cached.retry_after().unwrap();
    assert!(wait <= Duration::from_secs(20) && wait > Duration::from_secs(15), "{wait:?}");
    assert!(cached.is_retryable() && cached.to_string().contains("no other was sent yet"), "{cached}");
    assert_eq!(server.count(TOKEN), 1);
    tokio::time::advance(wait).await;
    get(&transport).await.unwrap();
}

#[tokio::test]
async fn returns_the_granted_scopes() {
    let server = tenant(86_400, |_| Act::json(200, "{}")).await;
    let transport = builder(&server).build().unwrap();
    assert_eq!(transport.granted_scopes().await.unwrap(), Some(vec!["a".to_owned()]));
    get(&transport).await.unwrap();
    assert_eq!(server.count(TOKEN), 1);
}

#[tokio::test]
async fn unreachable_token_endpoint_is_a_network_failure() {
    let origin = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let server = Scripted::acts([Act::Hang]).await;
    let error = get(&builder(&server).base_url(&*origin).build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Network, true));
    let host = origin.trim_start_matches("http://");
    let expected = format!("cannot reach {host} while obtaining a token");
    assert!(error.to_string().contains(&expected), "{error}");
}

#[tokio::test]
async fn source_is_called_again_after_401() {
    #[derive(Clone, Default)]
    struct Vault(Arc<AtomicU32>);
    impl TokenSource for Vault {
        fn token(&self) -> TokenFuture<'_> {
            let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            Box::pin(async move { Ok(AccessToken::new(format!("token-{number}"))) })
        }
    }
    let server = tenant(0, |received| {
        Act::json(if received.header("authorization") == Some("Bearer token-1") { 401 } else { 200 }, "{}")
    })
    .await;
    let vault = Vault::default();
    let transport = builder(&server).credentials(Credentials::source(vault.clone())).build().unwrap();
    for _ in 0..3 {
        get(&transport).await.unwrap();
    }
    assert_eq!(vault.0.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn error_contains_the_failure_of_the_source() {
    struct Broken;
    impl TokenSource for Broken {
        fn token(&self) -> TokenFuture<'_> {
            Box::pin(async { Err("the vault is sealed".into()) })
        }
    }
    let server = Scripted::acts([Act::json(200, "{}")]).await;
    let transport = builder(&server).credentials(Credentials::source(Broken)).build().unwrap();
    let error = get(&transport).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("the vault is sealed"), "{error}");
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn memory_store_shares_the_token_between_clients() {
    let server = tenant(86_400, |_| Act::json(200, "{}")).await;
    let store = MemoryTokenStore::default();
    for _ in 0..3 {
        get(&builder(&server).token_store(store.clone()).build().unwrap()).await.unwrap();
    }
    assert_eq!(server.count(TOKEN), 1);
    // Another application has another token.
    let other = builder(&server).client_credentials("client-2", "s3cret").token_store(store).build().unwrap();
    get(&other).await.unwrap();
    assert_eq!(server.count(TOKEN), 2);
}

#[tokio::test]
async fn rejected_token_is_replaced_in_the_store() {
    let server = tenant(86_400, |received| {
        Act::json(if received.header("authorization") == Some("Bearer token-1") { 401 } else { 200 }, "{}")
    })
    .await;
    let store = MemoryTokenStore::default();
    for _ in 0..2 {
        get(&builder(&server).token_store(store.clone()).build().unwrap()).await.unwrap();
    }
    assert_eq!(server.count(TOKEN), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn file_store_is_private_atomic_and_shared() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let server = tenant(86_400, |_| Act::json(200, "{}")).await;
    let client = || builder(&server).token_store(FileTokenStore::new(directory.path().join("tokens"))).build().unwrap();
    for _ in 0..2 {
        // The first call ends after its token is saved.
        get(&client()).await.unwrap();
    }
    assert_eq!(server.count(TOKEN), 1);

    let files = std::fs::read_dir(directory.path().join("tokens")).unwrap().map(|file| file.unwrap().path());
    let (locks, tokens): (Vec<_>, Vec<_>) = files.partition(|path| path.extension().is_some_and(|name| name == "lock"));
    assert_eq!((locks.len(), tokens.len()), (1, 1), "no temporary file is left: {tokens:?}");
    let path = &tokens[0];
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o640)).unwrap();
    get(&client()).await.unwrap();
    assert_eq!(server.count(TOKEN), 2, "a file that other users can access is not used");

    for damage in
        [&b"{ half of a"[..], b"\xff\xfe", br#"{"key":"k","access_token":"a\u0000b","expires_at":9,"lifetime":9}"#]
    {
        let before = server.count(TOKEN);
        std::fs::write(path, damage).unwrap();
        get(&client()).await.unwrap();
        assert_eq!(server.count(TOKEN), before + 1, "a damaged file is replaced");
    }
}

#[test]
fn token_is_saved_before_the_program_ends() {
    let directory = tempfile::tempdir().unwrap();
    let other = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = other.block_on(tenant(86_400, |_| Act::json(200, "{}")));
    for _ in 0..3 {
        let program = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let store = FileTokenStore::new(directory.path());
        program.block_on(async { get(&builder(&server).token_store(store).build().unwrap()).await.unwrap() });
        program.shutdown_background();
    }
    assert_eq!(server.count(TOKEN), 1);
    let files = std::fs::read_dir(directory.path()).unwrap().map(|file| file.unwrap().path());
    assert_eq!(files.filter(|path| path.extension().unwrap() != "lock").count(), 1, "only the file of the token");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_never_get_an_incomplete_file() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileTokenStore::new(directory.path());
    let tokens = ["a".repeat(20_000), "b".repeat(40_000)];
    let writers: Vec<_> = tokens
        .clone()
        .into_iter()
        .map(|token| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..100 {
                    store.save("k", &StoredToken::new(token.clone(), Duration::from_secs(60))).await.unwrap();
                }
            })
        })
        .collect();
    let mut seen = 0;
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) || seen == 0 {
        if let Some(token) = store.load("k").await.unwrap() {
            use secrecy::ExposeSecret;
            assert!(tokens.iter().any(|known| known == token.secret.expose_secret()));
            seen += 1;
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[test]
fn invalid_configuration_is_an_error_of_the_builder() {
    let bare = || Transport::builder("acme.eu.auth0.com".parse().unwrap());
    for builder in [
        bare(),
        bare().bearer_token(""),
        bare().bearer_token("a\nb"),
        bare().bearer_token("Bearer abc"),
        bare().bearer_token("t").share(0.0),
        bare().bearer_token("t").share(1.1),
        bare().client_credentials("", "s"),
        bare().client_credentials("c", ""),
        bare().bearer_token("t").base_url("http://acme.eu.auth0.com"),
        bare().bearer_token("t").client_name("a\nb", "1"),
        bare().bearer_token("t").pacing(auth0_transport::Pacing::Fixed { per_second: 0.0, burst: 1 }),
        bare().bearer_token("t").pacing(auth0_transport::Pacing::Fixed { per_second: 1.0, burst: 0 }),
    ] {
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::InvalidConfiguration);
    }
}
