//! The token bucket of one process, used without Redis.

use std::time::Duration;

use tokio::time::Instant;

/// A token bucket with reservations.
#[derive(Debug)]
pub(super) struct LocalBucket {
    burst: f64,
    per_second: f64,
    level: f64,
    at: Instant,
}

impl LocalBucket {
    /// Creates a bucket with one token, because the requests of other processes are not known.
    pub(super) fn new(burst: f64, per_second: f64) -> Self {
        Self { burst: burst.max(1.0), per_second, level: 1.0, at: Instant::now() }
    }

    /// Reserves a request and returns its time.
    pub(super) fn reserve(&mut self) -> Instant {
        let now = Instant::now();
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level + passed * self.per_second).min(self.burst) - 1.0;
        self.at = now;
        now + Duration::try_from_secs_f64((-self.level / self.per_second).max(0.0)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn reserves_at_the_rate() {
        let (start, mut bucket) = (Instant::now(), LocalBucket::new(5.0, 2.0));
        let times: Vec<_> = (0..4).map(|_| bucket.reserve().duration_since(start).as_secs_f64()).collect();
        assert_eq!(times, [0.0, 0.5, 1.0, 1.5]);
        tokio::time::advance(Duration::from_secs(60)).await;
        let now = Instant::now();
        let at_once = (0..6).filter(|_| bucket.reserve() == now).count();
        assert_eq!(at_once, 5);
    }
}
