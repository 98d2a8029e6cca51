//! The way of a request.

use std::{fmt, sync::Arc};

use http::Method;

use crate::{
    Bytes, CallOptions, Error, Operation, Quota, RawRequest, Response, TenantDomain, TransportBuilder, attempt::Sender,
    call::Way, pacing::Limiter, token::Tokens,
};

/// Carries requests to a tenant: one token, one pace and one error type for every client that shares it.
///
/// Cheap to clone; clones share everything but the options of [`with_options`](Self::with_options). Dropping the future
/// of a call ends everything that it does at once.
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    options: Option<Arc<CallOptions>>,
}

struct Shared {
    sender: Arc<Sender>,
    tokens: Tokens,
    limiter: Limiter,
}

impl Transport {
    /// Starts to set up a transport for a tenant.
    pub fn builder(domain: TenantDomain) -> TransportBuilder {
        TransportBuilder::new(domain)
    }

    pub(crate) fn new(sender: Arc<Sender>, tokens: Tokens, limiter: Limiter) -> Self {
        Self { shared: Arc::new(Shared { sender, tokens, limiter }), options: None }
    }

    /// The same transport, with something different about the calls made through what is returned.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { shared: Arc::clone(&self.shared), options: Some(Arc::new(options)) }
    }

    /// Below which URL operations lie: `https://DOMAIN/api/v2`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.shared.sender.base.api()
    }

    /// The HTTP client, to build requests with. What it sends itself has neither token nor pace.
    #[must_use]
    pub fn http_client(&self) -> &reqwest::Client {
        &self.shared.sender.http
    }

    /// What is left of the tenant's rate limit, as far as this client knows; `None` before the first answer, and if the
    /// server does not say.
    #[must_use]
    pub fn quota(&self) -> Option<Quota> {
        self.shared.limiter.quota()
    }

    /// Starts a request to an operation that no client wraps, with the same credentials, pace and retries.
    ///
    /// `path` is what comes after `/api/v2`, such as `/clients`; parts that come from elsewhere go through
    /// [`encode_segment`](crate::encode_segment) first.
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> RawRequest {
        RawRequest::new(self.clone(), method, path.as_ref())
    }

    /// Sends a request, when it is its turn, and again where that is safe; reads the answer whole.
    ///
    /// # Errors
    ///
    /// An [`Error`] for everything but a 2xx status.
    pub async fn execute(&self, request: reqwest::Request, operation: &Operation) -> Result<Response<Bytes>, Error> {
        let Shared { sender, tokens, limiter } = &*self.shared;
        if !sender.base.covers(request.url()) {
            let error = Error::invalid_request(format!("the request does not go to {}", sender.base.api()));
            return Err(error.during(operation));
        }
        let way = Way { limiter: Some(limiter), tokens: Some(tokens), secret: None };
        sender.call(request, operation, self.options.as_deref(), way).await
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.base_url())
            .field("limiter", &self.shared.limiter)
            .field("options", &self.options.is_some())
            .finish_non_exhaustive()
    }
}
