//! The transport, which sends the requests of clients.

use std::{fmt, sync::Arc};

use http::Method;

use crate::{
    Bytes, CallOptions, Error, ErrorKind, Operation, Quota, RequestBuilder, Response, TenantDomain, Timeouts,
    TransportBuilder,
    admission::Admission,
    attempt::Sender,
    call::{Access, Call},
    outgoing::Outgoing,
    task::Task,
    token::Tokens,
};

/// Sends requests to a tenant, with one token, one rate limit and one error type for all clients that share it.
///
/// Clones are cheap. They share everything except the options of [`with_options`](Self::with_options).
///
/// Each call is a Tokio task. After the first poll of its future, it continues without further polls, so that no other call
/// waits for it. Dropping the future ends the call.
///
/// Use a transport in one Tokio runtime. Its connections, token requests and queues run on the runtime of the call that
/// started them, and calls of other runtimes wait while that runtime does not run. Programs with several runtimes need one
/// transport for each. They can share the token with a token store, and the limit with [`share`](TransportBuilder::share).
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

    /// Returns a transport with options for its calls. Options that are not set keep their present value. Headers are added to
    /// the present ones.
    pub fn with_options(&self, options: CallOptions) -> Self {
        let options = match &self.options {
            Some(present) => options.over(present),
            None => options,
        };
        Self { shared: Arc::clone(&self.shared), options: Some(Arc::new(options)) }
    }

    /// Returns the URL that paths are appended to: `https://DOMAIN/api/v2`, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.shared.sender.base.api()
    }

    pub(crate) fn origin(&self) -> &reqwest::Url {
        self.shared.sender.base.origin()
    }

    /// Returns the time limits of calls and workflows.
    pub fn timeouts(&self) -> &Timeouts {
        &self.shared.sender.timeouts
    }

    /// Returns the HTTP client, to build requests. Requests that it sends itself have no token and are not paced.
    pub fn http_client(&self) -> &reqwest::Client {
        &self.shared.sender.http
    }

    /// Returns what is left of the tenant's general rate limit, as far as this client knows it. Returns `None` before the first
    /// response with rate limit headers.
    pub fn quota(&self) -> Option<Quota> {
        self.shared.admission.quota()
    }

    /// Obtains a token if there is none. Returns the scopes that the tenant granted with it, or `None` if it did not name
    /// them.
    ///
    /// # Errors
    ///
    /// Fails if no token can be obtained.
    pub async fn granted_scopes(&self) -> Result<Option<Vec<String>>, Error> {
        let shared = Arc::clone(&self.shared);
        let token = spawn(async move { shared.tokens.obtain().await }).await?;
        Ok(token.scopes().map(|scopes| scopes.split_whitespace().map(str::to_owned).collect()))
    }

    /// Creates a request to an operation that has a [route](Operation::at).
    pub fn call(&self, operation: &Operation) -> RequestBuilder {
        RequestBuilder::of_operation(self.clone(), operation)
    }

    /// Creates a request to any path of the API, with the same credentials, rate limit and retries.
    ///
    /// `path` is the path below `/api/v2`, such as `/clients`. Encode values in it with
    /// [`encode_segment`](crate::encode_segment).
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder::raw(self.clone(), method, path.as_ref())
    }

    /// Sends a request as soon as the rate limit allows it, retries it if that is safe, and reads the whole response.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`] unless the status is 2xx.
    pub async fn execute(&self, request: reqwest::Request, operation: &Operation) -> Result<Response<Bytes>, Error> {
        let base = &self.shared.sender.base;
        if !base.covers(operation.base_path, request.url()) {
            let place = base.below(operation.base_path, "");
            let error = Error::invalid_request(format!("the request does not go to {place}"));
            return Err(error.during(operation));
        }
        let (this, operation) = (self.clone(), *operation);
        // Boxed, because the future is large and a task is moved before it runs.
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
        result => Task::output(result),
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
