//! The token: obtained once, used by all, renewed in time.

mod cache;
mod file_store;
mod memory_store;
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
    store::{StoreFuture, StoredToken, TokenStore},
};
use crate::Error;

/// The longest time before its end at which a token is renewed.
const LONGEST_MARGIN: Duration = Duration::from_secs(60);

/// A token in use.
pub(crate) struct Token {
    secret: SecretString,
    header: HeaderValue,
    /// When another one should be obtained: before the end, by a tenth of the lifetime, at most a minute.
    renew_at: Option<Instant>,
}

impl Token {
    /// A token that lives for `lifetime` and has `left` of it, if its end is known.
    pub(crate) fn new(secret: SecretString, life: Option<Life>) -> Result<Self, Error> {
        let mut header = HeaderValue::try_from(format!("Bearer {}", secret.expose_secret()))
            .map_err(|_| Error::invalid_configuration("the token holds characters that no header may"))?;
        header.set_sensitive(true);
        let renew_at = life.and_then(|life| {
            let margin = (life.whole / 10).min(LONGEST_MARGIN);
            Instant::now().checked_add(life.left.saturating_sub(margin))
        });
        Ok(Self { secret, header, renew_at })
    }

    pub(crate) fn header(&self) -> &HeaderValue {
        &self.header
    }

    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    pub(crate) fn is_fresh(&self) -> bool {
        self.renew_at.is_none_or(|renew_at| Instant::now() < renew_at)
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
    pub(crate) fn at_hand(&self) -> Option<Arc<Token>> {
        match self {
            Self::Fixed(token) => Some(Arc::clone(token)),
            Self::Cached(cache) => cache.at_hand(),
        }
    }

    /// Obtains one, together with everybody else who needs it.
    pub(crate) async fn obtain(&self) -> Result<Arc<Token>, Error> {
        match self {
            Self::Fixed(token) => Ok(Arc::clone(token)),
            Self::Cached(cache) => cache.obtain().await,
        }
    }

    /// The tenant did not accept the token. Says whether another one can be had.
    pub(crate) fn reject(&self, token: &Token) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Cached(cache) => {
                cache.reject(token);
                true
            }
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("renew_at", &self.renew_at).finish_non_exhaustive()
    }
}
