//! Configuration of a transport.

use std::{fmt, sync::Arc};

use reqwest::redirect::Policy;
use secrecy::SecretString;

use crate::{
    Credentials, Error, Hook, Pacing, RateLimiter, RetryPolicy, TenantDomain, Timeouts, TokenSource, TokenStore,
    Transport,
    admission::Admission,
    attempt::Sender,
    base_url::{BaseUrl, without_user_info},
    client_info::ClientInfo,
    credentials::{Grant, Kind},
    environment,
    pacing::Limiter,
    proxy::Proxy,
    retry::Budget,
    token::{Token, TokenCache, Tokens},
};

/// The default of the longest body that is read: 16 MiB.
const LONGEST_BODY: usize = 16 << 20;

type Configure = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// Configures a [`Transport`]. [`Transport::builder`] creates it.
///
/// ```
/// use std::time::Duration;
/// use auth0_transport::{Credentials, Timeouts, Transport};
///
/// let transport = Transport::builder("acme.eu.auth0.com".parse()?)
///     .credentials(Credentials::client_secret("client id", "client secret"))
///     .timeouts(Timeouts::default().attempt(Duration::from_secs(10)))
///     .build()?;
/// assert_eq!(transport.base_url(), "https://acme.eu.auth0.com/api/v2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct TransportBuilder {
    domain: TenantDomain,
    base_url: Option<String>,
    credentials: Option<Credentials>,
    audience: Option<String>,
    store: Option<Arc<dyn TokenStore>>,
    pacing: Pacing,
    share: f64,
    limiter: Option<Arc<dyn RateLimiter>>,
    max_in_flight: Option<usize>,
    max_waiting: Option<usize>,
    retry: RetryPolicy,
    timeouts: Timeouts,
    longest_body: usize,
    info: ClientInfo,
    send_client_info: bool,
    hooks: Vec<Arc<dyn Hook>>,
    http: Option<reqwest::Client>,
    configure: Vec<Configure>,
}

impl TransportBuilder {
    pub(crate) fn new(domain: TenantDomain) -> Self {
        Self {
            domain,
            base_url: None,
            credentials: None,
            audience: None,
            store: None,
            pacing: Pacing::default(),
            share: 1.0,
            limiter: None,
            max_in_flight: None,
            max_waiting: None,
            retry: RetryPolicy::default(),
            timeouts: Timeouts::default(),
            longest_body: LONGEST_BODY,
            info: ClientInfo::default(),
            send_client_info: true,
            hooks: Vec::new(),
            http: None,
            configure: Vec::new(),
        }
    }

    /// Reads domain and credentials from environment variables with the names of Auth0's own tools. The domain is
    /// `AUTH0_DOMAIN`. The credentials are the first of:
    ///
    /// 1. `AUTH0_API_TOKEN`
    /// 2. `AUTH0_CLIENT_ID` and `AUTH0_CLIENT_ASSERTION_PRIVATE_KEY` in PEM form. `AUTH0_CLIENT_ASSERTION_SIGNING_ALG`
    ///    defaults to `RS256`.
    /// 3. `AUTH0_CLIENT_ID` and `AUTH0_CLIENT_SECRET`
    ///
    /// `AUTH0_AUDIENCE` is optional. So is `AUTH0_BASE_URL`, for example the origin of a mock tenant.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidConfiguration`](crate::ErrorKind::InvalidConfiguration), which names the missing variable.
    pub fn from_env() -> Result<Self, Error> {
        environment::builder(|name| std::env::var(name).ok())
    }

    /// Returns the tenant's domain.
    pub fn domain(&self) -> &TenantDomain {
        &self.domain
    }

    /// Sets the origin of the API, such as `http://127.0.0.1:8080` for a mock tenant. Defaults to `https://DOMAIN`.
    ///
    /// `/api/v2` and `/oauth/token` are added to it. `http` is only allowed for `localhost`, `127.0.0.0/8` and `[::1]`.
    pub fn base_url(mut self, origin: impl Into<String>) -> Self {
        self.base_url = Some(origin.into());
        self
    }

