//! A response before it is sent.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::json;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Response {
    pub(crate) fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::from_iter([(CONTENT_TYPE, JSON)]), body: body.into() }
    }

    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self::new(status, body),
            Err(error) => Self::fault_of_the_mock(&error.to_string()),
        }
    }

    /// Returns a 204. The API sends a content type with it.
    pub(crate) fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, Bytes::new())
    }

    /// Returns an error in the format of the Management API, for cases that the contract does not contain.
    pub(crate) fn error(status: StatusCode, message: &str, code: Option<&str>) -> Self {
        let mut body = json!({
            "statusCode": status.as_u16(),
            "error": status.canonical_reason().unwrap_or_default(),
            "message": message,
        });
        if let Some(code) = code {
            body["errorCode"] = code.into();
        }
        Self::json(status, &body)
    }

    /// Returns a 500 for a fault of the mock tenant: it was about to deviate from the contract.
    pub(crate) fn fault_of_the_mock(what: &str) -> Self {
        Self::error(StatusCode::INTERNAL_SERVER_ERROR, what, Some("fault_of_the_mock"))
    }

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}
