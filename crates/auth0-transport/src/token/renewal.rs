//! Obtains a token from the store, or else from the source.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{AccessToken, Lease, Life, StoreFuture, StoredToken, Token, TokenSource, TokenStore, state::SharedState};
use crate::{
    Error, ErrorKind,
    concurrency::{now, sleep, timeout},
};

/// The longest time of one access to the store.
const STORE_TIMEOUT: Duration = Duration::from_secs(5);
/// The time limit of a lease, and the longest wait for the lease of another process.
const LEASE_TIME: Duration = Duration::from_secs(60);
const LEASE_POLL: Duration = Duration::from_millis(250);
/// The longest time in which a token is obtained, shorter than the lease.
const LONGEST_REQUEST: Duration = Duration::from_secs(50);

/// Where tokens come from, and where they are kept.
pub(super) struct Renewal {
    source: Arc<dyn TokenSource>,
    store: Option<Arc<dyn TokenStore>>,
    key: String,
    pub(super) state: SharedState,
    /// Whether the store did not respond in time during this renewal.
    hangs: AtomicBool,
}

impl Renewal {
    pub(super) fn new(source: Arc<dyn TokenSource>, store: Option<Arc<dyn TokenStore>>, key: String) -> Self {
        Self { source, store, key, state: SharedState::default(), hangs: AtomicBool::new(false) }
    }

    /// Obtains a token. Saves it before waiting calls continue, so that a program that ends after one call leaves it to the
    /// next program.
    pub(super) async fn obtain(&self) -> Result<Arc<Token>, Error> {
        self.hangs.store(false, Ordering::Relaxed);
        let (lease, stored) = self.lease().await;
        if let Some(token) = stored {
            return Ok(self.state.keep(token));
        }
        let too_slow = || Error::new(ErrorKind::Timeout).detail(format!("no token came within {LONGEST_REQUEST:?}"));
        match timeout(LONGEST_REQUEST, self.request()).await.unwrap_or_else(|_| Err(too_slow())) {
            Ok((token, fresh)) => {
                let token = self.state.keep(token);
                self.save(fresh).await;
                drop(lease);
                Ok(token)
            }
            Err(error) => {
                self.state.fail(&error);
                tracing::warn!(%error, "cannot obtain a token");
                Err(error)
            }
        }
    }

    /// Returns the right to request a token, which one user of the store has at a time, or the token that another user
    /// obtained meanwhile.
    async fn lease(&self) -> (Option<Lease>, Option<Token>) {
        let Some(store) = &self.store else { return (None, None) };
        let began = now();
        loop {
            if let Some(token) = self.load().await {
                return (None, Some(token));
            }
            match self.access("lease", store.lease(&self.key, LEASE_TIME)).await {
                // Another user may have saved a token before the lease.
                Some(Some(lease)) => return (Some(lease), self.load().await),
                Some(None) if now().saturating_duration_since(began) < LEASE_TIME => sleep(LEASE_POLL).await,
                Some(None) | None => return (None, None),
            }
        }
    }

    /// Returns the stored token if it can be used.
    async fn load(&self) -> Option<Token> {
        let stored = self.access("load", self.store.as_ref()?.load(&self.key)).await??;
        let has_valid_token = {
            let state = self.state.lock();
            if state.was_rejected(&stored.secret) || state.uses(&stored.secret) {
                return None;
            }
            state.valid(now()).is_some()
        };
        let life = stored.life();
        // A token that does not fit into a header counts as absent.
        let token = Token::new(stored.secret, stored.scopes, Some(life)).ok()?;
        let is_usable = if has_valid_token { !token.should_be_renewed(now()) } else { token.is_valid(now()) };
        is_usable.then_some(token)
    }

    async fn request(&self) -> Result<(Token, AccessToken), Error> {
        let fresh = self.source.token().await.map_err(of_source)?;
        let life = fresh.expires_in.map(|whole| Life { whole, left: whole });
        let token = Token::new(fresh.secret.clone(), fresh.scopes.clone(), life).map_err(Error::into_credentials)?;
        tracing::debug!(lifetime_s = fresh.expires_in.map(|lifetime| lifetime.as_secs()), "obtained a token");
        Ok((token, fresh))
    }

    async fn save(&self, fresh: AccessToken) {
        let (Some(store), Some(lifetime)) = (&self.store, fresh.expires_in) else { return };
        if self.hangs.load(Ordering::Relaxed) || self.state.lock().was_rejected(&fresh.secret) {
            return;
        }
        let mut stored = StoredToken::new(fresh.secret, lifetime);
        stored.scopes = fresh.scopes;
        self.access("save", store.save(&self.key, &stored)).await;
    }

    /// Returns the result of an access to the store, or logs why there is none.
    async fn access<T>(&self, name: &str, access: StoreFuture<'_, T>) -> Option<T> {
        match timeout(STORE_TIMEOUT, access).await {
            Ok(Ok(result)) => return Some(result),
            Ok(Err(error)) => tracing::warn!(access = name, %error, "the token store failed"),
            Err(_) => {
                self.hangs.store(true, Ordering::Relaxed);
                tracing::warn!(access = name, error = "it took too long", "the token store failed");
            }
        }
        None
    }
}

/// Converts the error of a source. An error of the transport keeps its status and message.
fn of_source(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => error.into_credentials(),
        Err(error) => Error::new(ErrorKind::Credentials).transient().detail("the token source failed").caused_by(error),
    }
}
