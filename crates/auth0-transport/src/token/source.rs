//! Where tokens come from.

use std::{error::Error as StdError, fmt, pin::Pin, time::Duration};

use secrecy::SecretString;

/// A token as a source hands it out.
#[derive(Clone)]
pub struct AccessToken {
    pub(crate) secret: SecretString,
    pub(crate) expires_in: Option<Duration>,
}

impl AccessToken {
    /// A token that is used until the tenant refuses it.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self { secret: secret.into(), expires_in: None }
    }

    /// Says how long it is valid from now on; it is renewed a little earlier.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in = Some(lifetime);
        self
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// What [`TokenSource::token`] gives back.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// An own way to obtain tokens, such as a vault or a service that hands them out.
///
/// It is asked when there is no token, when the token is about to expire, and after the tenant did not accept it; once
/// at a time, however many calls wait. What it returns is kept, so it should not keep it itself.
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
}
