//! The way of a request.

use std::{fmt, sync::Arc};

use http::{HeaderValue, header::AUTHORIZATION};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    Bytes, Error, ErrorKind, Operation, Response, TenantDomain, TransportBuilder, base_url::BaseUrl,
    error_body::ErrorBody,
};

/// Carries requests to a tenant: one token, one pace and one error type for every client that shares it.
///
/// Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
}

struct Shared {
    base: BaseUrl,
    http: reqwest::Client,
    authorization: HeaderValue,
    token: SecretString,
}

impl Transport {
    /// Starts to set up a transport for a tenant.
    pub fn builder(domain: TenantDomain) -> TransportBuilder {
        TransportBuilder::new(domain)
    }

    pub(crate) fn new(base: BaseUrl, http: reqwest::Client, authorization: HeaderValue, token: SecretString) -> Self {
        Self { shared: Arc::new(Shared { base, http, authorization, token }) }
    }

    /// Below which URL operations lie: `https://DOMAIN/api/v2`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.shared.base.api()
    }

    /// The HTTP client, to build requests with. What it sends itself has neither token nor pace.
    #[must_use]
    pub fn http_client(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// Sends a request and reads the answer whole.
    ///
    /// # Errors
    ///
    /// An [`Error`] for everything but a 2xx status.
    pub async fn execute(&self, request: reqwest::Request, operation: &Operation) -> Result<Response<Bytes>, Error> {
        self.attempt(request, operation).await.map_err(|error| error.during(operation))
    }

    async fn attempt(&self, mut request: reqwest::Request, operation: &Operation) -> Result<Response<Bytes>, Error> {
        let shared = &*self.shared;
        if !shared.base.covers(request.url()) {
            return Err(Error::invalid_request(format!("the request does not go to {}", shared.base.api())));
        }
        request.headers_mut().insert(AUTHORIZATION, shared.authorization.clone());
        let network = |error| Error::of_reqwest(ErrorKind::Network, error).after(1);
        let mut answer = shared.http.execute(request).await.map_err(network)?;
        let status = answer.status();
        let headers = std::mem::take(answer.headers_mut());
        let body = answer.bytes().await.map_err(network)?;
        if status.is_success() {
            return Ok(Response::new(status, headers, 1, operation, body));
        }
        let body = ErrorBody::read(&headers, body, Some(shared.token.expose_secret()));
        Err(Error::of_answer(status, body).after(1))
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
