//! Calls that are not polled, or are dropped at any point, delay no other call.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use crate::scripted::{Act, Scripted};
use auth0_transport::{Bytes, CallOptions, Error, ErrorKind, Method, Pacing, Response, Transport};
use futures_util::{StreamExt, future::join_all, stream};
use tokio::time::{Instant, advance, sleep, timeout};

const BURST: f64 = 10.0;
const RATE: f64 = 10.0;

async fn tenant() -> (Scripted, Transport) {
    let server = Scripted::by(crate::scripted::bucket(BURST, RATE)).await;
    let transport = server.transport().bearer_token("token").build().unwrap();
    (server, transport)
}

async fn call(transport: &Transport) -> Result<Response<Bytes>, Error> {
    transport.request(Method::GET, "/things").send().await
}

/// Returns the elapsed time relative to the shortest time in which the tenant accepts this number of calls.
fn ratio(began: Instant, calls: f64) -> f64 {
    began.elapsed().as_secs_f64() / ((calls - BURST) / RATE)
}

#[tokio::test(start_paused = true)]
async fn calls_inside_a_buffered_loop_are_not_delayed() {
    for concurrency in [2, 16] {
        let (server, transport) = tenant().await;
        let began = Instant::now();
        let mut results = pin!(stream::iter(0..60).map(|_| call(&transport)).buffer_unordered(concurrency));
        while let Some(result) = results.next().await {
            result.unwrap();
            call(&transport).await.unwrap();
        }
        let ratio = ratio(began, 120.0);
        assert!(ratio <= 1.1, "{concurrency}: {ratio}");
        assert_eq!(server.received().len(), 120, "no 429");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_inside_a_prefetching_loop_are_not_delayed() {
    let (_server, transport) = tenant().await;
    let began = Instant::now();
    let mut pages = pin!(stream::iter(0..40).map(|_| call(&transport)).buffered(2));
    while let Some(page) = pages.next().await {
        page.unwrap();
        for result in join_all((0..3).map(|_| call(&transport))).await {
            result.unwrap();
        }
    }
    let ratio = ratio(began, 160.0);
    assert!(ratio <= 1.1, "{ratio}");
}

#[tokio::test(start_paused = true)]
async fn unpolled_call_delays_no_other_and_keeps_its_deadline() {
    let (_server, transport) = tenant().await;
    let began = Instant::now();
    let mut held = Vec::new();
    for _ in 0..5 {
        let mut future = Box::pin(call(&transport));
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        held.push(future);
    }
    for _ in 0..55 {
        call(&transport).await.unwrap();
    }
    let ratio = ratio(began, 60.0);
    assert!(ratio <= 1.1, "{ratio}");
    for future in held {
        let done = Instant::now();
        future.await.unwrap();
        assert_eq!(done.elapsed(), Duration::ZERO, "it continued without polls");
    }

    let hanging = Scripted::acts([Act::Hang]).await;
    let other = hanging
        .transport()
        .bearer_token("token")
        .build()
        .unwrap()
        .with_options(CallOptions::new().timeout(Duration::from_secs(1)));
    let mut future = Box::pin(call(&other));
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    sleep(Duration::from_secs(60)).await;
    let done = Instant::now();
    assert_eq!(future.await.unwrap_err().kind(), ErrorKind::Deadline);
    assert_eq!(done.elapsed(), Duration::ZERO, "its deadline was a minute ago");
}

#[tokio::test(start_paused = true)]
async fn calls_continue_without_polls() {
    let server = Scripted::acts([Act::json(200, "{}")]).await;
    let transport = server.transport().bearer_token("token").build().unwrap();
    let mut calls: Vec<_> = (0..16).map(|_| Box::pin(transport.request(Method::POST, "/things").send())).collect();
    for call in &mut calls {
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    sleep(Duration::from_secs(31)).await;
    assert_eq!(server.received().len(), 16);
    for call in calls {
        call.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn timeout_ignores_a_blocked_runtime() {
    for yields in 0..20 {
        let server = Scripted::acts([Act::json(200, "{}")]).await;
        let transport = server.transport().bearer_token("token").build().unwrap();
        let mut call = Box::pin(transport.request(Method::POST, "/things").send());
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        for _ in 0..yields {
            tokio::task::yield_now().await;
        }
        advance(Duration::from_secs(31)).await;
        call.await.unwrap();
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_calls_delay_no_other_call() {
    let (server, transport) = tenant().await;
    let began = Instant::now();
    for result in join_all((0..10).map(|_| call(&transport))).await {
        result.unwrap();
    }
    let mut dropped = 0;
    for wait in 0..60_u64 {
        // Each call is dropped at another time: while it waits, is sent, or receives its response.
        dropped += u32::from(timeout(Duration::from_millis(wait * 2), call(&transport)).await.is_err());
    }
    assert!(dropped > 5, "{dropped} were dropped");
    for result in join_all((0..60).map(|_| call(&transport))).await {
        result.unwrap();
    }
    let sent = server.received().len();
    #[allow(clippy::cast_precision_loss)] // a hundred
    let ratio = ratio(began, sent as f64);
    assert!(ratio <= 1.1, "{ratio} for {sent}");
}

#[tokio::test(start_paused = true)]
async fn dropped_call_is_not_sent() {
    let (server, transport) = tenant().await;
    for _ in 0..100 {
        let mut future = Box::pin(call(&transport));
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(future);
    }
    sleep(Duration::from_secs(1)).await;
    assert!(server.received().is_empty());
    call(&transport).await.unwrap();
    assert_eq!(transport.quota().unwrap().remaining, 9);
}

#[tokio::test(start_paused = true)]
async fn next_call_replaces_the_first_in_the_queue() {
    let server = Scripted::acts([Act::json(200, "{}")]).await;
    let fixed = Pacing::Fixed { per_second: 1.0, burst: 1 };
    let transport = server.transport().bearer_token("token").pacing(fixed).build().unwrap();
    call(&transport).await.unwrap();
    let began = Instant::now();
    let leaves = timeout(Duration::from_millis(500), call(&transport));
    let (left, stayed) = tokio::join!(leaves, call(&transport));
    assert!(left.is_err());
    stayed.unwrap();
    assert_eq!(began.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn unpolled_calls_take_only_their_tokens() {
    let server = Scripted::by(crate::scripted::bucket(2.0, 2.0)).await;
    let transport = server.transport().bearer_token("token").build().unwrap();
    for _ in 0..10 {
        call(&transport).await.unwrap();
    }
    let mut held = Vec::new();
    for _ in 0..4 {
        sleep(Duration::from_secs(1)).await;
        let mut future = Box::pin(call(&transport));
        let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        held.push(future);
    }
    let began = Instant::now();
    for _ in 0..10 {
        call(&transport).await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
}

#[test]
fn transport_works_after_its_first_runtime_ended() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let servers = runtime();
    let mut first = true;
    let server = servers.block_on(Scripted::by(move |received| match received.path.as_str() {
        "/oauth/token" if std::mem::take(&mut first) => Act::Hang,
        "/oauth/token" => Act::json(200, r#"{"access_token":"token","expires_in":86400}"#),
        _ => Act::json(200, "{}"),
    }));
    let transport = server.transport().client_credentials("id", "secret").build().unwrap();
    let serving = std::thread::spawn(move || servers.block_on(async { sleep(Duration::from_secs(3)).await }));
    let abandoned = runtime();
    let waiting = abandoned.block_on(async { timeout(Duration::from_millis(300), call(&transport)).await });
    assert!(waiting.is_err());
    drop(abandoned);
    runtime().block_on(call(&transport)).unwrap();
    drop((server, serving));
}

#[tokio::test(start_paused = true)]
async fn panic_of_a_hook_reaches_only_its_caller() {
    struct Panics;
    impl auth0_transport::Hook for Panics {
        fn before(&self, attempt: &auth0_transport::Attempt<'_>, _: &mut auth0_transport::HeaderMap) {
            assert_ne!(attempt.operation, "bad", "on purpose");
        }
    }
    let server = Scripted::by(crate::scripted::bucket(BURST, RATE)).await;
    let transport = server.transport().bearer_token("token").hook(Panics).build().unwrap();
    let bad = auth0_transport::Operation::new("bad", auth0_transport::Idempotency::Idempotent, &[]);
    let request = transport.request(Method::GET, "/things").operation(bad).send();
    assert!(tokio::spawn(request).await.unwrap_err().is_panic());
    call(&transport).await.unwrap();
}
