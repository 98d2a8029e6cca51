//! Setting a client up.

use auth0_transport::{Error, SecretString, TransportBuilder};

use crate::Client;

/// Sets a [`Client`] up; [`Client::builder`] starts one.
#[must_use]
pub struct ClientBuilder {
    transport: TransportBuilder,
}

impl ClientBuilder {
    pub(crate) fn new(transport: TransportBuilder) -> Self {
        Self { transport }
    }

    /// Uses this access token for every call.
    pub fn bearer_token(mut self, token: impl Into<SecretString>) -> Self {
        self.transport = self.transport.bearer_token(token);
        self
    }

    /// Calls the API at another origin than `https://DOMAIN`: see [`TransportBuilder::base_url`].
    pub fn base_url(mut self, origin: impl Into<String>) -> Self {
        self.transport = self.transport.base_url(origin);
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidConfiguration`](crate::ErrorKind::InvalidConfiguration), naming what is wrong or missing.
    pub fn build(self) -> Result<Client, Error> {
        self.transport.build().map(Client::new)
    }
}
