//! What went wrong, in one word.

use std::fmt;

use http::StatusCode;

/// What went wrong, as far as a program can act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up wrongly: a bad base URL, missing credentials, an unreadable key.
    ///
    /// Fix the reported setting. No request was sent.
    InvalidConfiguration,
    /// The call's arguments cannot be made into a request.
    ///
    /// Fix the reported argument. No request was sent.
    InvalidRequest,
    /// No token could be obtained: the token endpoint returned an error or no token, or the token source failed.
    ///
    /// Look at [`status`](crate::Error::status) and the message: 401 and 403 mean wrong credentials or an application
    /// that is not authorized for the audience. A failure is not tried again for 1 s, or 30 s if it will hardly pass. The
    /// call itself was not sent. A token endpoint that cannot be reached is [`Network`](Self::Network).
    Credentials,
    /// The server could not be reached, or the connection broke.
    ///
    /// It was repeated where that is safe. After a `POST` look before trying again: it may have been processed.
    Network,
    /// One attempt, and every repetition that was allowed, took longer than the timeout for an attempt.
    ///
    /// Raise the timeout if the operation is that slow. After a `POST` look before trying again.
    Timeout,
    /// The overall deadline passed, with waits for the pace, for a token and between attempts counted.
    ///
    /// Raise the overall timeout, or put fewer calls in flight.
    Deadline,
    /// The rate limit is used up, and the wait for it to recover is longer than the configured maximum.
    ///
    /// Try again after [`retry_after`](crate::Error::retry_after).
    RateLimited,
    /// 400: the server did not take the request as it was.
    ///
    /// Do not repeat it unchanged; [`code`](crate::Error::code) and the message say what is wrong.
    BadRequest,
    /// 401, also with another token, of which at most two are obtained in a minute: the token is not valid for this tenant.
    ///
    /// Check that domain, audience and credentials belong together.
    Unauthorized,
    /// 403: the token lacks a scope, or the feature is not enabled for the tenant.
    ///
    /// See [`missing_scopes`](crate::Error::missing_scopes); grant them to the application.
    Forbidden,
    /// 404: what the request names does not exist.
    NotFound,
    /// 409: it is there already, or running already.
    ///
    /// Read the present state and decide; it is never repeated by itself.
    Conflict,
    /// Another 4xx status.
    Rejected,
    /// A 5xx status, also after every repetition that was allowed.
    ///
    /// Try again later. After a `POST` look before trying again: it may have been processed.
    Server,
    /// A response that the operation does not declare: another 2xx status, a redirect, another host.
    ///
    /// A proxy between client and tenant responds instead, or the API has moved.
    UnexpectedResponse,
    /// A success whose body is not what the operation promises.
    ///
    /// [`json_path`](crate::Error::json_path) says where. The call was carried out. The API may have moved.
    Decode,
    /// The body is longer than the configured maximum.
    ///
    /// Raise the limit, or ask for less at once. The call was carried out.
    BodyTooLarge,
}

impl ErrorKind {
    /// What a status that is not a success means.
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
