//! Effects of rate limits on their endpoint and on others.

use std::time::Duration;

use crate::scripted::{Act, Received, Scripted};
use auth0_transport::{Bytes, Error, ErrorKind, Method, Response, Timeouts, Transport};
use tokio::time::{Instant, sleep};

async fn tenant(response: impl FnMut(&Received) -> Act + Send + 'static) -> (Scripted, Transport) {
    let server = Scripted::by(response).await;
    let transport = server.transport().bearer_token("token").build().unwrap();
    (server, transport)
}

async fn call(transport: &Transport, method: Method, path: &str) -> Result<Response<Bytes>, Error> {
    transport.request(method, path).send().await
}

fn response(status: u16, limit: u32, remaining: u32, reset: u32) -> Act {
    Act::json(status, "{}")
        .with_header("x-ratelimit-limit", &limit.to_string())
        .with_header("x-ratelimit-remaining", &remaining.to_string())
        .with_header("x-ratelimit-reset", &reset.to_string())
}

const TOMORROW: u32 = 80_000;

#[tokio::test(start_paused = true)]
async fn long_limit_of_one_endpoint_stops_no_other() {
    // The last endpoint has no documented limit.
    for path in ["/keys/signing/rotate", "/things/1/rotate"] {
        for first in [true, false] {
            let (server, transport) = tenant(move |received| {
                if received.path.ends_with("rotate") { response(429, 5, 0, TOMORROW) } else { response(200, 50, 40, 1) }
            })
            .await;
            if !first {
                call(&transport, Method::GET, "/clients").await.unwrap();
            }
            for attempts in [1, 0] {
                let error = call(&transport, Method::POST, path).await.unwrap_err();
                assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, attempts), "{path}");
                assert!(error.retry_after().unwrap().as_secs() > 79_000, "{error}");
            }
            let began = Instant::now();
            for other in ["/clients", "/connections", "/things"] {
                call(&transport, Method::GET, other).await.unwrap();
            }
            assert_eq!(began.elapsed(), Duration::ZERO);
            let rotations = server.received().iter().filter(|received| received.path.ends_with("rotate")).count();
            assert_eq!(rotations, 1, "{path}: a known limit is not tested again");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn long_limit_of_the_first_endpoint_stops_no_other() {
    // The limit is two a day. The first two requests succeed, and each response names it.
    let mut left = 2;
    let (_server, transport) = tenant(move |received| {
        if !received.path.ends_with("rotate") {
            return response(200, 20, 19, 1);
        }
        let status = if left > 0 { 200 } else { 429 };
        left = (left - 1_i32).max(0);
        response(status, 2, left.unsigned_abs(), TOMORROW)
    })
    .await;
    for _ in 0..2 {
        call(&transport, Method::POST, "/things/1/rotate").await.unwrap();
    }
    call(&transport, Method::POST, "/things/1/rotate").await.unwrap_err();
    let began = Instant::now();
    for other in ["/clients", "/connections", "/things"] {
        call(&transport, Method::GET, other).await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn calls_fail_at_once_during_a_long_pause() {
    let (server, transport) = tenant(|_| response(429, 50, 0, 1).with_header("retry-after", "600")).await;
    let began = Instant::now();
    let calls = (0..4).map(|_| call(&transport, Method::POST, "/things/1/rotate"));
    for result in futures_util::future::join_all(calls).await {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::RateLimited);
    }
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn pause_is_bounded_and_ends_with_one_probe() {
    let (server, transport) = tenant(|_| response(429, 5, 0, TOMORROW)).await;
    call(&transport, Method::POST, "/keys/signing/rotate").await.unwrap_err();
    sleep(Duration::from_secs(121)).await;
    let calls = (0..10).map(|_| call(&transport, Method::POST, "/keys/signing/rotate"));
    for result in futures_util::future::join_all(calls).await {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::RateLimited);
    }
    assert_eq!(server.received().len(), 2, "one request checks whether the limit still applies");
}

#[tokio::test(start_paused = true)]
async fn general_limit_pauses_all_its_endpoints() {
    let mut refused = false;
    let (server, transport) = tenant(move |received| {
        if received.path.ends_with("users") && !std::mem::replace(&mut refused, true) {
            return response(429, 50, 0, 30);
        }
        response(200, 50, 40, 1)
    })
    .await;
    call(&transport, Method::GET, "/clients").await.unwrap();
    let began = Instant::now();
    let (users, clients) = tokio::join!(call(&transport, Method::GET, "/users"), async {
        sleep(Duration::from_millis(10)).await;
        assert!(transport.quota().unwrap().held_until.is_some());
        call(&transport, Method::GET, "/clients").await.map(|response| (response.attempts(), began.elapsed().as_secs()))
    });
    assert_eq!(users.unwrap().attempts(), 2);
    assert_eq!(clients.unwrap(), (1, 30));
    assert_eq!(server.received().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn endpoint_pauses_alone_while_general_limit_has_tokens() {
    for (remaining, retry_after) in [(39, Some("100")), (0, Some("100")), (39, None)] {
        let (_server, transport) = tenant(move |received| {
            let error = response(429, 50, remaining, 100);
            match retry_after {
                _ if !received.path.ends_with("imports") => response(200, 50, 40, 1),
                Some(wait) => error.with_header("retry-after", wait),
                None => error,
            }
        })
        .await;
        let once = transport.with_options(auth0_transport::CallOptions::new().attempts(1));
        call(&transport, Method::GET, "/clients").await.unwrap();
        call(&once, Method::POST, "/jobs/users-imports").await.unwrap_err();
        let began = Instant::now();
        call(&transport, Method::GET, "/clients").await.unwrap();
        assert_eq!(began.elapsed(), Duration::ZERO, "{remaining} {retry_after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_of_a_full_bucket_are_not_rejected() {
    let (_server, transport) = tenant(crate::scripted::bucket(10.0, 2.0)).await;
    for _ in 0..20 {
        call(&transport, Method::GET, "/clients").await.unwrap();
    }
    sleep(Duration::from_secs(30)).await;
    let quick = transport.with_options(auth0_transport::CallOptions::new().timeout(Duration::from_secs(3)));
    let calls = (0..10).map(|_| call(&quick, Method::GET, "/clients"));
    futures_util::future::try_join_all(calls).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn endpoint_is_paced_by_the_limit_it_names() {
    let mut left = 5;
    let (server, transport) = tenant(move |received| {
        if received.path.ends_with("reports") {
            left -= 1;
            return response(200, 5, left, 30);
        }
        response(200, 50, 40, 1)
    })
    .await;
    for path in ["/clients", "/users"] {
        call(&transport, Method::GET, path).await.unwrap();
    }
    for _ in 0..5 {
        call(&transport, Method::GET, "/reports").await.unwrap();
    }
    let began = Instant::now();
    let impatient = transport.with_options(auth0_transport::CallOptions::new().timeout(Duration::from_secs(5)));
    let error = call(&impatient, Method::GET, "/reports").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0));
    call(&transport, Method::GET, "/clients").await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(transport.quota().unwrap().limit, 50);
    assert_eq!(server.received().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn missing_headers_end_pacing() {
    let mut count = 0;
    let (_server, transport) = tenant(move |_| {
        count += 1;
        let act = if count == 1 { response(200, 10, 9, 1) } else { Act::json(200, "{}") };
        Act::Late(Duration::from_millis(100), Box::new(act))
    })
    .await;
    call(&transport, Method::GET, "/clients").await.unwrap();
    for _ in 0..20 {
        call(&transport, Method::GET, "/clients").await.unwrap();
    }
    let began = Instant::now();
    let calls = (0..50).map(|_| call(&transport, Method::GET, "/clients"));
    futures_util::future::try_join_all(calls).await.unwrap();
    assert!(began.elapsed() < Duration::from_millis(250), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn queued_calls_that_cannot_be_sent_in_time_fail_at_once() {
    let (_server, transport) = tenant(crate::scripted::bucket(10.0, 10.0)).await;
    let options = Timeouts::default().overall(Duration::from_secs(30));
    let transport = transport.with_options(auth0_transport::CallOptions::new().timeout(options.overall));
    let began = Instant::now();
    let calls = (0..1000).map(|_| async {
        let result = call(&transport, Method::GET, "/clients").await;
        (result, began.elapsed())
    });
    let (mut served, mut late) = (0, 0);
    for (result, after) in futures_util::future::join_all(calls).await {
        match result {
            Ok(_) => served += 1,
            Err(error) => {
                // Resets are whole seconds, so the time until they show the rate depends on the start within a second.
                let at_once = error.kind() == ErrorKind::RateLimited && after <= Duration::from_secs(10);
                assert!(!at_once || error.retry_after().unwrap() >= Duration::from_secs(20), "{error}");
                late += usize::from(!at_once);
            }
        }
    }
    assert!(served >= 300, "{served} served");
    assert!(late <= 20, "{late} of those that could not be served failed late");
}

#[tokio::test(start_paused = true)]
async fn share_leaves_the_rest_to_other_programs() {
    for (burst, rate, share) in [(50.0, 16.0, 0.5), (20.0, 20.0, 0.5), (10.0, 2.0, 0.25), (10.0, 10.0, 0.5)] {
        let server = Scripted::by(crate::scripted::bucket(burst, rate)).await;
        let transport = server.transport().bearer_token("token").share(share).build().unwrap();
        let began = Instant::now();
        let mut least = f64::INFINITY;
        for responses in 0..20 {
            let calls = (0..5).map(|_| call(&transport, Method::GET, "/clients"));
            for response in futures_util::future::try_join_all(calls).await.unwrap() {
                least = least.min(response.headers()["x-ratelimit-remaining"].to_str().unwrap().parse().unwrap());
            }
            assert!(responses < 20);
        }
        assert!(least >= (burst * (1.0 - share)).floor() - 1.0, "the rest of the bucket stays: {least}");
        let ratio = began.elapsed().as_secs_f64() / ((100.0 - burst * share) / (rate * share));
        assert!((0.99..1.5).contains(&ratio), "{burst}, {rate}/s, {share}: {ratio}");
    }
}

#[tokio::test(start_paused = true)]
async fn client_sends_one_at_a_time_after_first_429() {
    let mut left = 5;
    let mut bucket = crate::scripted::bucket(10.0, 10.0);
    let (server, transport) = tenant(move |received| {
        if left > 0 {
            left -= 1;
            return response(429, 10, 0, 1);
        }
        bucket(received)
    })
    .await;
    let calls = (0..40).map(|_| call(&transport, Method::GET, "/clients"));
    futures_util::future::try_join_all(calls).await.unwrap();
    assert!(server.received().len() <= 47, "{} requests", server.received().len());
}

#[tokio::test(start_paused = true)]
async fn limits_calls_in_flight_and_in_the_queue() {
    let server = Scripted::acts([Act::Late(Duration::from_secs(1), Box::new(Act::json(200, "{}")))]).await;
    let transport = server.transport().bearer_token("token").max_in_flight(2).max_waiting(3).build().unwrap();
    call(&transport, Method::GET, "/clients").await.unwrap();
    let began = Instant::now();
    let calls = (0..8).map(|_| call(&transport, Method::GET, "/clients"));
    let results = futures_util::future::join_all(calls).await;
    let failed: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert_eq!(failed.len(), 3);
    assert!(failed.iter().all(|error| error.kind() == ErrorKind::RateLimited && error.attempts() == 0));
    assert_eq!(began.elapsed().as_secs(), 3, "5 calls, 2 at a time");
}
