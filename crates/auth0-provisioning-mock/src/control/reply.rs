//! Answers of the control API, and what went wrong with a request to it.

use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::answer::Answer;

pub(super) enum Reply {
    Json(Value),
    Text(&'static str),
    Done,
}

/// Why a request to the control API was not carried out.
pub(super) struct Problem {
    status: StatusCode,
    what: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, what: impl Into<String>) -> Self {
        Self { status, what: what.into() }
    }

    pub(super) fn not_acceptable(what: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, what)
    }

    pub(super) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, what)
    }
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Json(value) => Self::json(StatusCode::OK, &value),
            Reply::Text(text) => Self::new(StatusCode::OK, Bytes::from_static(text.as_bytes())),
            Reply::Done => Self::no_content(),
        }
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        Self::json(problem.status, &json!({ "error": problem.what }))
    }
}

/// The body as what the request takes.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { &body[..] };
    serde_json::from_slice(body)
        .map_err(|error| Problem::not_acceptable(format!("the body is not acceptable: {error}")))
}
