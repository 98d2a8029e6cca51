//! Whether a failed request may be sent again.

use http::StatusCode;

use crate::Idempotency;

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
    /// The server answered with this status.
    Status(StatusCode),
}

/// A request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// How it failed.
    pub cause: FailureCause,
    /// Whether the operation may be repeated although the server may have processed it.
    pub idempotency: Idempotency,
}

impl Failure {
    /// Describes a failure.
    #[must_use]
    pub const fn new(cause: FailureCause, idempotency: Idempotency) -> Self {
        Self { cause, idempotency }
    }
}

/// Judges whether a failed request may be sent again. How often, and when, is for others to say.
pub trait RetryJudge: Send + Sync {
    /// Whether it may be sent again.
    fn may_retry(&self, failure: &Failure) -> bool;
}

impl<F: Fn(&Failure) -> bool + Send + Sync> RetryJudge for F {
    fn may_retry(&self, failure: &Failure) -> bool {
        self(failure)
    }
}

/// Network failures, timeouts, 408, 429, 500, 502, 503 and 504, if the operation is idempotent; otherwise only what
/// surely was not processed: a connection that was never made, and 429.
#[derive(Debug, Clone, Copy, Default)]
pub struct SafeRetries;

impl RetryJudge for SafeRetries {
    fn may_retry(&self, failure: &Failure) -> bool {
        match failure.cause {
            FailureCause::NotConnected | FailureCause::Status(StatusCode::TOO_MANY_REQUESTS) => true,
            FailureCause::ConnectionLost | FailureCause::TimedOut => failure.idempotency == Idempotency::Idempotent,
            FailureCause::Status(status) => {
                failure.idempotency == Idempotency::Idempotent && matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retried(cause: FailureCause) -> (bool, bool) {
        let may = |idempotency| SafeRetries.may_retry(&Failure::new(cause, idempotency));
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
