//! Responses of the control API.

use bytes::Bytes;
use http::StatusCode;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::response::Response;

/// Lets the page load responses of the tenant only. No other page can show it in a frame.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The longest message of an error, in bytes.
const LONGEST: usize = 1_000;

pub(super) enum Reply {
    Json(Value),
    Text(&'static str),
    Page(&'static str),
    Moved(&'static str),
    Done,
}

/// An error response of the control API.
pub(super) struct Problem {
    status: StatusCode,
    what: String,
    /// The methods of the path, for a 405.
    allow: Option<HeaderValue>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, what: impl Into<String>) -> Self {
        let mut what = what.into();
        // Parsers quote their input.
        if what.len() > LONGEST {
            what = what.chars().take(LONGEST / 4).chain(['…']).collect();
        }
        Self { status, what, allow: None }
    }

    pub(super) fn not_acceptable(what: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, what)
    }

    /// Turns this into a 405 with the methods of the path.
    pub(super) fn other_methods(mut self, methods: &[String]) -> Self {
        self.status = StatusCode::METHOD_NOT_ALLOWED;
        self.allow = HeaderValue::from_str(&methods.join(", ")).ok();
        self
    }

    pub(super) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, what)
    }
}

impl From<Reply> for Response {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Json(value) => Self::json(StatusCode::OK, &value),
            Reply::Text(text) => Self::new(StatusCode::OK, Bytes::from_static(text.as_bytes())),
            Reply::Page(page) => Self::new(StatusCode::OK, Bytes::from_static(page.as_bytes()))
                .with(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))
                .with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
                .with(CONTENT_SECURITY_POLICY, PAGE_POLICY),
            Reply::Moved(to) => {
                Self::new(StatusCode::PERMANENT_REDIRECT, Bytes::new()).with(LOCATION, HeaderValue::from_static(to))
            }
            Reply::Done => Self::no_content(),
        }
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        let response = Self::json(problem.status, &json!({ "error": problem.what }));
        match problem.allow {
            Some(methods) => response.with(ALLOW, methods),
            None => response,
        }
    }
}

/// Rejects a request without a body.
pub(super) fn require_body(body: &Bytes) -> Result<(), Problem> {
    if body.is_empty() { Err(Problem::not_acceptable("the body is missing")) } else { Ok(()) }
}

/// Deserializes the body, an object.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    // serde would accept a list as the fields of a struct, in order.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::not_acceptable("the body is a list; an object is expected"));
    }
    read_any(body)
}

/// Deserializes the body, an object or a list.
pub(super) fn read_any<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { &body[..] };
    serde_json::from_slice(body)
        .map_err(|error| Problem::not_acceptable(format!("the body is not acceptable: {error}")))
}
