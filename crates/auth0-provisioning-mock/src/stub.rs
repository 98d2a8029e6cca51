//! Fixed responses for paths that no operation of the tenant has.

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::request_pattern::RequestPattern;
use crate::response::{JSON, Response};

/// A fixed response to requests of one method and path, for parts of the API that the tenant does not implement.
///
/// Below `/api/v2/` such requests count against the rate limit and need a valid token, of any scope. A stub takes
/// precedence over an operation of the tenant, and a later stub over an earlier one.
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
    pub(crate) requests: RequestPattern,
    pub(crate) response: Response,
}

impl Stub {
    /// Responds to requests of this method and path with 200 and no body. See [`RequestPattern::new`] for the path.
    pub fn new(method: &str, path: &str) -> Self {
        let response = Response { status: StatusCode::OK, headers: HeaderMap::new(), body: Vec::new().into() };
        Self { requests: RequestPattern::new(method, path), response }
    }

    /// Sets the status. A number that is not a status of HTTP becomes 500.
    pub fn status(mut self, status: u16) -> Self {
        self.response.status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self
    }

    /// Sets the body, as JSON. A value that JSON cannot represent becomes null.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.response.body = serde_json::to_vec(body).unwrap_or_else(|_| b"null".to_vec()).into();
        self.response.headers.insert(CONTENT_TYPE, JSON);
        self
    }

    /// Sets the bytes of the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.response.body = body.into().into();
        self
    }

    /// Adds a header. A name or value that HTTP does not allow is ignored.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.response.headers.insert(name, value);
        }
        self
    }
}
