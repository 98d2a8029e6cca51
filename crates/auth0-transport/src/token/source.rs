//! Sources of tokens.

use std::{error::Error as StdError, fmt, pin::Pin, time::Duration};

use secrecy::SecretString;

/// A token from a source.
#[derive(Clone)]
#[must_use]
pub struct AccessToken {
    pub(crate) secret: SecretString,
    pub(crate) expires_in: Option<Duration>,
    pub(crate) scopes: Option<String>,
}

impl AccessToken {
    /// Creates a token that is used until the tenant rejects it.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self { secret: secret.into(), expires_in: None, scopes: None }
    }

    /// Sets how long it is valid from now on. It is renewed a little earlier.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in = Some(lifetime);
        self
    }

    /// Sets the scopes that were granted with it, separated by spaces. Errors name them.
    pub fn scopes(mut self, scopes: impl Into<String>) -> Self {
        self.scopes = Some(scopes.into());
        self
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// The future of [`TokenSource::token`].
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// Obtains tokens, for example from a vault or another service.
///
/// The transport calls it if there is no token, before the token expires, and after the tenant rejected the token. It calls
/// it once for all waiting calls, and after an error not within the next second. The transport caches the token, so the
/// source should not.
///
/// ```
/// use std::time::Duration;
/// use auth0_transport::{AccessToken, TokenFuture, TokenSource};
///
/// struct Vault;
///
/// impl TokenSource for Vault {
///     fn token(&self) -> TokenFuture<'_> {
///         Box::pin(async { Ok(AccessToken::new("from the vault").expires_in(Duration::from_secs(3600))) })
///     }
/// }
/// ```
pub trait TokenSource: Send + Sync {
    /// Obtains a token. An [`auth0_transport::Error`](crate::Error) keeps its status and message.
    fn token(&self) -> TokenFuture<'_>;

    /// Returns the identity that the tokens belong to, such as a client id. It must not be secret. A
    /// [`TokenStore`](crate::TokenStore) separates tokens by it, and therefore needs one.
    fn identity(&self) -> Option<&str> {
        None
    }
}
