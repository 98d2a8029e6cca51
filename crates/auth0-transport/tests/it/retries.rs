//! Which requests are retried.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::scripted::{Act, Scripted};
use auth0_transport::{
    Attempt, AttemptEnd, AttemptOutcome, Bytes, CallOptions, Error, ErrorKind, Failure, HeaderMap, HeaderName,
    HeaderValue, Hook, Idempotency, Method, Operation, Pacing, Response, RetryBudget, RetryLimits, RetryPolicy,
    Timeouts, Transport, TransportBuilder,
};
use tokio::time::Instant;

const GET: Operation = Operation::new("get_thing", Idempotency::Idempotent, &[]);
const POST: Operation = Operation::new("create_thing", Idempotency::NotIdempotent, &[]);

fn builder(server: &Scripted) -> TransportBuilder {
    server.transport().bearer_token("token").retry(at_once())
}

fn at_once() -> RetryPolicy {
    RetryPolicy::default().timing(|_| Duration::ZERO)
}

async fn call(transport: &Transport, operation: Operation) -> Result<Response<Bytes>, Error> {
    let method = if operation.idempotency == Idempotency::Idempotent { Method::PUT } else { Method::POST };
    transport.request(method, "/things").json(&[1]).operation(operation).send().await
}

fn ok() -> Act {
    Act::json(200, "{}")
}

