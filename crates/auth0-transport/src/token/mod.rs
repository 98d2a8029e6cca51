//! The token: obtained once, used by all calls, renewed in time.

mod cache;
mod file_store;
mod memory_store;
mod renewal;
mod source;
mod store;

use std::{fmt, sync::Arc, time::Duration};

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

pub(crate) use self::cache::TokenCache;
pub use self::{
    file_store::FileTokenStore,
    memory_store::MemoryTokenStore,
    source::{AccessToken, TokenFuture, TokenSource},
    store::{Lease, StoreFuture, StoredToken, TokenStore},
};
use crate::{Error, concurrency::now};

/// How long before its end a token is not used any more, at most: for the way, and for clocks that differ.
const LONGEST_MARGIN: Duration = Duration::from_secs(10);
/// The time before that in which it is renewed in the background, at most.
const LONGEST_WINDOW: Duration = Duration::from_secs(600);

/// A token in use.
pub(crate) struct Token {
    secret: SecretString,
    header: HeaderValue,
    scopes: Option<String>,
    /// From when on another one is obtained while this one is used: somewhere in the window, so that processes that share
    /// a beginning do not share this instant.
    renew_at: Option<Instant>,
    /// From when on it is not used.
    ends_at: Option<Instant>,
}

impl Token {
    /// A token that lives for `lifetime` and has `left` of it, if its end is known.
    pub(crate) fn new(secret: SecretString, scopes: Option<String>, life: Option<Life>) -> Result<Self, Error> {
        if secret.expose_secret().contains(char::is_whitespace) {
            return Err(Error::invalid_configuration(
                "the token holds white space; give the token alone, without a word such as Bearer in front",
            ));
        }
        let mut header = HeaderValue::try_from(format!("Bearer {}", secret.expose_secret()))
            .map_err(|_| Error::invalid_configuration("the token holds characters that no header may"))?;
        header.set_sensitive(true);
        let before_end = |time: Duration| life.and_then(|life| now().checked_add(life.left.saturating_sub(time)));
        let margin = life.map_or(Duration::ZERO, |life| (life.whole / 10).min(LONGEST_MARGIN));
        let window = life.map_or(Duration::ZERO, |life| (life.whole / 10).min(LONGEST_WINDOW));
        // The last quarter is left for further attempts.
        let renew_at = before_end(margin + window.mul_f64(0.25 + 0.75 * fastrand::f64()));
        Ok(Self { secret, header, scopes, renew_at, ends_at: before_end(margin) })
    }

    pub(crate) fn header(&self) -> &HeaderValue {
        &self.header
    }

    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// What the tenant granted, separated by spaces, if it said.
    pub(crate) fn scopes(&self) -> Option<&str> {
        self.scopes.as_deref()
    }

    pub(crate) fn is_valid(&self) -> bool {
        self.ends_at.is_none_or(|end| now() < end)
    }

    pub(crate) fn should_be_renewed(&self) -> bool {
        self.renew_at.is_some_and(|renew_at| now() >= renew_at)
    }
}

/// How long a token lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    pub(crate) whole: Duration,
    pub(crate) left: Duration,
}

/// Where a call's token comes from.
pub(crate) enum Tokens {
    /// Given once and for all.
    Fixed(Arc<Token>),
    Cached(Arc<TokenCache>),
}

impl Tokens {
    /// The token in use, if it is still good.
    pub(crate) fn current(&self) -> Option<Arc<Token>> {
        match self {
            Self::Fixed(token) => Some(Arc::clone(token)),
            Self::Cached(cache) => cache.current(),
        }
    }

    /// Obtains one, together with everybody else who needs it.
    pub(crate) async fn obtain(&self) -> Result<Arc<Token>, Error> {
        match self {
            Self::Fixed(token) => Ok(Arc::clone(token)),
            Self::Cached(cache) => cache.obtain().await,
        }
    }

    /// The tenant did not accept the token. Returns whether another one may be tried.
    pub(crate) fn reject(&self, token: &Token) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Cached(cache) => cache.reject(token),
        }
    }

    /// What to check when the tenant does not accept a token.
    pub(crate) fn describe(&self, token: &Token) -> String {
        let audience = match self {
            Self::Fixed(_) => String::new(),
            Self::Cached(cache) => format!(" for the audience {}", cache.audience()),
        };
        let scopes = token.scopes().map_or_else(String::new, |scopes| format!(" with the scopes {scopes:?}"));
        format!(
            "the tenant does not accept the token{audience}{scopes}; check that domain, audience and credentials belong \
             together"
        )
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("renew_at", &self.renew_at).finish_non_exhaustive()
    }
}
