//! Whether a failed request may be sent again.

use http::StatusCode;

use crate::{Idempotency, Operation};

/// How a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureCause {
    /// No connection was made: the server surely got nothing.
    NotConnected,
    /// The connection broke; the server may have processed the request.
    ConnectionLost,
    /// The attempt took too long; the server may have processed the request.
    TimedOut,
    /// The server responded with this status.
    Status(StatusCode),
}

/// A request that failed.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// How it failed.
    pub cause: FailureCause,
    /// What it was a request for, and whether that may be repeated although the server may have processed it.
    pub operation: &'a Operation,
    /// How many requests were sent for the call, this one included.
    pub attempts: u32,
}

impl<'a> Failure<'a> {
    /// Describes a failure of the first request for an operation.
    #[must_use]
    pub const fn new(cause: FailureCause, operation: &'a Operation) -> Self {
        Self { cause, operation, attempts: 1 }
    }
}

/// Decides which failed requests may be sent again. How often, and when, is decided elsewhere.
pub trait RetryClassifier: Send + Sync {
    /// Whether the request may be sent again.
    fn is_retryable(&self, failure: &Failure<'_>) -> bool;
}

impl<F: Fn(&Failure<'_>) -> bool + Send + Sync> RetryClassifier for F {
    fn is_retryable(&self, failure: &Failure<'_>) -> bool {
        self(failure)
    }
}

/// Network failures, timeouts, 408, 429, 500, 502, 503 and 504, if the operation is idempotent; otherwise only what
/// surely was not processed: a connection that was never made, and 429.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn retried(cause: FailureCause) -> (bool, bool) {
        let may =
            |idempotency| SafeRetries.is_retryable(&Failure::new(cause, &Operation::new("test", idempotency, &[])));
        (may(Idempotency::Idempotent), may(Idempotency::NotIdempotent))
    }

    #[test]
    fn statuses() {
        for status in 100..600 {
            let expected = match status {
                429 => (true, true),
                408 | 500 | 502 | 503 | 504 => (true, false),
                _ => (false, false),
            };
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(retried(FailureCause::Status(status)), expected, "{status}");
        }
    }

    #[test]
    fn failures_of_the_network() {
        assert_eq!(retried(FailureCause::NotConnected), (true, true));
        assert_eq!(retried(FailureCause::ConnectionLost), (true, false));
        assert_eq!(retried(FailureCause::TimedOut), (true, false));
    }
}
