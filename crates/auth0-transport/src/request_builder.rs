//! Builds and sends one request.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header::ACCEPT};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Bytes, Error, Idempotency, Operation, Response, Transport, encode_segment};

/// A request: to an operation, from [`Transport::call`], or to any path, from [`Transport::request`].
///
/// ```no_run
/// # async fn f(transport: auth0_transport::Transport) -> Result<(), auth0_transport::Error> {
/// use auth0_transport::{Idempotency, Method, Operation};
/// use serde_json::Value;
///
/// let clients = transport.request(Method::GET, "/clients").query(&[("per_page", "5")]).send_json::<Vec<Value>>().await?;
///
/// static GET_CLIENT: Operation = Operation::new("get_client", Idempotency::Idempotent, &["read:clients"])
///     .at(&Method::GET, "/clients/{id}")
///     .succeeds_with(&[200]);
/// let client = transport.call(&GET_CLIENT).segment("a/b")?.send_json::<Value>().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "the request is not sent"]
pub struct RequestBuilder {
    transport: Transport,
    builder: Result<reqwest::RequestBuilder, Error>,
    operation: Operation,
    /// The path of an operation: the part with its segments, and the rest of the template.
    path: Option<(String, &'static str)>,
}

impl RequestBuilder {
    /// Creates a request to an operation, without the segments of its path.
    pub(crate) fn of_operation(transport: Transport, operation: &Operation) -> Self {
        let route = operation.route.ok_or_else(|| Error::invalid_request("the operation has no path"));
        // The path is set once, when its segments are known.
        let builder = route.map(|route| builder(&transport, route.method.clone(), transport.origin().clone()));
        let path = operation.route.map(|route| split(operation.base_path.to_owned(), route.path));
        Self { transport, builder, operation: *operation, path }
    }

    /// Creates a request to a path, which may have a query.
    pub(crate) fn raw(transport: Transport, method: Method, path: &str) -> Self {
        let operation = Operation::new("raw_request", Idempotency::of(&method), &[]);
        let builder = if path.starts_with('/') {
            Ok(builder(&transport, method, format!("{}{path}", transport.base_url())))
        } else {
            Err(Error::invalid_request(format!("the path {path:?} does not start with a slash")))
        };
        Self { transport, builder, operation, path: None }
    }

    /// Fills in the next segment of the operation's path, encoded by [`encode_segment`].
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for the empty segment, `.` and `..`, and if the
    /// path has no further segment.
    pub fn segment(self, segment: impl AsRef<str>) -> Result<Self, Error> {
        self.fill(encode_segment(segment.as_ref()))
    }

    /// Fills in the next segment with an encoded one.
    pub(crate) fn fill(mut self, segment: Result<String, Error>) -> Result<Self, Error> {
        let fill = |(mut path, rest): (String, &'static str)| {
            let (_, rest) = rest.split_once('}')?;
            Some(segment.map(|segment| {
                path.push_str(&segment);
                split(path, rest)
            }))
        };
        let filled = self.path.take().and_then(fill);
        let filled = filled.unwrap_or_else(|| Err(Error::invalid_request("the path has no further segment")));
        self.path = Some(filled.map_err(|error| error.during(&self.operation))?);
        Ok(self)
    }

    /// Adds parameters to the query.
    pub fn query<T: Serialize + ?Sized>(self, query: &T) -> Self {
        self.with(|builder| builder.query(query))
    }

    /// Sends a value as JSON.
    pub fn json<T: Serialize + ?Sized>(self, body: &T) -> Self {
        self.with(|builder| builder.json(body))
    }

    /// Sets a header, which replaces a header of the client with the same name. `authorization` cannot be replaced.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.with(|builder| builder.headers(HeaderMap::from_iter([(name, value)])))
    }

    /// Sets the operation, with its name for errors and traces, its idempotency and its scopes. By default, the method decides
    /// about retries: all methods except `POST` are idempotent.
    pub fn operation(mut self, operation: Operation) -> Self {
        self.operation = operation;
        self
    }

    pub(crate) fn with(self, change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder) -> Self {
        self.try_with(|builder| Ok(change(builder)))
    }

    pub(crate) fn try_with(
        mut self,
        change: impl FnOnce(reqwest::RequestBuilder) -> Result<reqwest::RequestBuilder, Error>,
    ) -> Self {
        self.builder = self.builder.and_then(change);
        self
    }

    /// Sends the request and returns the body.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Transport::execute`],
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for a path that leaves the API or lacks a segment, and
    /// [`ErrorKind::UnexpectedResponse`](crate::ErrorKind::UnexpectedResponse) for a success status that the operation does
    /// not declare.
    pub async fn send(self) -> Result<Response<Bytes>, Error> {
        let (transport, operation) = (self.transport.clone(), self.operation);
        let request = self.into_request().map_err(|error| error.during(&operation))?;
        let response = transport.execute(request, &operation).await?;
        let success = operation.success;
        if success.is_empty() || success.contains(&response.status().as_u16()) {
            Ok(response)
        } else {
            Err(response.unexpected())
        }
    }

    /// Sends the request and decodes the body as JSON.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`send`](Self::send) and of [`Response::json`].
    pub async fn send_json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.send().await?.json()
    }

    /// Sends the request and ignores the body.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`send`](Self::send).
    pub async fn send_empty(self) -> Result<Response<()>, Error> {
        self.send().await.map(Response::empty)
    }

    fn into_request(self) -> Result<reqwest::Request, Error> {
        let mut request = self.builder?.build().map_err(Error::unsendable)?;
        match self.path {
            None => {}
            Some((path, "")) => request.url_mut().set_path(&path),
            Some((_, rest)) => return Err(Error::invalid_request(format!("the path lacks the segment {rest:?}"))),
        }
        Ok(request)
    }
}

fn builder(transport: &Transport, method: Method, url: impl reqwest::IntoUrl) -> reqwest::RequestBuilder {
    transport.http_client().request(method, url).header(ACCEPT, HeaderValue::from_static("application/json"))
}

/// Adds the template up to its next segment to a path.
fn split(mut path: String, template: &'static str) -> (String, &'static str) {
    let (fixed, rest) = template.split_at(template.find('{').unwrap_or(template.len()));
    path.push_str(fixed);
    (path, rest)
}
