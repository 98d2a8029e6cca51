//! One token for all.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};
use secrecy::{ExposeSecret, SecretString};

use super::{Life, StoredToken, Token, TokenSource, TokenStore};
use crate::{Error, ErrorKind, telemetry};

type Obtaining = BoxFuture<'static, Result<Arc<Token>, Error>>;

/// Keeps the token, and has one request for the next in flight at most.
pub(crate) struct TokenCache {
    source: Arc<dyn TokenSource>,
    store: Option<Arc<dyn TokenStore>>,
    /// What the token is for: tenant, client, audience.
    key: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    /// The request in flight. It lives as long as somebody waits for it: the last one to give up ends it, and whoever
    /// comes then begins anew.
    obtaining: Option<WeakShared<Obtaining>>,
    /// What the tenant did not accept, lest it comes back from the store.
    rejected: Option<SecretString>,
}

impl TokenCache {
    pub(crate) fn new(source: Arc<dyn TokenSource>, store: Option<Arc<dyn TokenStore>>, key: String) -> Arc<Self> {
        Arc::new(Self { source, store, key, state: Mutex::default() })
    }

    pub(crate) fn at_hand(&self) -> Option<Arc<Token>> {
        self.state().current.clone().filter(|token| token.is_fresh())
    }

    pub(crate) async fn obtain(self: &Arc<Self>) -> Result<Arc<Token>, Error> {
        let obtaining = match self.join() {
            Ok(token) => return Ok(token),
            Err(obtaining) => obtaining,
        };
        obtaining.await
    }

    /// The token, should it have come meanwhile; or the request for it, which is begun if there is none.
    fn join(self: &Arc<Self>) -> Result<Arc<Token>, Shared<Obtaining>> {
        let mut state = self.state();
        if let Some(token) = state.current.as_ref().filter(|token| token.is_fresh()) {
            return Ok(Arc::clone(token));
        }
        let running = state.obtaining.as_ref().and_then(WeakShared::upgrade);
        // One that has ended without leaving a token failed: those who waited are told, later ones try again.
        if let Some(running) = running.filter(|running| running.peek().is_none()) {
            return Err(running);
        }
        let obtaining = Arc::clone(self).obtain_alone().boxed().shared();
        state.obtaining = obtaining.downgrade();
        Err(obtaining)
    }

    async fn obtain_alone(self: Arc<Self>) -> Result<Arc<Token>, Error> {
        if let Some(token) = self.load().await? {
            return Ok(self.keep(token));
        }
        let fresh = self.source.token().await.map_err(no_token)?;
        let life = fresh.expires_in.map(|whole| Life { whole, left: whole });
        let token = Token::new(fresh.secret.clone(), life).map_err(Error::into_credentials)?;
        telemetry::token_obtained(fresh.expires_in);
        let token = self.keep(token);
        if let (Some(store), Some(lifetime)) = (&self.store, fresh.expires_in) {
            let stored = StoredToken::new(fresh.secret, lifetime);
            if let Err(error) = store.save(&self.key, &stored).await {
                telemetry::token_not_stored(&error);
            }
        }
        Ok(token)
    }

    /// What the store holds, if it is of use.
    async fn load(&self) -> Result<Option<Token>, Error> {
        let Some(store) = &self.store else { return Ok(None) };
        let stored = store.load(&self.key).await.map_err(|error| {
            Error::new(ErrorKind::Credentials).detail("the token store cannot be read").caused_by(error)
        })?;
        let Some(stored) = stored else { return Ok(None) };
        let rejected = self.state().rejected.clone();
        if rejected.is_some_and(|rejected| rejected.expose_secret() == stored.secret.expose_secret()) {
            return Ok(None);
        }
        let life = stored.life();
        let token = Token::new(stored.secret, Some(life)).map_err(Error::into_credentials)?;
        Ok(Some(token).filter(Token::is_fresh))
    }

    fn keep(&self, token: Token) -> Arc<Token> {
        let token = Arc::new(token);
        self.state().current = Some(Arc::clone(&token));
        token
    }

    /// Drops the token, unless another one took its place already.
    pub(crate) fn reject(&self, token: &Token) {
        let mut state = self.state();
        state.rejected = Some(token.secret.clone());
        if state.current.as_ref().is_some_and(|current| current.expose() == token.expose()) {
            state.current = None;
            telemetry::token_rejected();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is a single assignment; no panic leaves it half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The source's own error as ours: one of the transport's keeps what it knows.
fn no_token(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => error.into_credentials(),
        Err(error) => Error::new(ErrorKind::Credentials).detail("the token source failed").caused_by(error),
    }
}
