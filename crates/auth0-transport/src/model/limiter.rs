//! Calls that wait for permits, get a 429, are lost, or are dropped at any time.

use std::{
    pin::pin,
    sync::{Arc, atomic::Ordering},
    task::Poll,
    time::Duration,
};

use futures_util::future::{join_all, poll_fn};
use http::{HeaderMap, Method, StatusCode};
use shuttle::future::yield_now;

use super::{Time, check, run, task};
use crate::{
    Pacing, PermitRequest,
    admission::{Admission, completion},
    concurrency::{AtomicUsize, now},
    pacing::{Endpoint, Limiter},
};

/// The end of a call in the model.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Responded {
        remaining: u32,
    },
    RateLimited,
    Lost,
    /// Dropped after this number of polls while it waits.
    Dropped {
        polls: usize,
    },
    /// Dropped with its permit.
    NotSent,
}

fn request<'a>(path: &'a str, deadline: Option<Duration>) -> PermitRequest<'a> {
    PermitRequest {
        method: &Method::GET,
        path,
        query: None,
        retry: false,
        deadline: deadline.map(|time| now() + time),
        longest_wait: Duration::from_secs(120),
        endpoint: Endpoint::of(&Method::GET, path, None),
    }
}

fn headers(limit: u32, remaining: u32) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-ratelimit-limit", limit.into());
    headers.insert("x-ratelimit-remaining", remaining.into());
    headers
}

/// Runs one call, and counts calls in flight. Returns whether it got a permit.
async fn call(admission: Arc<Admission>, path: &'static str, fate: Fate, in_flight: Arc<AtomicUsize>) -> bool {
    let mut enter = pin!(admission.enter(request(path, None)));
    if let Fate::Dropped { polls } = fate {
        let mut left = polls;
        let entered = poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(None);
            }
            left -= 1;
            match enter.as_mut().poll(context) {
                Poll::Ready(admitted) => Poll::Ready(Some(admitted)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        });
        return entered.await.is_some_and(|admitted| admitted.is_ok());
    }
    let Ok(mut permit) = enter.await else { return false };
    if matches!(fate, Fate::NotSent) {
        return true;
    }
    in_flight.fetch_add(1, Ordering::SeqCst);
    permit.sent();
    yield_now().await;
    in_flight.fetch_sub(1, Ordering::SeqCst);
    match fate {
        Fate::Responded { remaining } => {
            permit.responded(&completion(StatusCode::OK, &headers(2, remaining), None));
        }
        Fate::RateLimited => {
            permit.responded(&completion(StatusCode::TOO_MANY_REQUESTS, &headers(2, 0), Some(Duration::from_secs(1))));
        }
        _ => {}
    }
    true
}

/// Runs one call for each fate, and then another one, which must get a permit.
fn calls_end(pacing: Pacing, max_in_flight: Option<usize>, fates: &'static [Fate], paths: &'static [&'static str]) {
    check(move || {
        run(Time::AtAnyMoment, async move {
            let limiter = Arc::new(Limiter::new(pacing, 1.0));
            let admission = Arc::new(Admission::new(limiter, true, max_in_flight, None));
            let in_flight = Arc::new(AtomicUsize::new(0));
            let calls = fates
                .iter()
                .zip(paths.iter().cycle())
                .map(|(fate, path)| task(call(Arc::clone(&admission), path, *fate, Arc::clone(&in_flight))));
            for (has_permit, fate) in join_all(calls.collect::<Vec<_>>()).await.into_iter().zip(fates) {
                let has_permit = has_permit.expect("no call panics");
                assert!(has_permit || matches!(fate, Fate::Dropped { .. }), "{fate:?} got no permit");
            }
            assert_eq!(in_flight.load(Ordering::SeqCst), 0);
            let after = call(admission, paths[0], Fate::Responded { remaining: 1 }, in_flight).await;
            assert!(after, "the next call gets no permit");
        });
    });
}

const MIXED: &[Fate] = &[
    Fate::Responded { remaining: 0 },
    Fate::Dropped { polls: 1 },
    Fate::RateLimited,
    Fate::Dropped { polls: 2 },
    Fate::NotSent,
    Fate::Lost,
];
const GENERAL: &[&str] = &["/connections/con_1"];

#[test]
fn calls_end_after_any_end_of_others() {
    calls_end(Pacing::Adaptive, None, MIXED, GENERAL);
}

#[test]
fn calls_end_with_one_slot() {
    calls_end(Pacing::Adaptive, Some(1), MIXED, GENERAL);
}

#[test]
fn calls_end_at_a_fixed_rate() {
    calls_end(Pacing::Fixed { per_second: 1.0, burst: 1 }, None, MIXED, GENERAL);
}

#[test]
fn calls_end_while_endpoints_get_limits_of_their_own() {
    calls_end(Pacing::Adaptive, None, MIXED, &["/connections/con_1", "/clients", "/logs"]);
}

/// Before a response reports the limit, one request is in flight.
#[test]
fn one_probe_goes_first() {
    check(|| {
        run(Time::WhenAllWait, async {
            let limiter = Arc::new(Limiter::new(Pacing::Adaptive, 1.0));
            let admission = Arc::new(Admission::new(limiter, true, None, None));
            let (in_flight, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
            let calls = (0..4).map(|_| {
                let (admission, in_flight, most) = (Arc::clone(&admission), Arc::clone(&in_flight), Arc::clone(&most));
                task(async move {
                    let mut permit = admission.enter(request("/connections", None)).await.expect("it gets a permit");
                    let now = in_flight.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    permit.sent();
                    yield_now().await;
                    in_flight.fetch_sub(1, Ordering::SeqCst);
                    permit.responded(&completion(StatusCode::OK, &headers(1, 0), None));
                })
            });
            for call in join_all(calls.collect::<Vec<_>>()).await {
                call.expect("no call panics");
            }
            assert_eq!(most.load(Ordering::SeqCst), 1, "a bucket of one holds one token");
        });
    });
}
