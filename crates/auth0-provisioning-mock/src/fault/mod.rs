//! Faults: what goes wrong, for which requests, and how often.

mod distortion;
mod outcome;
pub(crate) mod queue;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::operations::Operation;
use crate::request_pattern::RequestPattern;
use crate::seconds;

/// A fault of one request, or of several.
///
/// Faults wait in a queue: each request takes the first one that matches it. Several faults make a sequence, in which
/// [`Fault::none`] is a regular response.
///
/// ```
/// use std::time::Duration;
/// use auth0_provisioning_mock::{Cut, Fault, MockTenant, Operation};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tenant = MockTenant::start().await?;
/// // Two requests are rate limited, the third succeeds, and the response to the fourth is lost.
/// tenant.fault(Fault::rate_limited().times(2));
/// tenant.fault(Fault::none());
/// tenant.fault(Fault::cut(Cut::BeforeResponse).on(Operation::Synchronize));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "pass it to `MockTenant::fault`"]
pub struct Fault {
    pub(crate) effect: Effect,
    pub(crate) delay: Duration,
    pub(crate) headers: Vec<(String, String)>,
    /// `None` matches every request.
    pub(crate) requests: Option<RequestPattern>,
    /// The remaining number of requests; `None` is without end.
    pub(crate) remaining: Option<u32>,
}

/// The moment at which the connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cut {
    /// Before the request takes effect: nothing has changed in the tenant.
    BeforeRequest,
    /// After the request took effect, and before the response: the client cannot know.
    BeforeResponse,
    /// Within the body of the response.
    WithinResponse,
    /// After the response, without notice: a kept-alive connection turns out to be closed.
    AfterResponse,
}

/// The effect of a fault, in the format of the control API. Braces make serde reject unknown properties.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Effect {
    None {},
    Cut {
        at: Cut,
    },
    Status {
        status: u16,
        /// Whether the request takes effect.
        #[serde(default)]
        after_effect: bool,
    },
    ErrorResponse {
        /// The name of an example in the contract.
        cause: String,
    },
    RateLimited {
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after_seconds: Option<u64>,
    },
    TokenRevoked {},
    TokenExpiresEarly {
        #[serde(rename = "after_seconds", with = "seconds")]
        after: Duration,
    },
    TruncatedBody {},
    Body {
        #[serde(with = "text")]
        body: Vec<u8>,
    },
    NotJson {},
    ContentType {
        content_type: String,
    },
    SlowBody {
        pieces: usize,
        #[serde(rename = "pause_seconds", with = "seconds")]
        pause: Duration,
    },
    UnknownEnumValues {},
    ExtraFields {},
    NullsForAbsent {},
    EmptyPage {},
    NextCursor {
        cursor: String,
    },
}

/// Bytes as a string in JSON.
mod text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        String::from_utf8_lossy(bytes).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        String::deserialize(deserializer).map(String::into_bytes)
    }
}

impl From<Effect> for Fault {
    fn from(effect: Effect) -> Self {
        let requests = match effect {
            Effect::TokenExpiresEarly { .. } => Some(Operation::IssueToken.into()),
            _ => None,
        };
        Self { effect, delay: Duration::ZERO, headers: Vec::new(), requests, remaining: Some(1) }
    }
}

impl Fault {
    /// No fault: the response is the regular one.
    pub fn none() -> Self {
        Effect::None {}.into()
    }

    /// Delays the request. Every fault can have a delay: see [`Fault::delayed`].
    pub fn latency(delay: Duration) -> Self {
        Self::none().delayed(delay)
    }

    /// Cuts the connection.
    pub fn cut(at: Cut) -> Self {
        Effect::Cut { at }.into()
    }

    /// Responds with this status. The request has no effect. A number that is not a status of HTTP becomes 500.
    pub fn status(status: u16) -> Self {
        Effect::Status { status, after_effect: false }.into()
    }

    /// Responds with this status, although the request takes effect.
    pub fn status_after_effect(status: u16) -> Self {
        Effect::Status { status, after_effect: true }.into()
    }

    /// Responds with an error of the contract, by the name of its example, such as `conflicting_change`. If the contract
    /// does not list the cause for the operation, the response is a 500 that says so.
    pub fn error_response(cause: impl Into<String>) -> Self {
        Effect::ErrorResponse { cause: cause.into() }.into()
    }

    /// The standard 429: no `Retry-After`, and an `x-ratelimit-reset` in one second.
    pub fn rate_limited() -> Self {
        Effect::RateLimited { retry_after_seconds: None }.into()
    }

    /// The 429 of custom policies and token quotas: a `Retry-After` in whole seconds, another body, and `x-ratelimit-*`
    /// headers that describe another limit.
    pub fn retry_after(wait: Duration) -> Self {
        Effect::RateLimited { retry_after_seconds: Some(wait.as_secs()) }.into()
    }

    /// Revokes the token of the request: it gets 401, as does every later request with the token.
    pub fn token_revoked() -> Self {
        Effect::TokenRevoked {}.into()
    }

    /// The token endpoint issues a token that expires after this time, whatever `expires_in` states.
    pub fn token_expires_early(after: Duration) -> Self {
        Effect::TokenExpiresEarly { after }.into()
    }

    /// Sends the first half of the body, with a `content-length` that agrees with it.
    pub fn truncated_body() -> Self {
        Effect::TruncatedBody {}.into()
    }

    /// Sends this body, whatever the content type states.
    pub fn body(body: impl Into<Vec<u8>>) -> Self {
        Effect::Body { body: body.into() }.into()
    }

    /// Sends an HTML page, although the content type is JSON.
    pub fn not_json() -> Self {
        Effect::NotJson {}.into()
    }

    /// Sends the regular body with another content type, such as `text/html`.
    pub fn content_type(content_type: impl Into<String>) -> Self {
        Effect::ContentType { content_type: content_type.into() }.into()
    }

    /// Sends the body in pieces, with a pause before each.
    pub fn slow_body(pieces: usize, pause: Duration) -> Self {
        Effect::SlowBody { pieces, pause }.into()
    }

    /// Replaces each value of an enum by an unknown one.
    pub fn unknown_enum_values() -> Self {
        Effect::UnknownEnumValues {}.into()
    }

    /// Adds an unknown field to every object.
    pub fn extra_fields() -> Self {
        Effect::ExtraFields {}.into()
    }

    /// Adds each absent optional field, as null.
    pub fn nulls_for_absent() -> Self {
        Effect::NullsForAbsent {}.into()
    }

    /// Sends a page without items, whose `next` leads to the regular page.
    pub fn empty_page() -> Self {
        Effect::EmptyPage {}.into()
    }

    /// Sends this `next` of a page, even of the last one.
    pub fn next_cursor(cursor: impl Into<String>) -> Self {
        Effect::NextCursor { cursor: cursor.into() }.into()
    }

    /// Restricts the fault to an operation, or to requests of a pattern.
    pub fn on(mut self, requests: impl Into<RequestPattern>) -> Self {
        self.requests = Some(requests.into());
        self
    }

    /// Happens to this number of requests. Defaults to one.
    pub fn times(mut self, times: u32) -> Self {
        self.remaining = Some(times);
        self
    }

    /// Happens to every request, until the faults are cleared.
    pub fn always(mut self) -> Self {
        self.remaining = None;
        self
    }

    /// Delays the request before it takes effect, by tokio's time.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a header to the response, or replaces it.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}
