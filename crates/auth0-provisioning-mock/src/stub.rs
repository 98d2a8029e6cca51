//! Answers for paths that no operation of the tenant has.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::answer::Answer;
use crate::operations::Operation;
use crate::request_pattern::RequestPattern;

/// A fixed answer to requests of one method and path, for parts of the API that the tenant does not know.
///
/// Below `/api/v2/` such requests count against the rate limit and need a valid token, of any scope. A stub wins over
/// an operation of the tenant, and a later stub over an earlier one.
///
/// ```
/// use auth0_provisioning_mock::{MockTenant, Stub};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tenant = MockTenant::start().await?;
/// tenant.stub(Stub::new("POST", "/api/v2/keys/signing/rotate").status(201).json(&json!({ "kid": "k1" })));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "hand it to `MockTenant::stub`"]
pub struct Stub {
    pattern: RequestPattern,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Stub {
    /// Answers requests with this method and path with 200 and no body; see [`RequestPattern::new`] for the path.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            pattern: RequestPattern::new(method, path),
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// The status to answer with. One that HTTP does not know becomes 500.
    pub fn status(mut self, status: u16) -> Self {
        self.status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self
    }

    /// The body to answer with, as JSON. A value that JSON cannot hold becomes null.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(body).unwrap_or_else(|_| b"null".to_vec()).into();
        self.headers.insert(CONTENT_TYPE, crate::answer::JSON);
        self
    }

    /// The body to answer with, byte for byte.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into().into();
        self
    }

    /// A header of the answer; a name or value that HTTP does not allow is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(crate) fn matches(&self, operation: Option<Operation>, method: &str, target: &str) -> bool {
        self.pattern.matches(operation, method, target)
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer { status: self.status, headers: self.headers.clone(), body: self.body.clone() }
    }
}
