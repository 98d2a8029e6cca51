//! Where tokens are kept beyond one client.

use std::{
    error::Error as StdError,
    fmt,
    pin::Pin,
    time::{Duration, SystemTime},
};

use secrecy::SecretString;

use super::Life;

/// A token as a store keeps it.
#[derive(Clone)]
#[non_exhaustive]
pub struct StoredToken {
    /// The token.
    pub secret: SecretString,
    /// When it expires.
    pub expires_at: SystemTime,
    /// How long it was valid from the start; by it is decided how early it is renewed.
    pub lifetime: Duration,
}

impl StoredToken {
    /// A token that is valid for `lifetime` from now on, a century at most.
    pub fn new(secret: impl Into<SecretString>, lifetime: Duration) -> Self {
        // No clock counts to the end of a longer life than that.
        let counted = lifetime.min(Duration::from_secs(100 * 365 * 24 * 3600));
        Self::expiring_at(secret, SystemTime::now() + counted, lifetime)
    }

    /// A token that was valid for `lifetime` when it was obtained, and expires at a time.
    pub fn expiring_at(secret: impl Into<SecretString>, expires_at: SystemTime, lifetime: Duration) -> Self {
        Self { secret: secret.into(), expires_at, lifetime }
    }

    pub(crate) fn life(&self) -> Life {
        let left = self.expires_at.duration_since(SystemTime::now()).unwrap_or_default();
        Life { whole: self.lifetime, left }
    }
}

impl fmt::Debug for StoredToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredToken").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// What a [`TokenStore`] gives back.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// Keeps tokens beyond one client, so that several clients or processes need not each obtain one: tenants meter them.
///
/// `key` says what the token is for: tenant, client and audience, nothing secret.
pub trait TokenStore: Send + Sync {
    /// The token that was saved last, expired or not. An error fails the call.
    fn load<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<StoredToken>>;

    /// Keeps a token. An error is logged; the token is used nevertheless.
    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> StoreFuture<'a, ()>;
}
