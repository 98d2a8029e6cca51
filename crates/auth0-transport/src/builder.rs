//! Setting a transport up.

use http::HeaderValue;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};

use crate::{Error, TenantDomain, Transport, base_url::BaseUrl};

/// Sets a [`Transport`] up; [`Transport::builder`] starts one.
#[must_use]
pub struct TransportBuilder {
    domain: TenantDomain,
    base_url: Option<String>,
    token: Option<SecretString>,
}

impl TransportBuilder {
    pub(crate) fn new(domain: TenantDomain) -> Self {
        Self { domain, base_url: None, token: None }
    }

    /// Calls the API at another origin than `https://DOMAIN`, such as a mock tenant's `http://127.0.0.1:8080`.
    ///
    /// `origin` is what comes before `/api/v2` and `/oauth/token`, which are added to it. `https` may go anywhere,
    /// `http` to `localhost`, `127.0.0.0/8` and `[::1]` only.
    pub fn base_url(mut self, origin: impl Into<String>) -> Self {
        self.base_url = Some(origin.into());
        self
    }

    /// Uses this token for every call.
    pub fn bearer_token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Builds the transport. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidConfiguration`](crate::ErrorKind::InvalidConfiguration), naming what is wrong or missing.
    pub fn build(self) -> Result<Transport, Error> {
        let base = match &self.base_url {
            Some(origin) => BaseUrl::parse(origin)?,
            None => BaseUrl::of(&self.domain)?,
        };
        let token = self.token.ok_or_else(|| Error::invalid_configuration("no credentials were given"))?;
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
            .map_err(|_| Error::invalid_configuration("the token holds characters that no header may"))?;
        authorization.set_sensitive(true);
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .referer(false)
            .user_agent(concat!("auth0-provisioning/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Error::invalid_configuration("no HTTP client").caused_by(error))?;
        Ok(Transport::new(base, http, authorization, token))
    }
}
