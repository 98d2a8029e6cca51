//! Obtaining a token: from the store, or else from the source, and then for the store.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use super::{AccessToken, Lease, Life, StoredToken, Token, cache::TokenCache};
use crate::{
    Error, ErrorKind,
    concurrency::{AtomicBool, now, sleep, timeout},
    telemetry,
};

/// How long one access to the store may take.
const STORE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a lease is asked for, and how long another process that holds it is waited for.
const LEASE_TIME: Duration = Duration::from_secs(60);
/// How long a token may take to be obtained: less than the lease.
const LONGEST_REQUEST: Duration = Duration::from_secs(50);
const LONGEST_LEASE_WAIT: Duration = LEASE_TIME;
const LEASE_POLL: Duration = Duration::from_millis(250);

/// One time that a token is obtained.
pub(super) struct Renewal<'a> {
    cache: &'a TokenCache,
    /// An access to the store took too long: none is tried again.
    hangs: AtomicBool,
}

impl<'a> Renewal<'a> {
    pub(super) fn new(cache: &'a TokenCache) -> Self {
        Self { cache, hangs: AtomicBool::new(false) }
    }

    /// Obtains a token. It is saved before the first call that waits for it goes on: a program that ends after one call
    /// leaves the token to the next one.
    pub(super) async fn obtain(&self) -> Result<Arc<Token>, Error> {
        let (lease, stored) = self.lease().await;
        if let Some(token) = stored {
            return Ok(self.cache.keep(token));
        }
        match timeout(LONGEST_REQUEST, self.ask()).await.unwrap_or_else(|_| Err(too_slow())) {
            Ok((token, fresh)) => {
                let token = self.cache.keep(token);
                self.save(fresh).await;
                drop(lease);
                Ok(token)
            }
            Err(error) => {
                self.cache.failed(&error);
                telemetry::token_not_obtained(&error);
                Err(error)
            }
        }
    }

    /// The right to be the only one, of all who share the store, that asks for a token; or the token that another one
    /// obtained meanwhile.
    async fn lease(&self) -> (Option<Lease>, Option<Token>) {
        let Some(store) = &self.cache.store else { return (None, None) };
        let began = now();
        loop {
            if let Some(token) = self.load().await {
                return (None, Some(token));
            }
            match timeout(STORE_TIMEOUT, store.lease(&self.cache.key, LEASE_TIME)).await {
                Ok(Ok(Some(lease))) => {
                    // It may have been obtained between the look and the lease.
                    let stored = self.load().await;
                    return (Some(lease), stored);
                }
                Ok(Ok(None)) if now().saturating_duration_since(began) < LONGEST_LEASE_WAIT => sleep(LEASE_POLL).await,
                Ok(Ok(None)) => return (None, None),
                Ok(Err(error)) => {
                    telemetry::token_store_failed("lease", &error);
                    return (None, None);
                }
                Err(_) => {
                    telemetry::token_store_failed("lease", &"it took too long");
                    return (None, None);
                }
            }
        }
    }

    /// What the store holds, if it is of use.
    async fn load(&self) -> Option<Token> {
        let store = self.cache.store.as_ref()?;
        let stored = match timeout(STORE_TIMEOUT, store.load(&self.cache.key)).await {
            Ok(Ok(stored)) => stored?,
            Ok(Err(error)) => {
                telemetry::token_store_failed("load", &error);
                return None;
            }
            Err(_) => {
                self.hangs.store(true, Ordering::Relaxed);
                telemetry::token_store_failed("load", &"it took too long");
                return None;
            }
        };
        if self.cache.was_rejected(&stored.secret) || self.cache.uses(&stored.secret) {
            return None;
        }
        let life = stored.life();
        // One that no header can hold is as good as none.
        let token = Token::new(stored.secret, stored.scopes, Some(life)).ok()?;
        let usable = if self.cache.has_valid_token() { !token.should_be_renewed() } else { token.is_valid() };
        usable.then_some(token)
    }

    async fn ask(&self) -> Result<(Token, AccessToken), Error> {
        let fresh = self.cache.source.token().await.map_err(of_source)?;
        let life = fresh.expires_in.map(|whole| Life { whole, left: whole });
        let token = Token::new(fresh.secret.clone(), fresh.scopes.clone(), life).map_err(Error::into_credentials)?;
        telemetry::token_obtained(fresh.expires_in);
        Ok((token, fresh))
    }

    async fn save(&self, fresh: AccessToken) {
        let (Some(store), Some(lifetime)) = (&self.cache.store, fresh.expires_in) else { return };
        if self.hangs.load(Ordering::Relaxed) || self.cache.was_rejected(&fresh.secret) {
            return;
        }
        let mut stored = StoredToken::new(fresh.secret, lifetime);
        stored.scopes = fresh.scopes;
        match timeout(STORE_TIMEOUT, store.save(&self.cache.key, &stored)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => telemetry::token_store_failed("save", &error),
            Err(_) => telemetry::token_store_failed("save", &"it took too long"),
        }
    }
}

fn too_slow() -> Error {
    Error::new(ErrorKind::Timeout).detail(format!("no token came within {LONGEST_REQUEST:?}"))
}

/// The source's own error as ours: one of the transport's keeps what it knows.
fn of_source(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => error.into_credentials(),
        Err(error) => Error::new(ErrorKind::Credentials).transient().detail("the token source failed").caused_by(error),
    }
}
