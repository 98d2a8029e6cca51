//! Tokens that the clients of one process share.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError},
    time::Duration,
};

use super::{Lease, StoreFuture, StoredToken, TokenStore};
use crate::concurrency::{Mutex, MutexGuard};

/// Stores tokens in memory, for several clients of one process. Clones share the tokens.
#[derive(Debug, Clone, Default)]
pub struct MemoryTokenStore(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    tokens: HashMap<String, StoredToken>,
    leases: HashSet<String>,
}

impl MemoryTokenStore {
    fn content(&self) -> MutexGuard<'_, Content> {
        // Each change is one insertion or removal, which a panic cannot leave incomplete.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for MemoryTokenStore {
    fn load<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<StoredToken>> {
        let token = self.content().tokens.get(key).cloned();
        Box::pin(std::future::ready(Ok(token)))
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        self.content().tokens.insert(key.to_owned(), token.clone());
        Box::pin(std::future::ready(Ok(())))
    }

    /// The lease has no time limit, because within a process it is always dropped.
    fn lease<'a>(&'a self, key: &'a str, _: Duration) -> StoreFuture<'a, Option<Lease>> {
        let lease = self.content().leases.insert(key.to_owned()).then(|| {
            let (store, key) = (self.clone(), key.to_owned());
            Lease::new(move || {
                store.content().leases.remove(&key);
            })
        });
        Box::pin(std::future::ready(Ok(lease)))
    }
}
