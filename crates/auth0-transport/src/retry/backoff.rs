//! The waits before retries.

use std::time::Duration;

/// Sets the waits before retries.
pub trait RetryTiming: Send + Sync {
    /// Returns the wait before the retry with this number, starting at 1.
    fn wait(&self, retry: u32) -> Duration;
}

impl<F: Fn(u32) -> Duration + Send + Sync> RetryTiming for F {
    fn wait(&self, retry: u32) -> Duration {
        self(retry)
    }
}

/// Exponential backoff with full jitter. Each wait is between zero and a maximum that doubles, so that clients that failed
/// together do not retry together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    cap: Duration,
}

impl Backoff {
    /// Creates a backoff whose maximum starts at `first`, and doubles up to `cap`.
    pub const fn new(first: Duration, cap: Duration) -> Self {
        Self { first, cap }
    }

    fn maximum(&self, retry: u32) -> Duration {
        let doublings = retry.saturating_sub(1).min(31);
        self.first.saturating_mul(1 << doublings).min(self.cap)
    }
}

impl Default for Backoff {
    /// Returns a backoff from 250 ms to 10 s.
    fn default() -> Self {
        Self::new(Duration::from_millis(250), Duration::from_secs(10))
    }
}

impl RetryTiming for Backoff {
    fn wait(&self, retry: u32) -> Duration {
        self.maximum(retry).mul_f64(fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maximum_doubles_up_to_the_cap() {
        let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(5));
        let maxima: Vec<_> = [1, 2, 3, 4, 99, u32::MAX].map(|retry| backoff.maximum(retry).as_secs()).into();
        assert_eq!(maxima, [1, 2, 4, 5, 5, 5]);
    }

    #[test]
    fn waits_use_the_whole_range() {
        let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(1));
        let waits: Vec<_> = (0..1000).map(|_| backoff.wait(1).as_secs_f64()).collect();
        assert!(waits.iter().all(|wait| (0.0..=1.0).contains(wait)));
        assert!(waits.iter().any(|wait| *wait < 0.1) && waits.iter().any(|wait| *wait > 0.9));
    }
}
