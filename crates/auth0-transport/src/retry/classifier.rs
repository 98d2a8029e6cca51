//! Which failed requests are retried.

use http::StatusCode;

use crate::{Idempotency, Operation};

/// How a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureCause {
    /// The client could not connect, so the server received nothing.
    NotConnected,
    /// The connection broke. The server may have processed the request.
    ConnectionLost,
    /// The attempt timed out. The server may have processed the request.
    TimedOut,
    /// The server responded with this status.
    Status(StatusCode),
}

/// A request that failed.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The cause.
    pub cause: FailureCause,
    /// The operation, whose idempotency decides whether a processed request may be repeated.
    pub operation: &'a Operation,
    /// The number of requests of the call, including this one.
    pub attempts: u32,
}

impl<'a> Failure<'a> {
    /// Creates a failure of the first request of a call.
    pub const fn new(cause: FailureCause, operation: &'a Operation) -> Self {
        Self { cause, operation, attempts: 1 }
    }
}

/// Decides which failed requests may be retried. [`RetryLimits`](crate::RetryLimits) and
/// [`RetryTiming`](crate::RetryTiming) decide how often and when.
pub trait RetryClassifier: Send + Sync {
    /// Returns whether the request may be retried.
    fn is_retryable(&self, failure: &Failure<'_>) -> bool;
}

impl<F: Fn(&Failure<'_>) -> bool + Send + Sync> RetryClassifier for F {
    fn is_retryable(&self, failure: &Failure<'_>) -> bool {
        self(failure)
    }
}

/// Retries network failures, timeouts, 408, 429, 500, 502, 503 and 504 if the operation is idempotent. Retries other operations
/// only if the server cannot have processed the request: without a connection, and after a 429.
#[derive(Debug, Clone, Copy, Default)]
pub struct SafeRetries;

impl RetryClassifier for SafeRetries {
    fn is_retryable(&self, failure: &Failure<'_>) -> bool {
        let is_idempotent = failure.operation.idempotency == Idempotency::Idempotent;
        match failure.cause {
            FailureCause::NotConnected | FailureCause::Status(StatusCode::TOO_MANY_REQUESTS) => true,
            FailureCause::ConnectionLost | FailureCause::TimedOut => is_idempotent,
            FailureCause::Status(status) => is_idempotent && matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504),
        }
    }
}
