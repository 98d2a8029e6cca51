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

    /// 204. The API names a content type here as well.
    pub(crate) fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, Bytes::new())
    }

    /// An error in the shape of the Management API, for what the contract does not describe.
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

    /// The mock is at fault, not the client: it was about to break its own contract.
    pub(crate) fn fault_of_the_mock(what: &str) -> Self {
        Self::error(StatusCode::INTERNAL_SERVER_ERROR, what, Some("fault_of_the_mock"))
    }

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}
