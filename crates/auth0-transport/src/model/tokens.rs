//! Calls that need a token at once, reject it and are dropped; processes that share a store.

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

/// Hands out `token0`, `token1`, …; counts how many ask at once and in all.
#[derive(Default)]
struct Source(Arc<Asked>);

#[derive(Default)]
struct Asked {
    at_once: AtomicUsize,
    in_all: AtomicUsize,
    /// The number of requests that fail first.
    failing: usize,
}

impl TokenSource for Source {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let asked = &self.0;
            assert_eq!(asked.at_once.fetch_add(1, Ordering::SeqCst), 0, "two ask for a token at once");
            yield_now().await;
            let number = asked.in_all.fetch_add(1, Ordering::SeqCst);
            yield_now().await;
            asked.at_once.fetch_sub(1, Ordering::SeqCst);
            if number < asked.failing {
                return Err("no token".into());
            }
            Ok(AccessToken::new(format!("token{number}")).expires_in(Duration::from_secs(3600)))
        })
    }
}

fn cache(asked: &Arc<Asked>, store: Option<Arc<dyn TokenStore>>) -> Arc<TokenCache> {
    TokenCache::new(Arc::new(Source(Arc::clone(asked))), store, "key".to_owned(), "audience".to_owned())
}

#[test]
fn calls_share_one_request_for_a_token() {
    check(|| {
        run(Time::WhenAllWait, async {
            let asked = Arc::new(Asked::default());
            let cache = cache(&asked, None);
            let calls: Vec<_> = (0..4)
                .map(|_| {
                    let cache = Arc::clone(&cache);
                    task(async move { cache.obtain().await.expect("there is a token").expose().to_owned() })
                })
                .collect();
            // One of them is dropped, whichever asked.
            calls[0].abort();
            for token in join_all(calls).await.into_iter().skip(1) {
                assert_eq!(token.expect("no call panics"), "token0");
            }
            assert_eq!(asked.in_all.load(Ordering::SeqCst), 1);
        });
    });
}

#[test]
fn a_rejected_token_is_replaced_once() {
    check(|| {
        run(Time::WhenAllWait, async {
            let asked = Arc::new(Asked::default());
            let cache = cache(&asked, None);
            let calls = (0..3).map(|_| {
                let cache = Arc::clone(&cache);
                task(async move {
                    let first = cache.obtain().await.expect("there is a token");
                    yield_now().await;
                    if first.expose() == "token0" {
                        assert!(cache.reject(&first), "the first one may be replaced");
                    }
                    let second = cache.obtain().await.expect("there is another one");
                    assert_eq!(second.expose(), "token1", "a rejected token came back");
                })
            });
            for call in join_all(calls.collect::<Vec<_>>()).await {
                call.expect("no call panics");
            }
            assert_eq!(asked.in_all.load(Ordering::SeqCst), 2);
        });
    });
}

#[test]
fn a_failure_is_told_to_all_who_wait() {
    check(|| {
        run(Time::WhenAllWait, async {
            let asked = Arc::new(Asked { failing: 1, ..Asked::default() });
            let cache = cache(&asked, None);
            let calls = (0..3).map(|_| {
                let cache = Arc::clone(&cache);
                task(async move { cache.obtain().await.map(|token| token.expose().to_owned()) })
            });
            for call in join_all(calls.collect::<Vec<_>>()).await {
                // Whoever comes after the pause gets the next one.
                if let Ok(token) = call.expect("no call panics") {
                    assert_eq!(token, "token1");
                }
            }
            assert!(asked.in_all.load(Ordering::SeqCst) <= 2);
        });
    });
}

/// Three processes, each with a cache of its own, and what they have in common.
fn processes_share(store: impl Fn() -> Arc<dyn TokenStore> + Send + Sync + 'static) {
    check(move || {
        let store = store();
        run(Time::WhenAllWait, async move {
            let asked = Arc::new(Asked::default());
            let processes = (0..3).map(|_| {
                let cache = cache(&asked, Some(Arc::clone(&store)));
                task(async move { cache.obtain().await.expect("there is a token").expose().to_owned() })
            });
            for token in join_all(processes.collect::<Vec<_>>()).await {
                assert_eq!(token.expect("no process panics"), "token0");
            }
            assert_eq!(asked.in_all.load(Ordering::SeqCst), 1, "requests for one token");
        });
    });
}

#[test]
fn processes_share_one_token_in_memory() {
    processes_share(|| Arc::new(MemoryTokenStore::default()));
}

/// The files are real; every access may be overtaken by those of the other processes.
#[test]
fn processes_share_one_token_in_files() {
    processes_share(|| {
        let folder = tempfile::tempdir().expect("a folder");
        Arc::new(Files { store: FileTokenStore::new(folder.path()), _folder: folder })
    });
}

/// A file store, and the folder as long as it lives.
struct Files {
    store: FileTokenStore,
    _folder: tempfile::TempDir,
}

impl TokenStore for Files {
    fn load<'a>(&'a self, key: &'a str) -> crate::StoreFuture<'a, Option<crate::StoredToken>> {
        self.store.load(key)
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a crate::StoredToken) -> crate::StoreFuture<'a, ()> {
        self.store.save(key, token)
    }

    fn lease<'a>(&'a self, key: &'a str, time: Duration) -> crate::StoreFuture<'a, Option<crate::Lease>> {
        self.store.lease(key, time)
    }
}
