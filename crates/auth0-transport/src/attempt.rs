//! One request and its answer.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, StatusCode, header::USER_AGENT};
use tokio::time::timeout;

use crate::{
    Error, ErrorKind, FailureCause, Hook, Timeouts,
    base_url::BaseUrl,
    client_info::AUTH0_CLIENT,
    pacing::{Outcome, Permit, retry_after},
};

/// What sends requests, one by one.
pub(crate) struct Sender {
    pub(crate) http: reqwest::Client,
    pub(crate) base: BaseUrl,
    pub(crate) user_agent: HeaderValue,
    pub(crate) auth0_client: Option<HeaderValue>,
    pub(crate) hooks: Vec<std::sync::Arc<dyn Hook>>,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: crate::RetryPolicy,
    /// The longest body that is read.
    pub(crate) longest_body: usize,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// After a refusal for the rate limit: for how long nothing will be sent, or what `Retry-After` says.
    pub(crate) held: Option<Duration>,
}

/// Why there is none.
pub(crate) struct Failed {
    /// What a judge may decide on; nothing is to be decided about the rest.
    pub(crate) cause: Option<FailureCause>,
    pub(crate) error: Error,
}

impl Failed {
    fn for_good(error: Error) -> Self {
        Self { cause: None, error }
    }
}

impl Sender {
    /// Puts in the headers that every request carries.
    pub(crate) fn introduce(&self, headers: &mut HeaderMap) {
        headers.insert(USER_AGENT, self.user_agent.clone());
        if let Some(info) = &self.auth0_client {
            headers.insert(AUTH0_CLIENT, info.clone());
        }
    }

    /// Sends a request and reads the answer, within a time.
    pub(crate) async fn attempt(
        &self,
        request: reqwest::Request,
        limit: Duration,
        permit: Option<Permit<'_>>,
    ) -> Result<Answer, Failed> {
        timeout(limit, self.exchange(request, permit)).await.unwrap_or_else(|_| {
            let error = Error::new(ErrorKind::Timeout).detail(format!("no whole answer within {limit:?}"));
            Err(Failed { cause: Some(FailureCause::TimedOut), error })
        })
    }

    async fn exchange(&self, request: reqwest::Request, mut permit: Option<Permit<'_>>) -> Result<Answer, Failed> {
        if let Some(permit) = &mut permit {
            permit.sent();
        }
        let mut response = self.http.execute(request).await.map_err(network_failure)?;
        let status = response.status();
        let named = (status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error())
            .then(|| retry_after(response.headers()))
            .flatten();
        let held = match permit {
            Some(permit) => permit.answered(outcome(status, named), response.headers()).or(named),
            None => named,
        };
        if response.url().host() != self.base.origin().host() {
            let error = Error::new(ErrorKind::UnexpectedResponse).answered(status);
            return Err(Failed::for_good(error.detail("another host answered: the HTTP client follows redirects")));
        }
        let body = self.read(&mut response).await?;
        let headers = std::mem::take(response.headers_mut());
        Ok(Answer { status, headers, body, held })
    }

    async fn read(&self, response: &mut reqwest::Response) -> Result<Bytes, Failed> {
        let too_long = |status| {
            let error = Error::new(ErrorKind::BodyTooLarge).answered(status);
            Failed::for_good(error.detail(format!("the body is longer than {} bytes", self.longest_body)))
        };
        let status = response.status();
        if response.content_length().is_some_and(|length| length > self.longest_body as u64) {
            return Err(too_long(status));
        }
        // Most bodies come in one piece, which then needs no copy.
        let first = response.chunk().await.map_err(network_failure)?.unwrap_or_default();
        if first.len() > self.longest_body {
            return Err(too_long(status));
        }
        let Some(second) = response.chunk().await.map_err(network_failure)? else {
            return Ok(first);
        };
        let mut body = BytesMut::from(first);
        let mut next = Some(second);
        while let Some(chunk) = next {
            if body.len() + chunk.len() > self.longest_body {
                return Err(too_long(status));
            }
            body.extend_from_slice(&chunk);
            next = response.chunk().await.map_err(network_failure)?;
        }
        Ok(body.freeze())
    }
}

fn outcome(status: StatusCode, retry_after: Option<Duration>) -> Outcome {
    if status == StatusCode::TOO_MANY_REQUESTS {
        Outcome::Refused(retry_after)
    } else if status.is_success() {
        Outcome::Answered
    } else {
        Outcome::AnsweredInstead
    }
}

fn network_failure(error: reqwest::Error) -> Failed {
    let (cause, kind) = if error.is_connect() {
        (Some(FailureCause::NotConnected), ErrorKind::Network)
    } else if error.is_timeout() {
        (Some(FailureCause::TimedOut), ErrorKind::Timeout)
    } else if error.is_builder() {
        (None, ErrorKind::InvalidRequest)
    } else {
        (Some(FailureCause::ConnectionLost), ErrorKind::Network)
    };
    Failed { cause, error: Error::of_reqwest(kind, error) }
}
