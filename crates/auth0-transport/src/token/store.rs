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
    /// The scopes that were granted with it, separated by spaces, if the tenant said.
    pub scopes: Option<String>,
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
        Self { secret: secret.into(), expires_at, lifetime, scopes: None }
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

/// What the methods of a [`TokenStore`] return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// Keeps tokens beyond one client, so that several clients or processes need not each obtain one: tenants meter them.
///
/// `key` says what the token is for: tenant, identity of the credentials and audience; nothing secret. Each access may take
/// 5 s; one that fails or takes longer is logged, and the client goes on as if it had no store.
pub trait TokenStore: Send + Sync {
    /// The token that was saved last, expired or not.
    fn load<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<StoredToken>>;

    /// Keeps a token.
    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> StoreFuture<'a, ()>;

    /// The right to obtain a token, for `time` at most; `None` while another process has it. The caller
    /// then reads the store again for 60 s, and after that obtains a token without the right.
    ///
    /// A store that does not implement it lets everybody obtain tokens.
    fn lease<'a>(&'a self, key: &'a str, time: Duration) -> StoreFuture<'a, Option<Lease>> {
        let _ = (key, time);
        Box::pin(std::future::ready(Ok(Some(Lease::new(|| {})))))
    }
}

/// The right to obtain a token; given up when it is dropped.
pub struct Lease(Option<Box<dyn FnOnce() + Send>>);

impl Lease {
    /// A lease that calls `release` when it is dropped.
    pub fn new(release: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(release)))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            release();
        }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").finish_non_exhaustive()
    }
}
