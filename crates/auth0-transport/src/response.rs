//! A successful response.

use std::{fmt, ops::Deref};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::{Error, ErrorKind, Operation, error_body::ErrorBody, json_path::path_at};

/// A successful response: its value, status and headers.
///
/// It dereferences to the value. [`into_inner`](Self::into_inner) returns the value.
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    operation: Operation,
    body: T,
}

impl<T> Response<T> {
    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the number of requests that were sent, which is 1 if the first one succeeded.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the value by reference.
    pub fn body(&self) -> &T {
        &self.body
    }

    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// Returns the response with a value made from this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let Self { status, headers, attempts, operation, body } = self;
        Response { status, headers, attempts, operation, body: change(body) }
    }

    fn with<U>(self, body: U) -> Response<U> {
        self.map(|_| body)
    }

    /// Creates an error about this response.
    fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind).with_status(self.status).after(self.attempts).open(true).during(&self.operation)
    }
}

impl Response<Bytes> {
    pub(crate) fn new(
        status: StatusCode,
        headers: HeaderMap,
        attempts: u32,
        operation: &Operation,
        body: Bytes,
    ) -> Self {
        Self { status, headers, attempts, operation: *operation, body }
    }

    /// Decodes the body as JSON.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::Decode`], with the status and the place in the body.
    pub fn json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        match serde_json::from_slice(&self.body) {
            Ok(value) => Ok(self.with(value)),
            Err(error) => Err(self.undecodable(&error)),
        }
    }

    fn undecodable(self, error: &serde_json::Error) -> Error {
        let path = path_at(&self.body, error.line(), error.column());
        let place = format!("line {} column {}", error.line(), error.column());
        // The text of serde may quote a value of the body, so only the name of a missing field is used.
        let detail = match error.classify() {
            serde_json::error::Category::Data => match missing_field(error) {
                Some(field) => format!("{field} ({place})"),
                None => format!("a value is not of the expected type ({place})"),
            },
            serde_json::error::Category::Eof => "the JSON ends early".to_owned(),
            _ => format!("not JSON: {}", ErrorBody::explain(&self.headers, &self.body)),
        };
        let error = self.error(ErrorKind::Decode).detail(detail).at(path);
        error.body(ErrorBody::read(&self.headers, self.body, None))
    }

    /// Drops the body, which the operation does not declare.
    pub fn empty(self) -> Response<()> {
        self.with(())
    }

    /// Returns the error for a success that the operation does not declare.
    pub fn unexpected(self) -> Error {
        let error = self.error(ErrorKind::UnexpectedResponse);
        error.body(ErrorBody::read(&self.headers, self.body, None))
    }
}

fn missing_field(error: &serde_json::Error) -> Option<String> {
    let text = error.to_string();
    let (message, _) = text.rsplit_once(" at line ")?;
    message.starts_with("missing field").then(|| message.to_owned())
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

/// Omits the body, which may contain personal data.
impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("operation", &self.operation.id)
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
