//! Rate limits: token buckets, exact to the nanosecond.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::request_line::RequestLine;
use crate::request_pattern::RequestPattern;

/// A rate limit: the number of requests at once, and the number in each period.
///
/// It uses the tenant's [`Clock`](crate::Clock), so a test that moves the clock fills the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    burst: u32,
    requests: u32,
    period: Duration,
    /// The time between two added tokens, in nanoseconds.
    interval: i64,
}

impl RateLimit {
    /// Creates a bucket of `burst` requests, to which `rate` requests are added each second. Zeros become one.
    #[must_use]
    pub fn new(burst: u32, rate: u32) -> Self {
        Self::per(burst, rate, Duration::from_secs(1))
    }

    /// Creates a bucket of `burst` requests, to which `requests` are added evenly in each `period`. Zeros become one, and an
    /// empty period becomes a nanosecond.
    ///
    /// ```
    /// use std::time::Duration;
    /// use auth0_provisioning_mock::RateLimit;
    ///
    /// let five_a_day = RateLimit::per(5, 5, Duration::from_secs(86_400));
    /// # let _ = five_a_day;
    /// ```
    #[must_use]
    pub fn per(burst: u32, requests: u32, period: Duration) -> Self {
        let (burst, requests) = (burst.max(1), requests.max(1));
        let interval = period.as_nanos() / u128::from(requests);
        Self { burst, requests, period, interval: i64::try_from(interval).unwrap_or(i64::MAX).max(1) }
    }

    /// Returns the number of requests at once.
    #[must_use]
    pub fn burst(&self) -> u32 {
        self.burst
    }

    /// Returns the number of requests that are added in each [`RateLimit::period`].
    #[must_use]
    pub fn requests(&self) -> u32 {
        self.requests
    }

    /// Returns the time in which [`RateLimit::requests`] are added.
    #[must_use]
    pub fn period(&self) -> Duration {
        self.period
    }
}

/// The rate limits of a tenant.
#[derive(Clone, Debug, Default)]
pub(crate) struct LimitSettings {
    /// The limit of requests without a class; `None` is unlimited.
    pub(crate) general: Option<RateLimit>,
    /// The limits of classes. A request counts against the first class that it matches.
    pub(crate) classes: Vec<(RequestPattern, RateLimit)>,
}

/// The values of the `x-ratelimit-*` headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// The UNIX second in which the next request fits, or the present second if the bucket is full.
    pub(crate) reset: i64,
}

/// The reported limit of a tenant without limits, whose bucket is always full.
const UNLIMITED: u32 = 10_000;

pub(crate) struct Bucket {
    limit: Option<RateLimit>,
    /// The time at which the bucket is full.
    full_at: DateTime<Utc>,
}

impl Bucket {
    pub(crate) fn new(limit: Option<RateLimit>) -> Self {
        Self { limit, full_at: DateTime::UNIX_EPOCH }
    }

    /// Takes one request out of the bucket, if it has one. The quota describes the rest in both cases.
    pub(crate) fn take(&mut self, now: DateTime<Utc>) -> (bool, Quota) {
        let Some(limit) = self.limit else {
            return (true, Quota { limit: UNLIMITED, remaining: UNLIMITED - 1, reset: now.timestamp() });
        };
        let interval = TimeDelta::nanoseconds(limit.interval);
        let nanoseconds = |span: TimeDelta| span.num_nanoseconds().unwrap_or(i64::MAX);
        let capacity = nanoseconds(interval).saturating_mul(limit.burst.into());
        let after = self.full_at.max(now) + interval;
        let taken = nanoseconds(after - now) <= capacity;
        if taken {
            self.full_at = after;
        }
        // A partly filled token cannot be used yet.
        let missing = nanoseconds(self.full_at - now).max(0);
        let tokens_missing = missing.unsigned_abs().div_ceil(nanoseconds(interval).unsigned_abs());
        let whole = i64::try_from(tokens_missing.saturating_sub(1)).unwrap_or(i64::MAX);
        let next = now + TimeDelta::nanoseconds(missing - whole.saturating_mul(nanoseconds(interval)));
        let remaining = u64::from(limit.burst).saturating_sub(tokens_missing);
        let quota = Quota {
            limit: limit.burst,
            remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
            reset: next.timestamp() + i64::from(next.timestamp_subsec_nanos() > 0),
        };
        (taken, quota)
    }
}

/// The bucket of the general limit, and those of the classes.
pub(crate) struct RateLimits {
    #[cfg(feature = "control")]
    settings: LimitSettings,
    general: Bucket,
    classes: Vec<(RequestPattern, Bucket)>,
}

impl RateLimits {
    /// Creates full buckets with these limits.
    pub(crate) fn new(settings: &LimitSettings) -> Self {
        let classes = settings.classes.iter().map(|(pattern, limit)| (pattern.clone(), Bucket::new(Some(*limit))));
        Self {
            general: Bucket::new(settings.general),
            classes: classes.collect(),
            #[cfg(feature = "control")]
            settings: settings.clone(),
        }
    }

    #[cfg(feature = "control")]
    pub(crate) fn settings(&self) -> &LimitSettings {
        &self.settings
    }

    /// Takes one request out of its bucket, if the bucket has one.
    pub(crate) fn take(&mut self, line: &RequestLine<'_>, now: DateTime<Utc>) -> (bool, Quota) {
        let class = self.classes.iter_mut().find(|(pattern, _)| pattern.matches(line));
        class.map_or(&mut self.general, |(_, bucket)| bucket).take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(milliseconds).unwrap()
    }

    #[test]
    fn burst_fits_and_then_one_request_per_token() {
        let mut bucket = Bucket::new(Some(RateLimit::new(3, 2)));
        let taken: Vec<_> = (0..4).map(|_| bucket.take(at(10_000))).collect();
        let quota = |remaining| Quota { limit: 3, remaining, reset: 11 };
        assert_eq!(taken, [(true, quota(2)), (true, quota(1)), (true, quota(0)), (false, quota(0))]);

        assert!(!bucket.take(at(10_499)).0);
        assert!(bucket.take(at(10_500)).0);
        assert!(!bucket.take(at(10_500)).0);
    }

    #[test]
    fn request_after_reset_fits() {
        let mut bucket = Bucket::new(Some(RateLimit::new(1, 3)));
        let mut now = at(10_050);
        for _ in 0..100 {
            let (taken, quota) = bucket.take(now);
            assert!(taken);
            now = DateTime::from_timestamp(quota.reset, 0).unwrap().max(now);
        }
    }

    #[test]
    fn idle_bucket_fills_up_to_its_burst() {
        let mut bucket = Bucket::new(Some(RateLimit::new(2, 50)));
        assert!(bucket.take(at(0)).0);
        let late = crate::clock::later(at(0), Duration::from_secs(3600));
        let taken = (0..5).filter(|_| bucket.take(late).0).count();
        assert_eq!(taken, 2);
    }

    #[test]
    fn bucket_without_limit_is_always_full() {
        let mut bucket = Bucket::new(None);
        for _ in 0..20_000 {
            assert_eq!(bucket.take(at(7_000)), (true, Quota { limit: 10_000, remaining: 9_999, reset: 7 }));
        }
    }

    #[test]
    fn limit_can_count_by_the_day() {
        let mut bucket = Bucket::new(Some(RateLimit::per(1, 5, Duration::from_secs(86_400))));
        assert!(bucket.take(at(0)).0);
        assert_eq!(bucket.take(at(1_000)), (false, Quota { limit: 1, remaining: 0, reset: 17_280 }));
        assert!(bucket.take(at(17_280_000)).0);
    }
}
