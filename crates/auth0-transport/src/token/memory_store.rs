//! Tokens shared within a process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{StoreFuture, StoredToken, TokenStore};

/// Keeps tokens in memory, for several clients of one process. Clones share what they hold.
#[derive(Debug, Clone, Default)]
pub struct MemoryTokenStore(Arc<Mutex<HashMap<String, StoredToken>>>);

impl TokenStore for MemoryTokenStore {
    fn load<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<StoredToken>> {
        let token = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        Box::pin(std::future::ready(Ok(token)))
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), token.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}
