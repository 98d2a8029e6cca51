//! Calls that obtain a token at once, reject it or are dropped, and processes that share a store.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures_util::future::join_all;
use shuttle::future::yield_now;

use super::{Time, check, run, task};
use crate::{
    AccessToken, FileTokenStore, MemoryTokenStore, TokenFuture, TokenSource, TokenStore, concurrency::AtomicUsize,
    token::TokenCache,
};

/// Returns `token0`, `token1`, and so on, and counts requests.
#[derive(Default)]
struct Source(Arc<Requests>);

#[derive(Default)]
struct Requests {
    concurrent: AtomicUsize,
    total: AtomicUsize,
    /// The number of requests that fail first.
    failing: usize,
}

impl TokenSource for Source {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let requests = &self.0;
            assert_eq!(requests.concurrent.fetch_add(1, Ordering::SeqCst), 0, "two requests at the same time");
            yield_now().await;
            let number = requests.total.fetch_add(1, Ordering::SeqCst);
            yield_now().await;
            requests.concurrent.fetch_sub(1, Ordering::SeqCst);
            if number < requests.failing {
                return Err("no token".into());
            }
            Ok(AccessToken::new(format!("token{number}")).expires_in(Duration::from_secs(3600)))
        })
    }
}

fn cache(requests: &Arc<Requests>, store: Option<Arc<dyn TokenStore>>) -> Arc<TokenCache> {
    TokenCache::new(Arc::new(Source(Arc::clone(requests))), store, "key".to_owned(), "audience".to_owned())
}

#[test]
fn calls_share_one_token_request() {
    check(|| {
        run(Time::WhenAllWait, async {
            let requests = Arc::new(Requests::default());
            let cache = cache(&requests, None);
            let calls: Vec<_> = (0..4)
                .map(|_| {
                    let cache = Arc::clone(&cache);
                    task(async move { cache.obtain().await.expect("there is a token").expose().to_owned() })
                })
                .collect();
            // The dropped call may be the one that started the request.
            calls[0].abort();
            for token in join_all(calls).await.into_iter().skip(1) {
                assert_eq!(token.expect("no call panics"), "token0");
            }
            assert_eq!(requests.total.load(Ordering::SeqCst), 1);
        });
    });
}

#[test]
fn rejected_token_is_replaced_once() {
    check(|| {
        run(Time::WhenAllWait, async {
            let requests = Arc::new(Requests::default());
            let cache = cache(&requests, None);
            let calls = (0..3).map(|_| {
                let cache = Arc::clone(&cache);
                task(async move {
                    let first = cache.obtain().await.expect("there is a token");
                    yield_now().await;
                    if first.expose() == "token0" {
                        assert!(cache.reject(&first), "the first one may be replaced");
                    }
                    let second = cache.obtain().await.expect("there is another token");
                    assert_eq!(second.expose(), "token1", "a rejected token came back");
                })
            });
            for call in join_all(calls.collect::<Vec<_>>()).await {
                call.expect("no call panics");
            }
            assert_eq!(requests.total.load(Ordering::SeqCst), 2);
        });
    });
}

#[test]
fn all_waiting_calls_get_the_failure() {
    check(|| {
        run(Time::WhenAllWait, async {
            let requests = Arc::new(Requests { failing: 1, ..Requests::default() });
            let cache = cache(&requests, None);
            let calls = (0..3).map(|_| {
                let cache = Arc::clone(&cache);
                task(async move { cache.obtain().await.map(|token| token.expose().to_owned()) })
            });
            for call in join_all(calls.collect::<Vec<_>>()).await {
                // A call after the pause gets the next token.
                if let Ok(token) = call.expect("no call panics") {
                    assert_eq!(token, "token1");
                }
            }
            assert!(requests.total.load(Ordering::SeqCst) <= 2);
        });
    });
}

/// Runs three processes with a cache each and one store, which lives as long as the second value.
fn processes_share<T: Send>(store: impl Fn() -> (Arc<dyn TokenStore>, T) + Send + Sync + 'static) {
    check(move || {
        let (store, _alive) = store();
        run(Time::WhenAllWait, async move {
            let requests = Arc::new(Requests::default());
            let processes = (0..3).map(|_| {
                let cache = cache(&requests, Some(Arc::clone(&store)));
                task(async move { cache.obtain().await.expect("there is a token").expose().to_owned() })
            });
            for token in join_all(processes.collect::<Vec<_>>()).await {
                assert_eq!(token.expect("no process panics"), "token0");
            }
            assert_eq!(requests.total.load(Ordering::SeqCst), 1, "requests for one token");
        });
    });
}

#[test]
fn processes_share_one_token_in_memory() {
    processes_share(|| (Arc::new(MemoryTokenStore::default()), ()));
}

/// Uses real files. Other processes may run before and after each access.
#[test]
fn processes_share_one_token_in_files() {
    processes_share(|| {
        let folder = tempfile::tempdir().expect("a folder");
        (Arc::new(FileTokenStore::new(folder.path())), folder)
    });
}