    /// Sets the credentials.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Uses one token for all calls, as [`Credentials::bearer`] does.
    pub fn bearer_token(self, token: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::bearer(token))
    }

    /// Obtains tokens for an application, as [`Credentials::client_secret`] does.
    pub fn client_credentials(self, client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::client_secret(client_id, client_secret))
    }

    /// Sets the audience of the token. Defaults to `https://DOMAIN/api/v2/`. A tenant with a custom domain needs the audience
    /// of its original domain.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Shares the token with other clients and processes. By default, only clones of the transport share it.
    pub fn token_store(mut self, store: impl TokenStore + 'static) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Sets how requests are paced. Defaults to [`Pacing::Adaptive`].
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// Sets the part of the tenant's rate limit that is used, above 0 and at most 1, which is the default. It applies to the
    /// bucket and to the refill rate. The rest is left to sign-ins, consoles and other clients. Only [`Pacing::Adaptive`]
    /// uses it.
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// Sets a rate limiter, for example one that several processes share. It replaces [`pacing`](Self::pacing) and
    /// [`share`](Self::share).
    pub fn rate_limiter(mut self, limiter: impl RateLimiter + 'static) -> Self {
        self.limiter = Some(Arc::new(limiter));
        self
    }

    /// Sets the maximum number of requests in flight, at least 1. Defaults to no limit.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = Some(requests);
        self
    }

    /// Sets the maximum number of calls that wait for a permit, at least 1. Defaults to no limit. Further calls fail at once
    /// with [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited).
    pub fn max_waiting(mut self, calls: usize) -> Self {
        self.max_waiting = Some(calls);
        self
    }

    /// Sets when and how a request is retried.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the time limits.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets the maximum number of bytes of a body. Defaults to 16 MiB.
    pub fn longest_body(mut self, bytes: usize) -> Self {
        self.longest_body = bytes;
        self
    }

    /// Sets the name and version of the calling program, for the `user-agent` and `Auth0-Client` headers.
    pub fn client_name(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.info = ClientInfo { name: name.into(), version: version.into() };
        self
    }

    /// Sets whether the `Auth0-Client` header is sent, with the name and version of the client, the operating system and the
    /// architecture. Defaults to true.
    pub fn send_client_info(mut self, send: bool) -> Self {
        self.send_client_info = send;
        self
    }

    /// Adds a hook. Hooks are called in the order in which they were added.
    pub fn hook(mut self, hook: impl Hook + 'static) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// Configures the HTTP client: proxies, root certificates, a client certificate, and so on.
    ///
    /// Redirects and the connect timeout, which is that of [`timeouts`](Self::timeouts), cannot be changed here. Proxies default
    /// to those of the system. Requests to loopback never use a proxy.
    pub fn configure_http(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.configure.push(Box::new(configure));
        self
    }

    /// Uses an HTTP client without changes, for tenants with TLS.
    ///
    /// It has its own connect timeout and should not follow redirects, because a response of another URL is an error.
    /// [`configure_http`](Self::configure_http) then has no effect. Requests to loopback do not use this client, because its
    /// proxy could read them.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Builds the transport. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidConfiguration`](crate::ErrorKind::InvalidConfiguration), which names the wrong or missing
    /// setting.
    pub fn build(mut self) -> Result<Transport, Error> {
        let base = match &self.base_url {
            Some(origin) => BaseUrl::parse(origin)?,
            None => BaseUrl::of(&self.domain)?,
        };
        self.check_pacing()?;
        let credentials = self.credentials.take().filter(|given| !given.are_empty()).ok_or_else(|| {
            Error::invalid_configuration(
                "no credentials are set: set a bearer token, a client id and secret, a private key, or a token source",
            )
        })?;
        let proxy = self.proxy(&base);
        let sender = Arc::new(Sender {
            http: self.http(&base)?,
            proxy,
            base,
            user_agent: self.info.user_agent()?,
            auth0_client: self.send_client_info.then(|| self.info.auth0_client()).transpose()?,
            hooks: std::mem::take(&mut self.hooks),
            timeouts: self.timeouts,
            budget: Budget::new(self.retry.budget),
            retry: self.retry.clone(),
            longest_body: self.longest_body,
        });
        let tokens = self.tokens(credentials, &sender)?;
        Ok(Transport::new(sender, tokens, self.admission()))
    }

    fn check_pacing(&self) -> Result<(), Error> {
        match self.pacing {
            Pacing::Fixed { per_second, burst } if !(per_second.is_finite() && per_second > 0.0) || burst == 0 => {
                Err(Error::invalid_configuration("a fixed rate must be above 0 per second, and its burst at least 1"))
            }
            _ if !(self.share > 0.0 && self.share <= 1.0) => {
                Err(Error::invalid_configuration("a share of the rate limit must be above 0 and at most 1"))
            }
            _ => Ok(()),
        }
    }

    fn admission(&mut self) -> Admission {
        let waits_after_429 = self.limiter.is_some() || self.pacing != Pacing::Off;
        let limiter = self.limiter.take().unwrap_or_else(|| Arc::new(Limiter::new(self.pacing, self.share)));
        Admission::new(limiter, waits_after_429, self.max_in_flight, self.max_waiting)
    }

    fn proxy(&self, base: &BaseUrl) -> Proxy {
        match (base.is_loopback(), self.http.is_none() && self.configure.is_empty()) {
            (true, _) => Proxy::None,
            (false, true) => Proxy::of_system(base),
            (false, false) => Proxy::Unknown,
        }
    }

    fn http(&mut self, base: &BaseUrl) -> Result<reqwest::Client, Error> {
        let loopback = base.is_loopback();
        if let Some(client) = self.http.take().filter(|_| !loopback) {
            return Ok(client);
        }
        let configured = self.configure.drain(..).fold(reqwest::Client::builder(), |http, configure| configure(http));
        let direct = if loopback { configured.no_proxy() } else { configured };
        // Without TLS, the certificates of the system are not needed, and reading them is slow.
        #[cfg(feature = "rustls")]
        let direct = if base.is_plain() { direct.tls_certs_only([]) } else { direct };
        direct
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(self.timeouts.connect)
            .build()
            .map_err(|error| Error::invalid_configuration("cannot configure the HTTP client").caused_by(error))
    }

    fn tokens(&mut self, credentials: Credentials, sender: &Arc<Sender>) -> Result<Tokens, Error> {
        let audience = self.audience.take().unwrap_or_else(|| format!("https://{}/api/v2/", self.domain));
        let source: Arc<dyn TokenSource> = match credentials.0 {
            Kind::Bearer(secret) => return Ok(Tokens::Fixed(Arc::new(Token::new(secret, None, None)?))),
            Kind::Client { id, proof } => {
                let issuer = format!("https://{}/", self.domain);
                Arc::new(Grant { sender: Arc::clone(sender), client_id: id, proof, audience: audience.clone(), issuer })
            }
            Kind::Source(source) => source,
        };
        if self.store.is_some() && source.identity().is_none() {
            return Err(Error::invalid_configuration(
                "a token store needs the identity of the token source: implement TokenSource::identity",
            ));
        }
        let identity = source.identity().unwrap_or_default();
        let key = format!("{} {identity} {audience}", sender.base.token_endpoint());
        Ok(Tokens::Cached(TokenCache::new(source, self.store.take(), key, audience)))
    }
}

/// Omits secrets.
impl fmt::Debug for TransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportBuilder")
            .field("domain", &self.domain)
            .field("base_url", &self.base_url.as_deref().map(without_user_info))
            .field("credentials", &self.credentials)
            .field("audience", &self.audience)
            .field("pacing", &self.pacing)
            .field("share", &self.share)
            .field("retry", &self.retry)
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}
