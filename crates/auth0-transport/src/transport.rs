//! The transport: what clients send their requests through.

use std::{fmt, sync::Arc};

use http::Method;

use crate::{
    Bytes, CallOptions, Error, ErrorKind, Operation, Quota, RequestBuilder, Response, TenantDomain, Timeouts,
    TransportBuilder,
    admission::Admission,
    attempt::Sender,
    base_url::API_PATH,
    call::{Access, Call},
    outgoing::Outgoing,
    task::Task,
    token::Tokens,
};

/// Sends requests to a tenant: one token, one pace and one error type for every client that shares it.
///
/// Cheap to clone; clones share everything but the options of [`with_options`](Self::with_options).
///
/// Each call is a Tokio task: once its future was polled, it makes progress whether or not it is polled again, so no other
/// call waits for it. Dropping the future ends the call.
///
/// Use a transport within one Tokio runtime. Connections, the request for a token and the queue live in the runtime of the
/// call that began them: calls of another runtime wait for them as long as the first one does not run. With several
/// runtimes, build a transport in each; a token store lets them share the token, and [`share`](TransportBuilder::share) the
/// limit.
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    options: Option<Arc<CallOptions>>,
}

struct Shared {
    sender: Arc<Sender>,
    tokens: Tokens,
    admission: Admission,
}

impl Transport {
    /// Returns a builder of a transport for a tenant.
    pub fn builder(domain: TenantDomain) -> TransportBuilder {
        TransportBuilder::new(domain)
    }

    pub(crate) fn new(sender: Arc<Sender>, tokens: Tokens, admission: Admission) -> Self {
        Self { shared: Arc::new(Shared { sender, tokens, admission }), options: None }
    }

    /// The same transport with other options for the calls made through the returned one. Options that are not set stay as
    /// they are; headers are added to those that are set already.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        let options = match &self.options {
            Some(present) => options.over(present),
            None => options,
        };
        Self { shared: Arc::clone(&self.shared), options: Some(Arc::new(options)) }
    }

    /// The URL that paths of operations are appended to: `https://DOMAIN/api/v2`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.shared.sender.base.api()
    }

    /// The URL of a path below the base URL, whose segments are encoded: see [`encode_segment`](crate::encode_segment).
    ///
    /// Cheaper than parsing the whole of it.
    ///
    /// ```
    /// # use auth0_transport::Transport;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let transport = Transport::builder("acme.eu.auth0.com".parse()?).bearer_token("token").build()?;
    /// let url = transport.url("/clients/a%2Fb");
    /// assert_eq!(url.as_str(), "https://acme.eu.auth0.com/api/v2/clients/a%2Fb");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn url(&self, path: &str) -> reqwest::Url {
        self.shared.sender.base.below(API_PATH, path)
    }

    /// The URL of a path below the base path of an operation, whose segments are encoded as for [`url`](Self::url).
    ///
    /// ```
    /// # use auth0_transport::{Idempotency, Operation, Transport};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// const GET_FACTORS: Operation = Operation::new("get_factors", Idempotency::Idempotent, &[]).below("/me/v1");
    ///
    /// let transport = Transport::builder("acme.eu.auth0.com".parse()?).bearer_token("token").build()?;
    /// let url = transport.operation_url(&GET_FACTORS, "/factors");
    /// assert_eq!(url.as_str(), "https://acme.eu.auth0.com/me/v1/factors");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn operation_url(&self, operation: &Operation, path: &str) -> reqwest::Url {
        self.shared.sender.base.below(operation.base_path, path)
    }

    /// How long calls and workflows may take.
    #[must_use]
    pub fn timeouts(&self) -> &Timeouts {
        &self.shared.sender.timeouts
    }

    /// The HTTP client, to build requests with. What it sends itself has no token and is not paced.
    #[must_use]
    pub fn http_client(&self) -> &reqwest::Client {
        &self.shared.sender.http
    }

    /// What is left of the tenant's general rate limit, as far as this client knows; `None` before the first answer, and if
    /// the server does not say.
    #[must_use]
    pub fn quota(&self) -> Option<Quota> {
        self.shared.admission.quota()
    }

    /// Obtains a token now, if there is none, and returns the scopes that the tenant granted with it; `None` if it did not
    /// say.
    ///
    /// # Errors
    ///
    /// As for every call that needs a token.
    pub async fn granted_scopes(&self) -> Result<Option<Vec<String>>, Error> {
        let shared = Arc::clone(&self.shared);
        let token = spawn(async move { shared.tokens.obtain().await }).await?;
        Ok(token.scopes().map(|scopes| scopes.split_whitespace().map(str::to_owned).collect()))
    }

    /// Returns a request to an operation that has a [route](Operation::at).
    pub fn call(&self, operation: &Operation) -> RequestBuilder {
        RequestBuilder::of_operation(self.clone(), operation)
    }

    /// Returns a request to a path that no client wraps, with the same credentials, pace and retries.
    ///
    /// `path` is what comes after `/api/v2`, such as `/clients`; parts that come from elsewhere go through
    /// [`encode_segment`](crate::encode_segment) first.
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder::raw(self.clone(), method, path.as_ref())
    }

    /// Sends a request as soon as the rate limit allows it, and again where that is safe; reads the answer whole.
    ///
    /// # Errors
    ///
    /// An [`Error`] for everything but a 2xx status.
    pub async fn execute(&self, request: reqwest::Request, operation: &Operation) -> Result<Response<Bytes>, Error> {
        let base = &self.shared.sender.base;
        if !base.covers(operation.base_path, request.url()) {
            let place = base.below(operation.base_path, "");
            let error = Error::invalid_request(format!("the request does not go to {place}"));
            return Err(error.during(operation));
        }
        let (this, operation) = (self.clone(), *operation);
        // In a box: the future is large, and a task is moved before it runs.
        spawn(Box::pin(async move { this.calling(&operation).run(Outgoing::api(request)).await })).await
    }

    fn calling<'a>(&'a self, operation: &'a Operation) -> Call<'a> {
        let Shared { sender, tokens, admission } = &*self.shared;
        let access = Some(Access { admission, tokens });
        Call { sender, operation, options: self.options.as_deref(), access }
    }
}

/// Runs a call as a task.
async fn spawn<T: Send + 'static>(call: impl Future<Output = Result<T, Error>> + Send + 'static) -> Result<T, Error> {
    match Task::spawn(call).await {
        Err(stopped) if !stopped.is_panic() => {
            Err(Error::new(ErrorKind::Network).detail("the runtime that sent the request was shut down"))
        }
        ended => Task::output(ended),
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.base_url())
            .field("quota", &self.quota())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
