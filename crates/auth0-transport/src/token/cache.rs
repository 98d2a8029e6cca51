//! One token for all calls.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::watch, time::Instant};

use super::{Token, TokenSource, TokenStore, renewal::Renewal};
use crate::{
    Error, ErrorKind,
    concurrency::{Mutex, MutexGuard, now, spawn},
    telemetry,
};

/// At most so many tokens are obtained in place of rejected ones within a time: tokens are metered, and where the next one
/// is rejected again, another one will hardly be better.
const REPLACEMENTS: usize = 2;
const COOL_DOWN: Duration = Duration::from_secs(60);
/// How long a failed token request is cached: one that is likely to pass, and one that is not.
const PASSING_FAILURE: Duration = Duration::from_secs(1);
const LASTING_FAILURE: Duration = Duration::from_secs(30);

type Obtained = Option<Result<Arc<Token>, Error>>;

/// Keeps the token, and has at most one request for the next one in flight.
pub(crate) struct TokenCache {
    pub(super) source: Arc<dyn TokenSource>,
    pub(super) store: Option<Arc<dyn TokenStore>>,
    /// What the token is for: tenant, identity of the credentials, audience.
    pub(super) key: String,
    audience: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    /// Where the token that is being obtained will appear, until it is kept or has failed.
    obtaining: Option<watch::Receiver<Obtained>>,
    /// The last failure, and until when it is returned without another request.
    failed: Option<(Instant, Error)>,
    /// The rejected tokens, so that none is taken from the store again.
    rejected: Option<SecretString>,
    /// When the last ones were rejected and replaced.
    replaced: VecDeque<Instant>,
}

impl TokenCache {
    pub(crate) fn new(
        source: Arc<dyn TokenSource>,
        store: Option<Arc<dyn TokenStore>>,
        key: String,
        audience: String,
    ) -> Arc<Self> {
        Arc::new(Self { source, store, key, audience, state: Mutex::new(State::default()) })
    }

    pub(crate) fn audience(&self) -> &str {
        &self.audience
    }

    /// The token, as long as it is valid. Near its end another one is obtained in the background.
    pub(crate) fn current(self: &Arc<Self>) -> Option<Arc<Token>> {
        let mut state = self.state();
        let token = state.valid()?;
        if token.should_be_renewed() && !state.is_obtaining() && state.recent_failure().is_none() {
            self.start(&mut state);
        }
        Some(token)
    }

    pub(crate) async fn obtain(self: &Arc<Self>) -> Result<Arc<Token>, Error> {
        if let Some(token) = self.current() {
            return Ok(token);
        }
        // The task belongs to the runtime of whoever began; should that be shut down, another one begins.
        for _ in 0..2 {
            let mut obtaining = {
                let mut state = self.state();
                // A token may have arrived since the last check, and no other task obtains one.
                if let Some(token) = state.valid() {
                    return Ok(token);
                }
                match &state.obtaining {
                    Some(obtaining) if state.is_obtaining() => obtaining.clone(),
                    _ => {
                        if let Some(error) = state.recent_failure() {
                            return Err(error);
                        }
                        self.start(&mut state)
                    }
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
        self.failed(&error);
        Err(error)
    }

    /// Obtains a token in a task of its own, so that no waiting call can stall or cancel it for the others.
    fn start(self: &Arc<Self>, state: &mut State) -> watch::Receiver<Obtained> {
        let (sender, receiver) = watch::channel(None);
        let cache = Arc::clone(self);
        spawn(async move {
            let result = Renewal::new(&cache).obtain().await;
            // Every call that waited may have been dropped.
            let _ = sender.send(Some(result));
        });
        state.obtaining = Some(receiver.clone());
        receiver
    }

    pub(super) fn keep(&self, token: Token) -> Arc<Token> {
        let token = Arc::new(token);
        let mut state = self.state();
        state.current = Some(Arc::clone(&token));
        state.failed = None;
        // At the same time: after a rejection no call waits for it.
        state.obtaining = None;
        token
    }

    pub(super) fn failed(&self, error: &Error) {
        let lasting = error.retry_after().unwrap_or(LASTING_FAILURE);
        let pause = if error.is_retryable() { error.retry_after().unwrap_or(PASSING_FAILURE) } else { lasting };
        let until = now().checked_add(pause.min(COOL_DOWN));
        let mut state = self.state();
        state.failed = until.map(|until| (until, error.clone()));
        state.obtaining = None;
    }

    /// Whether a token may be used: another one may be valid still, and it is not the one that was rejected.
    pub(super) fn was_rejected(&self, secret: &SecretString) -> bool {
        self.state().rejected.as_ref().is_some_and(|rejected| rejected.expose_secret() == secret.expose_secret())
    }

    pub(super) fn has_valid_token(&self) -> bool {
        self.state().valid().is_some()
    }

    pub(super) fn uses(&self, secret: &SecretString) -> bool {
        self.state().current.as_ref().is_some_and(|current| current.expose() == secret.expose_secret())
    }

    /// The tenant did not accept the token. Returns whether another one may be tried.
    pub(crate) fn reject(&self, token: &Token) -> bool {
        let mut state = self.state();
        if state.current.as_ref().is_none_or(|current| current.expose() != token.expose()) {
            // Another one took its place already.
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
        telemetry::token_rejected();
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing between two assignments can panic, so that none is half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn valid(&self) -> Option<Arc<Token>> {
        self.current.clone().filter(|token| token.is_valid())
    }

    fn is_obtaining(&self) -> bool {
        // The channel is closed where the task was dropped before its end.
        self.obtaining.as_ref().is_some_and(|obtaining| obtaining.has_changed().is_ok())
    }

    /// The last failure as long as no other token is requested, with the time until one is.
    fn recent_failure(&self) -> Option<Error> {
        let (until, error) = self.failed.as_ref()?;
        let left = until.saturating_duration_since(now());
        (!left.is_zero()).then(|| error.clone().repeated(left))
    }
}
