//! The kinds of errors.

use std::fmt;

use http::StatusCode;

/// The kind of an error, by which a program can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration of the client is wrong, such as a bad base URL, missing credentials or an unreadable key.
    ///
    /// Fix the reported setting. No request was sent.
    InvalidConfiguration,
    /// The arguments of the call make no valid request.
    ///
    /// Fix the reported argument. No request was sent.
    InvalidRequest,
    /// The client cannot obtain a token: the token endpoint returned an error or no token, or the token source failed.
    ///
    /// Check the [`status`](crate::Error::status) and the message. 401 and 403 mean wrong credentials, or an application that
    /// is not authorized for the audience. A failure is cached for 1 s, or for 30 s if it is unlikely to pass. The request of
    /// the call was not sent. If the client cannot reach the token endpoint, the kind is [`Network`](Self::Network).
    Credentials,
    /// The client cannot reach the server, or the connection broke.
    ///
    /// The request was retried if that is safe. Before you repeat a `POST`, check whether it was processed.
    Network,
    /// An attempt, and every allowed retry, took longer than the timeout of an attempt.
    ///
    /// Increase the timeout if the operation is slow. Before you repeat a `POST`, check whether it was processed.
    Timeout,
    /// The deadline of the call passed. It includes waits for the rate limit, for a token and between attempts.
    ///
    /// Increase the overall timeout, or start fewer calls at once.
    Deadline,
    /// The rate limit is used up, and the wait for it is longer than the configured maximum.
    ///
    /// Try again after [`retry_after`](crate::Error::retry_after).
    RateLimited,
    /// 400: the request is invalid.
    ///
    /// Do not repeat it unchanged. [`code`](crate::Error::code) and the message name the reason.
    BadRequest,
    /// 401, also with another token: the token is not valid for this tenant. At most two tokens a minute are replaced.
    ///
    /// Check that domain, audience and credentials belong together.
    Unauthorized,
    /// 403: the token lacks a scope, or the feature is not enabled for the tenant.
    ///
    /// Grant the [`missing_scopes`](crate::Error::missing_scopes) to the application.
    Forbidden,
    /// 404: the resource does not exist.
    NotFound,
    /// 409: the resource exists already, or the job runs already.
    ///
    /// Read the present state to decide. The transport never retries it.
    Conflict,
    /// Another 4xx status.
    Rejected,
    /// A 5xx status, also after every allowed retry.
    ///
    /// Try again later. Before you repeat a `POST`, check whether it was processed.
    Server,
    /// A response that the operation does not declare: another 2xx status, a redirect, another host.
    ///
    /// A proxy between client and tenant responds instead, or the API has changed.
    UnexpectedResponse,
    /// A success whose body does not have the declared form.
    ///
    /// [`json_path`](crate::Error::json_path) names the place. The server processed the request. The API may have changed.
    Decode,
    /// The body is longer than the configured maximum.
    ///
    /// Increase the limit, or request less at once. The server processed the request.
    BodyTooLarge,
}

impl ErrorKind {
    /// Returns the kind of a status that is not a success.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::BadRequest,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            429 => Self::RateLimited,
            402..=499 => Self::Rejected,
            500..=599 => Self::Server,
            _ => Self::UnexpectedResponse,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidConfiguration => "invalid configuration",
            Self::InvalidRequest => "invalid request",
            Self::Credentials => "no token",
            Self::Network => "network failure",
            Self::Timeout => "timeout",
            Self::Deadline => "deadline passed",
            Self::RateLimited => "rate limited",
            Self::BadRequest => "bad request",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::Rejected => "rejected",
            Self::Server => "server failure",
            Self::UnexpectedResponse => "unexpected response",
            Self::Decode => "undecodable response",
            Self::BodyTooLarge => "response too large",
        })
    }
}
