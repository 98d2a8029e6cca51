//! Stores of tokens that several clients share.

use std::{
    error::Error as StdError,
    fmt,
    pin::Pin,
    time::{Duration, SystemTime},
};

use secrecy::SecretString;

use super::Life;

/// A token in a store.
#[derive(Clone)]
#[non_exhaustive]
pub struct StoredToken {
    /// The token.
    pub secret: SecretString,
    /// When it expires.
    pub expires_at: SystemTime,
    /// How long it was valid when it was obtained. This decides how early it is renewed.
    pub lifetime: Duration,
    /// The scopes that were granted with it, separated by spaces, if the tenant named them.
    pub scopes: Option<String>,
}

impl StoredToken {
    /// Creates a token that is valid for `lifetime` from now on, at most a century.
    pub fn new(secret: impl Into<SecretString>, lifetime: Duration) -> Self {
        // Clocks cannot count much further.
        let counted = lifetime.min(Duration::from_secs(100 * 365 * 24 * 3600));
        Self::expiring_at(secret, SystemTime::now() + counted, lifetime)
    }

    /// Creates a token that expires at a time, and was valid for `lifetime` when it was obtained.
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

/// The future of the methods of a [`TokenStore`].
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// Stores tokens that several clients or processes share, because tenants meter token requests.
///
/// `key` names the tenant, the identity of the credentials and the audience. It is not secret. An access that fails or takes
/// longer than 5 s is logged, and the client continues without the store.
pub trait TokenStore: Send + Sync {
    /// Returns the last token that was saved, even if it has expired.
    fn load<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<StoredToken>>;

    /// Saves a token.
    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> StoreFuture<'a, ()>;

    /// Returns the right to obtain a token, for at most `time`, or `None` while another process has it. The caller
    /// then reads the store again for 60 s, and after that obtains a token without the right.
    ///
    /// By default, each process has the right.
    fn lease<'a>(&'a self, key: &'a str, time: Duration) -> StoreFuture<'a, Option<Lease>> {
        let _ = (key, time);
        Box::pin(std::future::ready(Ok(Some(Lease::new(|| {})))))
    }
}

/// The right to obtain a token. Dropping it gives the right back.
pub struct Lease(Option<Box<dyn FnOnce() + Send>>);

impl Lease {
    /// Creates a lease that calls `release` when it is dropped.
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
