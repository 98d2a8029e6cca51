//! The token that calls use, and the last failure to obtain one.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::watch, time::Instant};

use super::Token;
use crate::{
    Error,
    concurrency::{Mutex, MutexGuard, now},
};

/// At most this number of rejected tokens is replaced within [`COOL_DOWN`]. Tokens are metered, and if the tenant rejects the
/// replacement as well, another token is unlikely to help.
const REPLACEMENTS: usize = 2;
const COOL_DOWN: Duration = Duration::from_secs(60);
/// How long a failed token request is cached, by whether the failure is likely to pass.
const PASSING_FAILURE: Duration = Duration::from_secs(1);
const LASTING_FAILURE: Duration = Duration::from_secs(30);

/// Receives the result of a token request.
pub(super) type Obtaining = watch::Receiver<Option<Result<Arc<Token>, Error>>>;

#[derive(Default)]
pub(super) struct State {
    current: Option<Arc<Token>>,
    /// The token request in flight.
    obtaining: Option<Obtaining>,
    /// The last failure, and until when it is returned without another request.
    failed: Option<(Instant, Error)>,
    /// The last rejected token, which is not loaded from the store again.
    rejected: Option<SecretString>,
    /// When rejected tokens were replaced.
    replaced: VecDeque<Instant>,
}

#[derive(Default)]
pub(super) struct SharedState(Mutex<State>);

impl SharedState {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // No code between two assignments can panic, so the state is always complete.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keep(&self, token: Token) -> Arc<Token> {
        let token = Arc::new(token);
        let mut state = self.lock();
        state.current = Some(Arc::clone(&token));
        state.failed = None;
        // At once: if this token is rejected, no call waits for it.
        state.obtaining = None;
        token
    }

    pub(super) fn fail(&self, error: &Error) {
        let pause = error.retry_after().unwrap_or(if error.is_retryable() { PASSING_FAILURE } else { LASTING_FAILURE });
        let until = now().checked_add(pause.min(COOL_DOWN));
        let mut state = self.lock();
        state.failed = until.map(|until| (until, error.clone()));
        state.obtaining = None;
    }

    /// Records that the tenant rejected a token. Returns whether another token may be used.
    pub(super) fn reject(&self, token: &Token) -> bool {
        let mut state = self.lock();
        if !state.uses(&token.secret) {
            // Another token has replaced it.
            return true;
        }
        let now = now();
        state.replaced.retain(|at| now.saturating_duration_since(*at) < COOL_DOWN);
        if state.replaced.len() >= REPLACEMENTS {
            return false;
        }
        state.replaced.push_back(now);
        state.rejected = Some(token.secret.clone());
        state.current = None;
        tracing::info!("the tenant rejected the token; obtaining another one");
        true
    }
}

impl State {
    pub(super) fn valid(&self, now: Instant) -> Option<Arc<Token>> {
        self.current.clone().filter(|token| token.is_valid(now))
    }

    pub(super) fn was_rejected(&self, secret: &SecretString) -> bool {
        self.rejected.as_ref().is_some_and(|rejected| rejected.expose_secret() == secret.expose_secret())
    }

    pub(super) fn uses(&self, secret: &SecretString) -> bool {
        self.current.as_ref().is_some_and(|current| current.expose() == secret.expose_secret())
    }

    /// Returns the token request in flight. Its channel is closed if its task was dropped.
    pub(super) fn obtaining(&self) -> Option<&Obtaining> {
        self.obtaining.as_ref().filter(|obtaining| obtaining.has_changed().is_ok())
    }

    pub(super) fn set_obtaining(&mut self, obtaining: Obtaining) {
        self.obtaining = Some(obtaining);
    }

    /// Returns the last failure while it is cached, with the time until the next token request.
    pub(super) fn recent_failure(&self) -> Option<Error> {
        let (until, error) = self.failed.as_ref()?;
        let left = until.saturating_duration_since(now());
        (!left.is_zero()).then(|| error.clone().repeated(left))
    }
}
