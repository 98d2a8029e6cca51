//! Sends one request and reads its response.

use std::{pin::pin, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, StatusCode, header::USER_AGENT};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::{
    Error, ErrorKind, FailureCause, Hook, RetryPolicy, Timeouts,
    admission::{SendPermit, completion},
    base_url::BaseUrl,
    client_info::AUTH0_CLIENT,
    pacing::retry_after,
    proxy::Proxy,
    retry::Budget,
};

/// The number of bytes that are read of the body of an error response. Messages are short.
const LONGEST_ERROR_BODY: usize = 16 << 10;

/// If a timer is later than this, the runtime was blocked.
const BLOCKED: Duration = Duration::from_millis(100);

/// Sends requests one at a time.
pub(crate) struct Sender {
    pub(crate) http: reqwest::Client,
    pub(crate) base: BaseUrl,
    pub(crate) proxy: Proxy,
    pub(crate) user_agent: HeaderValue,
    pub(crate) auth0_client: Option<HeaderValue>,
    pub(crate) hooks: Vec<Arc<dyn Hook>>,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Budget,
    /// The longest body that is read, in bytes.
    pub(crate) longest_body: usize,
}

/// A response with its whole body.
pub(crate) struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// How long the server accepts no request, by the limiter or by `Retry-After`.
    pub(crate) retry_after: Option<Duration>,
}

/// A request without a usable response.
pub(crate) struct AttemptError {
    /// The cause by which a retry is decided. Without it, the error is final.
    pub(crate) cause: Option<FailureCause>,
    pub(crate) error: Error,
}

impl AttemptError {
    fn is_final(error: Error) -> Self {
        Self { cause: None, error }
    }
}

impl Sender {
    /// Adds the headers that every request has.
    pub(crate) fn add_headers(&self, headers: &mut HeaderMap) {
        headers.insert(USER_AGENT, self.user_agent.clone());
        if let Some(info) = &self.auth0_client {
            headers.insert(AUTH0_CLIENT, info.clone());
        }
    }

    /// Sends a request and reads the response within a time limit.
    pub(crate) async fn attempt(
        &self,
        request: reqwest::Request,
        url: &Url,
        limit: Duration,
        permit: Option<SendPermit<'_>>,
    ) -> Result<RawResponse, AttemptError> {
        // Pinned here, because the future is large and would be copied into each one around it.
        let mut exchange = pin!(self.exchange(request, url, permit));
        let mut deadline = Instant::now() + limit;
        loop {
            match timeout_at(deadline, exchange.as_mut()).await {
                Ok(ended) => return ended,
                // The blocked runtime could neither send the request nor read the response.
                Err(_) if deadline.elapsed() > BLOCKED => deadline = Instant::now() + limit,
                Err(_) => {
                    let error = Error::new(ErrorKind::Timeout).detail(format!("no complete response within {limit:?}"));
                    return Err(AttemptError { cause: Some(FailureCause::TimedOut), error });
                }
            }
        }
    }

    async fn exchange(
        &self,
        request: reqwest::Request,
        url: &Url,
        mut permit: Option<SendPermit<'_>>,
    ) -> Result<RawResponse, AttemptError> {
        if let Some(permit) = &mut permit {
            permit.sent();
        }
        let mut response = self.http.execute(request).await.map_err(|error| self.failed(error))?;
        let status = response.status();
        let named = (status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error())
            .then(|| retry_after(response.headers()))
            .flatten();
        let held = match &mut permit {
            Some(permit) => permit.responded(&completion(status, response.headers(), named)),
            None => None,
        };
        if response.url() != url {
            let error = Error::new(ErrorKind::UnexpectedResponse).with_status(status);
            return Err(AttemptError::is_final(
                error.detail("the HTTP client followed a redirect; give it a policy of none"),
            ));
        }
        let body = if status.is_success() {
            self.read_whole(&mut response).await?
        } else {
            self.read_start(&mut response).await?
        };
        let headers = std::mem::take(response.headers_mut());
        Ok(RawResponse { status, headers, body, retry_after: held.or(named) })
    }

    async fn read_whole(&self, response: &mut reqwest::Response) -> Result<Bytes, AttemptError> {
        let too_long = |status| {
            let error = Error::new(ErrorKind::BodyTooLarge).with_status(status);
            AttemptError::is_final(error.detail(format!("the body is longer than {} bytes", self.longest_body)))
        };
        let status = response.status();
        if response.content_length().is_some_and(|length| length > self.longest_body as u64) {
            return Err(too_long(status));
        }
        // Most bodies arrive in one piece, which is not copied.
        let first = self.chunk(response).await?.unwrap_or_default();
        if first.len() > self.longest_body {
            return Err(too_long(status));
        }
        let Some(second) = self.chunk(response).await? else {
            return Ok(first);
        };
        let mut body = BytesMut::from(first);
        let mut next = Some(second);
        while let Some(chunk) = next {
            if body.len() + chunk.len() > self.longest_body {
                return Err(too_long(status));
            }
            body.extend_from_slice(&chunk);
            next = self.chunk(response).await?;
        }
        Ok(body.freeze())
    }

    async fn read_start(&self, response: &mut reqwest::Response) -> Result<Bytes, AttemptError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.chunk(response).await? {
            let rest = LONGEST_ERROR_BODY.min(self.longest_body) - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(rest)]);
            if chunk.len() > rest {
                break;
            }
        }
        Ok(body.freeze())
    }

    async fn chunk(&self, response: &mut reqwest::Response) -> Result<Option<Bytes>, AttemptError> {
        response.chunk().await.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: reqwest::Error) -> AttemptError {
        let (cause, kind) = if error.is_connect() {
            (Some(FailureCause::NotConnected), ErrorKind::Network)
        } else if error.is_timeout() {
            (Some(FailureCause::TimedOut), ErrorKind::Timeout)
        } else if error.is_builder() {
            (None, ErrorKind::InvalidRequest)
        } else {
            (Some(FailureCause::ConnectionLost), ErrorKind::Network)
        };
        let not_connected = cause == Some(FailureCause::NotConnected);
        let through = if not_connected { self.proxy.of_failure(&error) } else { String::new() };
        let mut error = Error::of_reqwest(kind, error);
        if not_connected {
            error = error.detail(format!("cannot reach {}{through}", self.base.authority()));
        }
        AttemptError { cause, error }
    }
}
