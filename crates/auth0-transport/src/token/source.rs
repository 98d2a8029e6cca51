//! Where tokens come from.

use std::{error::Error as StdError, fmt, pin::Pin, time::Duration};

use secrecy::SecretString;

/// A token as a source hands it out.
#[derive(Clone)]
pub struct AccessToken {
    pub(crate) secret: SecretString,
    pub(crate) expires_in: Option<Duration>,
    pub(crate) scopes: Option<String>,
}

impl AccessToken {
    /// A token that is used until the tenant refuses it.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self { secret: secret.into(), expires_in: None, scopes: None }
    }

    /// Says how long it is valid from now on; it is renewed a little earlier.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in = Some(lifetime);
        self
    }

    /// Says which scopes were granted with it, separated by spaces; errors name them.
    #[must_use]
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

/// What [`TokenSource::token`] returns.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// Obtains tokens in a way of its own, such as from a vault or from a service that hands them out.
///
/// It is asked when there is no token, when the token is about to expire, and after the tenant did not accept it; once
/// at a time, however many calls wait, and not again within a second after an error. What it returns is kept, so it should
/// not keep it itself.
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
    /// Obtains a token. An error of [`auth0_transport::Error`](crate::Error) keeps its status and message.
    fn token(&self) -> TokenFuture<'_>;

    /// Whose tokens they are, such as a client id; nothing secret. A [`TokenStore`](crate::TokenStore) keeps the tokens of
    /// different identities apart, and therefore needs one.
    fn identity(&self) -> Option<&str> {
        None
    }
}
