//! Calls that wait for permits, are refused, are lost, and are dropped at any time.

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

/// The end that a call has in the model.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Answered {
        remaining: u32,
    },
    Refused,
    Lost,
    /// Dropped while it waits, after this number of polls.
    Dropped {
        polls: usize,
    },
    /// Let in, and then not sent.
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

/// Sends one call, counts how many are in flight at once, and says whether it was let in.
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
    let Ok(mut admitted) = enter.await else { return false };
    if matches!(fate, Fate::NotSent) {
        return true;
    }
    in_flight.fetch_add(1, Ordering::SeqCst);
    admitted.sent();
    yield_now().await;
    in_flight.fetch_sub(1, Ordering::SeqCst);
    match fate {
        Fate::Answered { remaining } => {
            admitted.responded(&completion(StatusCode::OK, &headers(2, remaining), None));
        }
        Fate::Refused => {
            admitted.responded(&completion(
                StatusCode::TOO_MANY_REQUESTS,
                &headers(2, 0),
                Some(Duration::from_secs(1)),
            ));
        }
        _ => {}
    }
    true
}

/// Runs one call for each fate, and then another one, which has to be served.
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
            for (was_let_in, fate) in join_all(calls.collect::<Vec<_>>()).await.into_iter().zip(fates) {
                let was_let_in = was_let_in.expect("no call panics");
                assert!(was_let_in || matches!(fate, Fate::Dropped { .. }), "{fate:?} was turned away");
            }
            assert_eq!(in_flight.load(Ordering::SeqCst), 0);
            let after = call(admission, paths[0], Fate::Answered { remaining: 1 }, in_flight).await;
            assert!(after, "the next call is not served");
        });
    });
}

const MIXED: &[Fate] = &[
    Fate::Answered { remaining: 0 },
    Fate::Dropped { polls: 1 },
    Fate::Refused,
    Fate::Dropped { polls: 2 },
    Fate::NotSent,
    Fate::Lost,
];
const GENERAL: &[&str] = &["/connections/con_1"];

#[test]
fn calls_end_whatever_becomes_of_the_others() {
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
fn calls_end_while_endpoints_turn_out_to_have_limits_of_their_own() {
    calls_end(Pacing::Adaptive, None, MIXED, &["/connections/con_1", "/clients", "/logs"]);
}

/// As many as the bucket holds and no more are in flight, before the first response reports the limit.
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
                    let mut admitted = admission.enter(request("/connections", None)).await.expect("it is let in");
                    let now = in_flight.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    admitted.sent();
                    yield_now().await;
                    in_flight.fetch_sub(1, Ordering::SeqCst);
                    admitted.responded(&completion(StatusCode::OK, &headers(1, 0), None));
                })
            });
            for call in join_all(calls.collect::<Vec<_>>()).await {
                call.expect("no call panics");
            }
            assert_eq!(most.load(Ordering::SeqCst), 1, "a bucket of one holds one token");
        });
    });
}