#[tokio::test(start_paused = true)]
async fn retries_passing_statuses_of_idempotent_operations() {
    for status in [408, 500, 502, 503, 504] {
        let server = Scripted::acts([Act::status(status), ok()]).await;
        let transport = builder(&server).build().unwrap();
        assert_eq!(call(&transport, GET).await.unwrap().attempts(), 2, "{status}");

        let server = Scripted::acts([Act::status(status), ok()]).await;
        let transport = builder(&server).build().unwrap();
        let error = call(&transport, POST).await.unwrap_err();
        assert_eq!((error.attempts(), error.status().unwrap().as_u16()), (1, status));
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn other_statuses_are_final() {
    for status in [400, 401, 403, 404, 409, 410, 422, 501, 505] {
        let server = Scripted::acts([Act::status(status), ok()]).await;
        let transport = builder(&server).build().unwrap();
        let error = call(&transport, GET).await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (status, 1));
        assert_eq!(server.received().len(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn retries_broken_connections_of_idempotent_operations() {
    let body = b"{\"a\":1}".to_vec();
    for cut in [Act::CutBefore, Act::CutWithin { body: body.clone() }] {
        let server = Scripted::acts([cut.clone(), ok()]).await;
        let transport = builder(&server).build().unwrap();
        assert_eq!(call(&transport, GET).await.unwrap().attempts(), 2, "{cut:?}");
        assert_eq!(server.received()[1].body, "[1]", "the body is sent again");

        let server = Scripted::acts([cut.clone(), ok()]).await;
        let transport = builder(&server).build().unwrap();
        let error = call(&transport, POST).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 1), "{cut:?}");
        assert!(error.is_retryable() && error.may_have_been_processed());
        assert_eq!(server.received().len(), 1, "what reached the server is not sent again: {cut:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn connection_cut_after_the_response_is_no_failure() {
    let server = Scripted::acts([Act::CutAfter { body: b"{}".to_vec() }, ok()]).await;
    let transport = builder(&server).build().unwrap();
    for _ in 0..2 {
        assert_eq!(call(&transport, POST).await.unwrap().attempts(), 1);
    }
    assert_eq!(server.received().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn retries_post_if_the_connection_failed() {
    let origin = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let transport = Transport::builder("acme.eu.auth0.com".parse().unwrap())
        .base_url(origin)
        .bearer_token("token")
        .retry(at_once())
        .build()
        .unwrap();
    let error = call(&transport, POST).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 4));
    assert!(!error.may_have_been_processed());
    let text = error.to_string();
    assert!(!text.contains("/things") && text.contains("Connection refused"), "{text}");
    assert!(error.cause().is_some() && std::error::Error::source(&error).is_none(), "the text is complete");
}

#[tokio::test(start_paused = true)]
async fn retries_post_after_429() {
    let server = Scripted::acts([Act::status(429).with_header("retry-after", "0"), ok()]).await;
    let transport = builder(&server).build().unwrap();
    assert_eq!(call(&transport, POST).await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn too_long_named_wait_fails_at_once() {
    for status in [429, 503] {
        let server = Scripted::acts([Act::status(status).with_header("retry-after", "7200")]).await;
        let transport = builder(&server).build().unwrap();
        let error = call(&transport, GET).await.unwrap_err();
        assert_eq!(error.attempts(), 1);
        let wait = error.retry_after().unwrap();
        assert!((7190..7210).contains(&wait.as_secs()), "{wait:?}");
        let message = error.to_string();
        assert!(message.contains("GMT") && message.contains("try again in 72"), "{message}");
        let whose = if status == 429 { "the rate limit accepts no request" } else { "the server accepts no request" };
        assert!(message.contains(whose), "{message}");
    }
}

#[tokio::test(start_paused = true)]
async fn call_ends_at_the_earliest_of_its_deadlines() {
    let server = Scripted::acts([Act::status(503)]).await;
    let transport = server.transport().bearer_token("t").build().unwrap();
    let (began, second) = (tokio::time::Instant::now(), Duration::from_secs(1));
    let at = |seconds: u32| CallOptions::new().deadline(began + second * seconds);
    let transport = transport.with_options(at(3)).with_options(at(60).timeout(second * 40));
    call(&transport, GET).await.unwrap_err();
    assert!(began.elapsed() <= second * 3, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn absurd_times_are_limited() {
    let once = CallOptions::new().attempts(1);
    for absurd in ["300000000000", "9223372036854775807", "1e19", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        for status in [429, 503] {
            let server = Scripted::acts([Act::status(status).with_header("retry-after", absurd)]).await;
            let transport = builder(&server).build().unwrap();
            for _ in 0..2 {
                let wait = call(&transport, GET).await.unwrap_err().retry_after().unwrap();
                assert!((364..=365).contains(&(wait.as_secs() / 24 / 3600)), "{absurd}: {wait:?}");
            }
            assert_eq!(server.received().len(), if status == 429 { 1 } else { 2 }, "{absurd}");
        }
        let error = Act::status(429)
            .with_header("x-ratelimit-limit", "10")
            .with_header("x-ratelimit-remaining", "0")
            .with_header("x-ratelimit-reset", absurd)
            .with_header("date", "Thu, 01 Jan 2026 00:00:00 GMT");
        let server = Scripted::acts([error]).await;
        let transport = builder(&server).build().unwrap();
        let wait = call(&transport.with_options(once.clone()), GET).await.unwrap_err().retry_after().unwrap();
        assert!(wait < Duration::from_secs(2), "such a reset is ignored: {wait:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn error_without_rate_headers_does_not_end_probing() {
    for (status, sent) in [(200, 1 + 2), (404, 1 + 1), (403, 1 + 1)] {
        let server = Scripted::acts([Act::status(status), Act::Hang]).await;
        let transport = builder(&server).build().unwrap();
        drop(call(&transport, GET).await);
        let both = async { tokio::join!(call(&transport, GET), call(&transport, GET)) };
        tokio::time::timeout(Duration::from_millis(300), both).await.unwrap_err();
        assert_eq!(server.received().len(), sent, "{status}: one request at a time until the limit is known");
    }
}

#[tokio::test(start_paused = true)]
async fn call_fails_at_once_if_bucket_refills_too_late() {
    let last = ok()
        .with_header("x-ratelimit-limit", "10")
        .with_header("x-ratelimit-remaining", "0")
        .with_header("x-ratelimit-reset", "50");
    let server = Scripted::acts([last]).await;
    let transport = builder(&server).timeouts(Timeouts::default().overall(Duration::from_secs(30))).build().unwrap();
    call(&transport, GET).await.unwrap();
    let began = Instant::now();
    let error = call(&transport, GET).await.unwrap_err();
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0));
    assert!((48..52).contains(&error.retry_after().unwrap().as_secs()), "{error}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn backoff_comes_on_top_of_the_named_wait() {
    let error = |status, wait| Act::status(status).with_header("retry-after", wait);
    let server = Scripted::acts([error(503, "0"), error(503, "0"), error(503, "0"), ok()]).await;
    let timing = |retry: u32| Duration::from_secs(retry.into());
    let transport = builder(&server).retry(RetryPolicy::default().timing(timing)).build().unwrap();
    let began = Instant::now();
    call(&transport, GET).await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 1 + 2 + 3);

    let mut waits: Vec<_> = Vec::new();
    for _ in 0..20 {
        let server = Scripted::acts([error(429, "5"), ok()]).await;
        let transport = builder(&server).retry(RetryPolicy::default()).pacing(Pacing::Off).build().unwrap();
        let began = Instant::now();
        call(&transport, GET).await.unwrap();
        assert!(began.elapsed() >= Duration::from_secs(5));
        waits.push(began.elapsed());
    }
    waits.sort();
    waits.dedup();
    assert!(waits.len() > 10, "all returned at the same time: {waits:?}");
}

#[tokio::test(start_paused = true)]
async fn deadline_error_keeps_the_previous_failure() {
    let server = Scripted::acts([Act::json(503, r#"{"message":"on fire"}"#), Act::Hang]).await;
    let transport = builder(&server).timeouts(Timeouts::default().overall(Duration::from_secs(10))).build().unwrap();
    let error = call(&transport, GET).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 2));
    assert!(error.to_string().contains("on fire"), "{error}");
    let cause = error.cause().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!(cause.status().unwrap(), 503);
}

#[tokio::test(start_paused = true)]
async fn expired_call_is_not_sent() {
    let server = Scripted::acts([ok()]).await;
    let transport = builder(&server).build().unwrap();
    let expired = transport.with_options(CallOptions::new().timeout(Duration::ZERO));
    let error = call(&expired, GET).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 0));
    assert!(server.received().is_empty());
}

#[tokio::test(start_paused = true)]
async fn options_are_added_to_present_ones() {
    let server = Scripted::acts([Act::status(500)]).await;
    let named = |name: &'static str, value| {
        CallOptions::new().header(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let transport = builder(&server).build().unwrap().with_options(named("x-a", "1").attempts(2));
    let transport = transport.with_options(named("x-b", "2")).with_options(named("x-a", "3"));
    assert_eq!(call(&transport, GET).await.unwrap_err().attempts(), 2);
    let received = &server.received()[0];
    assert_eq!((received.header("x-a"), received.header("x-b")), (Some("3"), Some("2")));
}

#[tokio::test(start_paused = true)]
async fn headers_of_options_replace_those_of_the_client() {
    let server = Scripted::acts([ok()]).await;
    let transport = builder(&server).build().unwrap();
    let options = CallOptions::new()
        .header(HeaderName::from_static("accept"), HeaderValue::from_static("text/plain"))
        .header(HeaderName::from_static("user-agent"), HeaderValue::from_static("own"));
    call(&transport.with_options(options), GET).await.unwrap();
    let received = &server.received()[0];
    for (name, value) in [("accept", "text/plain"), ("user-agent", "own")] {
        let values: Vec<_> =
            received.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect();
        assert_eq!(values, [value]);
    }
}

#[tokio::test(start_paused = true)]
async fn budget_pays_only_for_sent_retries() {
    let server = Scripted::acts([Act::status(500)]).await;
    let policy = RetryPolicy::default().timing(|_| Duration::from_secs(60)).budget(RetryBudget::new(5));
    let transport = builder(&server).retry(policy.clone()).build().unwrap();
    let hurried = transport.with_options(CallOptions::new().timeout(Duration::from_secs(5)));
    for _ in 0..3 {
        assert_eq!(call(&hurried, GET).await.unwrap_err().attempts(), 1);
        assert!(tokio::time::timeout(Duration::from_secs(30), call(&transport, GET)).await.is_err());
    }
    assert_eq!(call(&transport, GET).await.unwrap_err().attempts(), 2, "the budget was not used before");
    assert_eq!(call(&transport, GET).await.unwrap_err().attempts(), 1);
    let other = builder(&server).retry(policy).build().unwrap();
    assert_eq!(call(&other, GET).await.unwrap_err().attempts(), 2, "another transport has a budget of its own");
}

#[tokio::test(start_paused = true)]
async fn error_keeps_the_start_of_its_body() {
    for status in [400, 502] {
        let act = Act::json(status, &format!("{{\"message\":\"{}\"}}", "x".repeat(1 << 20)));
        let server = Scripted::acts([act]).await;
        let error = call(&builder(&server).build().unwrap(), POST).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.raw_body().unwrap().len(), 16 << 10);
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_are_limited() {
    let server = Scripted::acts([Act::status(500)]).await;
    let transport = builder(&server).retry(at_once().limits(RetryLimits::attempts(3))).build().unwrap();
    let error = call(&transport, GET).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 3));
    assert!(error.to_string().ends_with("(after 3 attempts)"), "{error}");
    let once = transport.with_options(CallOptions::new().attempts(1));
    assert_eq!(call(&once, GET).await.unwrap_err().attempts(), 1);
    assert_eq!(server.received().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn budget_bounds_the_retries_of_all_calls() {
    let server = Scripted::acts([Act::status(500)]).await;
    let transport = builder(&server).retry(at_once().budget(RetryBudget::new(25))).build().unwrap();
    for _ in 0..20 {
        call(&transport, GET).await.unwrap_err();
    }
    assert_eq!(server.received().len(), 20 + 5);
}

#[tokio::test(start_paused = true)]
async fn custom_classifier_receives_the_operation() {
    let server = Scripted::acts([Act::status(409), ok()]).await;
    let transport = builder(&server)
        .retry(at_once().classifier(|failure: &Failure<'_>| failure.operation.id == "create_thing"))
        .build()
        .unwrap();
    assert_eq!(call(&transport, POST).await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn hanging_attempt_is_retried() {
    let server = Scripted::acts([Act::Hang, ok()]).await;
    let timeouts = Timeouts::default().attempt(Duration::from_millis(80));
    let transport = builder(&server).timeouts(timeouts).build().unwrap();
    assert_eq!(call(&transport, GET).await.unwrap().attempts(), 2);

    let server = Scripted::acts([Act::Hang, ok()]).await;
    let transport = builder(&server).build().unwrap();
    let quick = transport.with_options(CallOptions::new().attempt_timeout(Duration::from_millis(80)));
    let error = call(&quick, POST).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
}

#[tokio::test(start_paused = true)]
async fn deadline_includes_all_waits() {
    let server = Scripted::acts([Act::Hang]).await;
    let transport = builder(&server).timeouts(Timeouts::default().overall(Duration::from_millis(80))).build().unwrap();
    let began = Instant::now();
    // The first call hangs in its response, and the second one waits in the queue.
    let (first, second) = tokio::join!(call(&transport, GET), call(&transport, GET));
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
        assert!(error.is_timeout());
    }
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn wait_beyond_the_deadline_fails_at_once() {
    let server = Scripted::acts([Act::status(500)]).await;
    let transport = builder(&server)
        .retry(RetryPolicy::default().timing(|_| Duration::from_secs(60)))
        .timeouts(Timeouts::default().overall(Duration::from_secs(10)))
        .build()
        .unwrap();
    let error = call(&transport, GET).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
}

#[tokio::test(start_paused = true)]
async fn dropped_call_ends() {
    let server = Scripted::acts([Act::status(500)]).await;
    let transport =
        builder(&server).retry(RetryPolicy::default().timing(|_| Duration::from_millis(60))).build().unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(30), call(&transport, GET)).await;
    assert!(waiting.is_err());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.received().len(), 1, "the call ended with its future");
}

#[tokio::test(start_paused = true)]
async fn headers_of_options_cannot_replace_authorization() {
    let server = Scripted::acts([Act::status(500), ok()]).await;
    let transport = builder(&server).build().unwrap();
    let options = CallOptions::new()
        .header(HeaderName::from_static("x-trace"), HeaderValue::from_static("t1"))
        .header(HeaderName::from_static("authorization"), HeaderValue::from_static("Basic x"));
    call(&transport.with_options(options), GET).await.unwrap();
    for received in server.received() {
        assert_eq!(received.header("x-trace"), Some("t1"));
        assert_eq!(received.header("authorization"), Some("Bearer token"));
        assert_eq!(received.headers.iter().filter(|(name, _)| name == "authorization").count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_receive_the_wait_after_429() {
    #[derive(Clone, Default)]
    struct Waits(Arc<Mutex<Vec<Option<Duration>>>>);
    impl Hook for Waits {
        fn after(&self, _: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
            self.0.lock().unwrap().push(outcome.retry_in);
        }
    }
    let server = Scripted::acts([Act::status(429).with_header("retry-after", "7"), ok()]).await;
    let waits = Waits::default();
    let transport = builder(&server).hook(waits.clone()).build().unwrap();
    call(&transport, GET).await.unwrap();
    let waits = waits.0.lock().unwrap();
    assert!(waits[0] >= Some(Duration::from_secs(7)) && waits[1].is_none(), "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn hooks_receive_attempts_and_add_headers() {
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<String>>>);
    impl Hook for Log {
        fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
            headers.insert("x-attempt", attempt.number.into());
        }
        fn after(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
            let end = match outcome.end {
                AttemptEnd::Responded(status) => status.as_str().to_owned(),
                AttemptEnd::Failed(kind) => kind.to_string(),
                end => format!("{end:?}"),
            };
            let (id, retry) = (outcome.request_id.unwrap_or("-"), outcome.retry_in.is_some());
            self.0.lock().unwrap().push(format!("{} {} {end} {id} {retry}", attempt.operation, attempt.number));
        }
    }
    let last = ok().with_header("x-auth0-requestid", "r3");
    let server = Scripted::acts([Act::CutBefore, Act::status(503), last, Act::Hang]).await;
    let log = Log::default();
    let transport = builder(&server).hook(log.clone()).build().unwrap();
    call(&transport, GET).await.unwrap();
    tokio::time::timeout(Duration::from_secs(1), call(&transport, GET)).await.unwrap_err();
    tokio::task::yield_now().await;
    assert_eq!(
        *log.0.lock().unwrap(),
        [
            "get_thing 1 network failure - true",
            "get_thing 2 503 - true",
            "get_thing 3 200 r3 false",
            "get_thing 1 Cancelled - false"
        ]
    );
    assert_eq!(server.received()[2].header("x-attempt"), Some("3"));
}

#[tokio::test(start_paused = true)]
async fn long_bodies_are_errors_with_and_without_length() {
    let long = "x".repeat(5000);
    let server = Scripted::acts([Act::json(200, &long)]).await;
    let transport = builder(&server).longest_body(4096).build().unwrap();
    let error = call(&transport, GET).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::BodyTooLarge, 1));
    assert!(error.raw_body().is_none());
    let chunked = Act::Chunked { pieces: vec![long.clone().into_bytes(); 3] };
    let server = Scripted::acts([chunked]).await;
    let transport = builder(&server).longest_body(12_000).build().unwrap();
    assert_eq!(call(&transport, GET).await.unwrap_err().kind(), ErrorKind::BodyTooLarge);
    let transport = builder(&server).longest_body(15_000).build().unwrap();
    assert_eq!(call(&transport, GET).await.unwrap().len(), 15_000);
}
