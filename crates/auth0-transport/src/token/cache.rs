//! One token for all calls.

use std::sync::Arc;

use tokio::sync::watch;

use super::{
    Token, TokenSource, TokenStore,
    renewal::Renewal,
    state::{Obtaining, State},
};
use crate::{
    Error, ErrorKind,
    concurrency::{now, spawn},
};

/// Keeps the token, and sends at most one request for the next one at a time.
pub(crate) struct TokenCache {
    renewal: Renewal,
    audience: String,
}

impl TokenCache {
    /// `key` names the tenant, the identity of the credentials and the audience.
    pub(crate) fn new(
        source: Arc<dyn TokenSource>,
        store: Option<Arc<dyn TokenStore>>,
        key: String,
        audience: String,
    ) -> Arc<Self> {
        Arc::new(Self { renewal: Renewal::new(source, store, key), audience })
    }

    pub(crate) fn audience(&self) -> &str {
        &self.audience
    }

    /// Returns the token if it is valid. Shortly before it expires, the next one is obtained in the background.
    pub(crate) fn current(self: &Arc<Self>) -> Option<Arc<Token>> {
        let mut state = self.renewal.state.lock();
        let now = now();
        let token = state.valid(now)?;
        if token.should_be_renewed(now) && state.obtaining().is_none() && state.recent_failure().is_none() {
            self.start(&mut state);
        }
        Some(token)
    }

    pub(crate) async fn obtain(self: &Arc<Self>) -> Result<Arc<Token>, Error> {
        if let Some(token) = self.current() {
            return Ok(token);
        }
        // The task runs on the runtime of the call that started it. If that runtime ends, the next call starts another one.
        for _ in 0..2 {
            let mut obtaining = {
                let mut state = self.renewal.state.lock();
                // A token may have arrived since the last check.
                if let Some(token) = state.valid(now()) {
                    return Ok(token);
                }
                match state.obtaining().cloned() {
                    Some(obtaining) => obtaining,
                    None => match state.recent_failure() {
                        Some(error) => return Err(error),
                        None => self.start(&mut state),
                    },
                }
            };
            if let Ok(obtained) = obtaining.wait_for(Option::is_some).await
                && let Some(result) = obtained.clone()
            {
                return result;
            }
        }
        let error = Error::new(ErrorKind::Credentials)
            .transient()
            .detail("obtaining it panicked, in the token source or in a hook");
        self.renewal.state.fail(&error);
        Err(error)
    }

    /// Obtains a token in a task, so that no waiting call can delay or cancel it for the others.
    fn start(self: &Arc<Self>, state: &mut State) -> Obtaining {
        let (sender, receiver) = watch::channel(None);
        let cache = Arc::clone(self);
        spawn(async move {
            let result = cache.renewal.obtain().await;
            // Every waiting call may have been dropped.
            let _ = sender.send(Some(result));
        });
        state.set_obtaining(receiver.clone());
        receiver
    }

    /// Records that the tenant rejected a token. Returns whether another token may be used.
    pub(crate) fn reject(&self, token: &Token) -> bool {
        self.renewal.state.reject(token)
    }
}
