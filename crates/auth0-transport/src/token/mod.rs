//! The token that all calls use. It is renewed before it expires.

mod cache;
mod file_store;
mod memory_store;
mod renewal;
mod source;
mod state;
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

/// The longest time before its end in which a token is not used, because requests take time and clocks differ.
const LONGEST_MARGIN: Duration = Duration::from_secs(10);
/// The longest time before that in which it is renewed in the background.
const LONGEST_WINDOW: Duration = Duration::from_secs(600);

/// A token in use.
pub(crate) struct Token {
    secret: SecretString,
    header: HeaderValue,
    scopes: Option<String>,
    /// When the next token is obtained in the background. The time is random, so that processes that started together do not
    /// renew together.
    renew_at: Option<Instant>,
    /// When calls stop using it.
    ends_at: Option<Instant>,
}

impl Token {
    /// Creates a token. `life` is absent if its end is not known.
    pub(crate) fn new(secret: SecretString, scopes: Option<String>, life: Option<Life>) -> Result<Self, Error> {
        if secret.expose_secret().contains(char::is_whitespace) {
            return Err(Error::invalid_configuration(
                "the token contains white space; use the token without a word such as Bearer before it",
            ));
        }
        let mut header = HeaderValue::try_from(format!("Bearer {}", secret.expose_secret())).map_err(|_| {
            Error::invalid_configuration("the token contains characters that are not allowed in a header")
        })?;
        header.set_sensitive(true);
        let before_end = |time: Duration| life.and_then(|life| now().checked_add(life.left.saturating_sub(time)));
        let margin = life.map_or(Duration::ZERO, |life| (life.whole / 10).min(LONGEST_MARGIN));
        let window = life.map_or(Duration::ZERO, |life| (life.whole / 10).min(LONGEST_WINDOW));
        // The last quarter of the window remains for further attempts.
        let renew_at = before_end(margin + window.mul_f64(0.25 + 0.75 * fastrand::f64()));
        Ok(Self { secret, header, scopes, renew_at, ends_at: before_end(margin) })
    }

    pub(crate) fn header(&self) -> &HeaderValue {
        &self.header
    }

    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// Returns the scopes that the tenant granted, separated by spaces, if it named them.
    pub(crate) fn scopes(&self) -> Option<&str> {
        self.scopes.as_deref()
    }

    pub(crate) fn is_valid(&self, now: Instant) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }

    pub(crate) fn should_be_renewed(&self, now: Instant) -> bool {
        self.renew_at.is_some_and(|renew_at| now >= renew_at)
    }
}

/// The whole lifetime of a token, and what is left of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    pub(crate) whole: Duration,
    pub(crate) left: Duration,
}

/// Where the tokens of calls come from.
pub(crate) enum Tokens {
    /// One token, which is not renewed.
    Fixed(Arc<Token>),
    Cached(Arc<TokenCache>),
}

impl Tokens {
    /// Returns the current token if it is valid.
    pub(crate) fn current(&self) -> Option<Arc<Token>> {
        match self {
            Self::Fixed(token) => Some(Arc::clone(token)),
            Self::Cached(cache) => cache.current(),
        }
    }

    /// Obtains a token, with one request for all calls that need it.
    pub(crate) async fn obtain(&self) -> Result<Arc<Token>, Error> {
        match self {
            Self::Fixed(token) => Ok(Arc::clone(token)),
            Self::Cached(cache) => cache.obtain().await,
        }
    }

    /// Records that the tenant rejected the token. Returns whether another token may be used.
    pub(crate) fn reject(&self, token: &Token) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Cached(cache) => cache.reject(token),
        }
    }

    /// Returns what to check after the tenant rejected a token.
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
