//! Faults on demand: what goes wrong, with which operation, and how often.

pub(crate) mod distortion;
mod outcome;
pub(crate) mod queue;

use std::time::Duration;

use http::StatusCode;

use distortion::Distortion;

use crate::operations::Operation;
use crate::request_pattern::RequestPattern;

/// Something that goes wrong with a request, once unless told otherwise.
///
/// Faults wait in a queue: each request takes the first one that concerns its operation. Several in a row make a
/// sequence, in which [`Fault::none`] stands for a response that is in order.
///
/// ```
/// use std::time::Duration;
/// use auth0_provisioning_mock::{Cut, Fault, MockTenant, Operation};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tenant = MockTenant::start().await?;
/// // Two requests are refused, the third is answered, the response to the fourth is lost.
/// tenant.fault(Fault::rate_limited().times(2));
/// tenant.fault(Fault::none());
/// tenant.fault(Fault::cut(Cut::BeforeResponse).on(Operation::Synchronize));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "hand it to `MockTenant::fault`"]
pub struct Fault {
    pub(crate) effect: Effect,
    pub(crate) delay: Duration,
    pub(crate) headers: Vec<(String, String)>,
    requests: Option<RequestPattern>,
    /// How many requests it is left for; `None` has no end.
    left: Option<u32>,
}

/// Where the connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cut {
    /// Before the request is carried out: nothing has changed in the tenant.
    BeforeRequest,
    /// After the request was carried out, and before the response: the client cannot know.
    BeforeResponse,
    /// Half-way through the response's body.
    WithinResponse,
    /// After the response, without notice: a kept-alive connection turns out to be closed.
    AfterResponse,
}

#[derive(Clone, Debug)]
pub(crate) enum Effect {
    None,
    Cut(Cut),
    /// A response of the API's shape instead of the right one. `carried_out`: the request has its effect all the same.
    Status {
        status: StatusCode,
        carried_out: bool,
    },
    /// An error response of the contract, by the name of its example.
    ErrorResponse(String),
    RateLimited {
        retry_after: Option<Duration>,
    },
    RevokeToken,
    TokenExpiresEarly(Duration),
    Truncate,
    Body(Vec<u8>),
    ContentType(String),
    Slow {
        pieces: usize,
        pause: Duration,
    },
    Distort(Distortion),
    EmptyPage,
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self { effect, delay: Duration::ZERO, headers: Vec::new(), requests: None, left: Some(1) }
    }

    /// Which requests it concerns; `None`: all.
    #[cfg(feature = "control")]
    pub(crate) fn requests(&self) -> Option<&RequestPattern> {
        self.requests.as_ref()
    }

    /// How many requests it is left for; `None` has no end.
    #[cfg(feature = "control")]
    pub(crate) fn left(&self) -> Option<u32> {
        self.left
    }

    /// No fault: the response is the right one.
    pub fn none() -> Self {
        Self::new(Effect::None)
    }

    /// The request is carried out after this time, as every fault can be: see [`Fault::delayed`].
    pub fn latency(delay: Duration) -> Self {
        Self::none().delayed(delay)
    }

    /// The connection is cut.
    pub fn cut(cut: Cut) -> Self {
        Self::new(Effect::Cut(cut))
    }

    /// Responds with this status, and the request has no effect. Statuses that HTTP does not know become 500.
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(Effect::Status { status, carried_out: false })
    }

    /// Responds with this status, although the request was carried out.
    pub fn status_after_effect(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(Effect::Status { status, carried_out: true })
    }

    /// The request is refused for a cause of the contract, by the name that its example has there, such as
    /// `conflicting_change`. A cause that the contract does not list for the operation is answered with a 500 that
    /// says so.
    pub fn error_response(cause: impl Into<String>) -> Self {
        Self::new(Effect::ErrorResponse(cause.into()))
    }

    /// The standard 429: no `Retry-After`, and an `x-ratelimit-reset` one second ahead.
    pub fn rate_limited() -> Self {
        Self::new(Effect::RateLimited { retry_after: None })
    }

    /// The 429 of custom policies and token quotas: a `Retry-After` in whole seconds, another shape of body, and
    /// `x-ratelimit-*` that describe another limit.
    pub fn retry_after(wait: Duration) -> Self {
        Self::new(Effect::RateLimited { retry_after: Some(wait) })
    }

    /// The token that the request carries is revoked: 401, now and from now on.
    pub fn token_revoked() -> Self {
        Self::new(Effect::RevokeToken)
    }

    /// The token endpoint issues a token that ends after this time, whatever `expires_in` says.
    pub fn token_expires_early(after: Duration) -> Self {
        Self::new(Effect::TokenExpiresEarly(after)).on(Operation::IssueToken)
    }

    /// The body ends half-way, and `content-length` agrees with that.
    pub fn truncated_body() -> Self {
        Self::new(Effect::Truncate)
    }

    /// The body is these bytes, whatever the content type says.
    pub fn body(body: impl Into<Vec<u8>>) -> Self {
        Self::new(Effect::Body(body.into()))
    }

    /// The body is an HTML page, although the content type says JSON.
    pub fn not_json() -> Self {
        Self::body("<html><body>Bad gateway</body></html>")
    }

    /// The right body under another content type, such as `text/html`.
    pub fn content_type(content_type: impl Into<String>) -> Self {
        Self::new(Effect::ContentType(content_type.into()))
    }

    /// The body comes in this many pieces, with a pause before each.
    pub fn slow_body(pieces: usize, pause: Duration) -> Self {
        Self::new(Effect::Slow { pieces: pieces.max(1), pause })
    }

    /// Values of enums are unknown ones.
    pub fn unknown_enum_values() -> Self {
        Self::new(Effect::Distort(Distortion::UnknownEnumValues))
    }

    /// Every object has an unknown field.
    pub fn extra_fields() -> Self {
        Self::new(Effect::Distort(Distortion::ExtraFields))
    }

    /// Optional fields that are absent are there, as null.
    pub fn nulls_for_absent() -> Self {
        Self::new(Effect::Distort(Distortion::NullsForAbsent))
    }

    /// A page has no items, and its `next` leads to the page that it should have been.
    pub fn empty_page() -> Self {
        Self::new(Effect::EmptyPage)
    }

    /// A page has this for its `next`, be it the last one or not.
    pub fn next_cursor(cursor: impl Into<String>) -> Self {
        Self::new(Effect::Distort(Distortion::NextCursor(cursor.into())))
    }

    /// Concerns this operation alone, or requests of this pattern.
    pub fn on(mut self, requests: impl Into<RequestPattern>) -> Self {
        self.requests = Some(requests.into());
        self
    }

    /// Happens this many times.
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Happens from now on, until the tenant's faults are cleared.
    pub fn always(mut self) -> Self {
        self.left = None;
        self
    }

    /// Happens after this time, before which the request is not carried out. Goes by tokio's time.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The response has this header in addition, or instead of its own.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}
