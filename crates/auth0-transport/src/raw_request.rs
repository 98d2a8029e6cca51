//! Requests to operations that no client wraps.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header::ACCEPT};
use reqwest::RequestBuilder;
use serde::Serialize;

use crate::{Bytes, Error, Idempotency, Operation, Response, Transport};

/// A request to an operation that no client wraps; [`Transport::request`] returns one.
///
/// ```no_run
/// # async fn f(transport: auth0_transport::Transport) -> Result<(), auth0_transport::Error> {
/// use auth0_transport::Method;
///
/// let clients = transport.request(Method::GET, "/clients").query(&[("per_page", "5")]).send().await?;
/// let clients = clients.json::<Vec<serde_json::Value>>()?.into_inner();
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct RawRequest {
    transport: Transport,
    builder: Result<RequestBuilder, Error>,
    operation: Operation,
}

impl RawRequest {
    pub(crate) fn new(transport: Transport, method: Method, path: &str) -> Self {
        let operation = Operation::new("raw_request", Idempotency::of(&method), &[]);
        let builder = if path.starts_with('/') {
            let url = format!("{}{path}", transport.base_url());
            let accept = HeaderValue::from_static("application/json");
            Ok(transport.http_client().request(method, url).header(ACCEPT, accept))
        } else {
            Err(Error::invalid_request(format!("the path {path:?} does not start with a slash")))
        };
        Self { transport, builder, operation }
    }

    /// Adds parameters to the query.
    pub fn query<T: Serialize + ?Sized>(self, query: &T) -> Self {
        self.with(|builder| builder.query(query))
    }

    /// Sends a value as JSON.
    pub fn json<T: Serialize + ?Sized>(self, body: &T) -> Self {
        self.with(|builder| builder.json(body))
    }

    /// Sends a header, in place of one of the same name that the client would send. `authorization` stays what the
    /// credentials say.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.with(|builder| builder.headers(HeaderMap::from_iter([(name, value)])))
    }

    /// Says what is known of the operation: its name for errors and traces, whether it may be repeated, its scopes.
    /// Otherwise the method decides: everything but `POST` may be repeated.
    pub fn operation(mut self, operation: Operation) -> Self {
        self.operation = operation;
        self
    }

    fn with(mut self, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Self {
        self.builder = self.builder.map(change);
        self
    }

    /// Sends it. Every 2xx status is a success.
    ///
    /// # Errors
    ///
    /// As [`Transport::execute`]; [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) also for a path that
    /// leads out of the API.
    pub async fn send(self) -> Result<Response<Bytes>, Error> {
        let Self { transport, builder, operation } = self;
        let request = builder.and_then(|builder| builder.build().map_err(Error::unsendable));
        let request = request.map_err(|error| error.during(&operation))?;
        transport.execute(request, &operation).await
    }
}
