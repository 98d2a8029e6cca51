//! The builder of a client.

use auth0_transport::{
    Credentials, Error, Hook, Pacing, RetryPolicy, SecretString, Timeouts, TokenStore, TransportBuilder, reqwest,
};

use crate::Client;

/// Builds a [`Client`]: from [`Client::builder`] or [`from_env`](Self::from_env).
#[must_use]
pub struct ClientBuilder {
    transport: TransportBuilder,
}

impl ClientBuilder {
    pub(crate) fn new(transport: TransportBuilder) -> Self {
        Self { transport }
    }

    /// Returns a builder with domain and credentials from the environment variables of Auth0's own tools:
    /// `AUTH0_DOMAIN`; then `AUTH0_API_TOKEN`, or `AUTH0_CLIENT_ID` with `AUTH0_CLIENT_ASSERTION_PRIVATE_KEY`, or
    /// `AUTH0_CLIENT_ID` with `AUTH0_CLIENT_SECRET`. See [`TransportBuilder::from_env`]. `AUTH0_BASE_URL`, which is this
    /// crate's own, sets the [`base_url`](Self::base_url), for example that of a mock tenant. With the feature `redis`,
    /// `AUTH0_PROVISIONING_REDIS` and the variables beside it let machines share token and rate limit: see
    /// `redis::Sharing::from_env`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidConfiguration`](crate::ErrorKind::InvalidConfiguration), naming what is missing.
    pub fn from_env() -> Result<Self, Error> {
        let builder = TransportBuilder::from_env().map(Self::new)?;
        #[cfg(feature = "redis")]
        let builder = builder.shared_by_env()?;
        Ok(builder)
    }

    /// Shares token and rate limit with all machines that the environment names the same Redis for; does nothing where it
    /// names none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidConfiguration`](crate::ErrorKind::InvalidConfiguration), naming the variable.
    #[cfg(feature = "redis")]
    pub fn shared_by_env(self) -> Result<Self, Error> {
        match crate::redis::Sharing::from_env() {
            Ok(None) => Ok(self),
            Ok(Some(sharing)) => Ok(self.shared(sharing)),
            Err(error) => Err(Error::invalid_configuration(error.to_string())),
        }
    }

    /// Shares token and rate limit with all machines of the same Redis and tenant.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth0_provisioning::{Client, redis::{Budget, EncryptionKey, Redis, Sharing}};
    ///
    /// let key = EncryptionKey::from_base64(&std::env::var("TOKEN_KEY")?)?;
    /// let sharing = Sharing::new(Redis::open("rediss://redis.internal")?, key, Budget::new(50, 16.0));
    /// let client = Client::builder("acme.eu.auth0.com")?.client_credentials("id", "secret").shared(sharing).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "redis")]
    pub fn shared(self, sharing: crate::redis::Sharing) -> Self {
        self.transport(|transport| sharing.applied_to(transport))
    }

    /// Uses this access token for every call.
    pub fn bearer_token(self, token: impl Into<SecretString>) -> Self {
        self.transport(|transport| transport.bearer_token(token))
    }

    /// Obtains tokens for a machine-to-machine application, and renews them before they expire.
    pub fn client_credentials(self, client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> Self {
        self.transport(|transport| transport.client_credentials(client_id, client_secret))
    }

    /// Any kind of credentials.
    pub fn credentials(self, credentials: Credentials) -> Self {
        self.transport(|transport| transport.credentials(credentials))
    }

    /// The audience of the token. Defaults to `https://DOMAIN/api/v2/`: see [`TransportBuilder::audience`].
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.transport(|transport| transport.audience(audience))
    }

    /// Shares the token with other clients and processes.
    pub fn token_store(self, store: impl TokenStore + 'static) -> Self {
        self.transport(|transport| transport.token_store(store))
    }

    /// The origin of the API. Defaults to `https://DOMAIN`: see [`TransportBuilder::base_url`].
    pub fn base_url(self, origin: impl Into<String>) -> Self {
        self.transport(|transport| transport.base_url(origin))
    }

    /// How the client stays under the tenant's rate limit.
    pub fn pacing(self, pacing: Pacing) -> Self {
        self.transport(|transport| transport.pacing(pacing))
    }

    /// Which requests are retried, how often and when.
    pub fn retry(self, retry: RetryPolicy) -> Self {
        self.transport(|transport| transport.retry(retry))
    }

    /// The timeouts of calls and attempts.
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        self.transport(|transport| transport.timeouts(timeouts))
    }

    /// Name and version of the calling program, for the `user-agent` and `Auth0-Client` headers.
    pub fn client_name(self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.transport(|transport| transport.client_name(name, version))
    }

    /// Whether the `Auth0-Client` header is sent. Defaults to `true`.
    pub fn send_client_info(self, send: bool) -> Self {
        self.transport(|transport| transport.send_client_info(send))
    }

    /// Adds a hook, which sees every attempt: see [`TransportBuilder::hook`].
    pub fn hook(self, hook: impl Hook + 'static) -> Self {
        self.transport(|transport| transport.hook(hook))
    }

    /// Configures the HTTP client, such as its proxies: see [`TransportBuilder::configure_http`].
    pub fn configure_http(
        self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.transport(|transport| transport.configure_http(configure))
    }

    /// Sets other options of the transport, for example an HTTP client of your own.
    pub fn transport(self, set: impl FnOnce(TransportBuilder) -> TransportBuilder) -> Self {
        Self { transport: set(self.transport) }
    }

    /// Builds the client. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidConfiguration`](crate::ErrorKind::InvalidConfiguration), which names what is wrong or missing.
    pub fn build(self) -> Result<Client, Error> {
        self.transport.build().map(Client::new)
    }
}
