//! Reads the headers of a response about rate limits and time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{
    HeaderMap, HeaderValue,
    header::{DATE, RETRY_AFTER},
};

/// A smaller value is a number of seconds from now instead of a UNIX time.
const EARLIEST_UNIX_TIME: f64 = 1e9;

/// The longest wait in seconds that is read from a header: a year. Clocks cannot count much further.
pub(super) const LONGEST_NAMED_WAIT: f64 = 365.0 * 24.0 * 3600.0;

/// When the server adds tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reset {
    /// At this UNIX time of the server, in whole seconds.
    At(f64),
    /// This number of seconds after the response.
    In(f64),
}

/// The rate limit, as one response reports it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RateHeaders {
    /// The size of the bucket.
    pub limit: Option<f64>,
    /// The number of tokens left.
    pub remaining: Option<f64>,
    /// When tokens are added.
    pub reset: Option<Reset>,
    /// The UNIX time of the server, rounded down to whole seconds.
    pub date: Option<f64>,
}

impl RateHeaders {
    /// Reads the headers of a response. Without `x-ratelimit-remaining`, the others are ignored.
    pub fn read(headers: &HeaderMap) -> Self {
        let (mut limit, mut remaining, mut reset) = (None, None, None);
        // One pass over all headers is faster than three lookups.
        for (name, value) in headers {
            let place = match name.as_str() {
                "x-ratelimit-limit" => &mut limit,
                "x-ratelimit-remaining" => &mut remaining,
                "x-ratelimit-reset" => &mut reset,
                _ => continue,
            };
            *place = place.or_else(|| number(value));
        }
        let Some(remaining) = remaining else { return Self::default() };
        let reset = reset.map(|reset| if reset < EARLIEST_UNIX_TIME { Reset::In(reset) } else { Reset::At(reset) });
        // The date is only used to compute the wait until the reset, which matters when few tokens are left. Parsing it takes
        // as long as everything else.
        let scarce = limit.is_none_or(|limit| remaining <= limit / 2.0);
        let date = (scarce && matches!(reset, Some(Reset::At(_)))).then(|| date(headers)).flatten();
        Self { limit, remaining: Some(remaining), reset, date }
    }

    /// Returns the time until the reset by the server's clock, because the local clock may be wrong.
    pub fn seconds_to_reset(&self) -> Option<f64> {
        match self.reset? {
            Reset::In(seconds) => Some(seconds),
            Reset::At(at) => self.date.map(|date| at - date),
        }
    }
}

/// Returns the wait in `Retry-After`, at most a year. A date is compared with the `Date` of the response, if it has one.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        let wait = seconds.is_finite().then(|| seconds.min(LONGEST_NAMED_WAIT))?;
        return Duration::try_from_secs_f64(wait).ok();
    }
    let until = unix_time(httpdate::parse_http_date(value).ok()?);
    let now = date(headers).unwrap_or_else(|| unix_time(SystemTime::now()));
    Duration::try_from_secs_f64((until - now).clamp(0.0, LONGEST_NAMED_WAIT)).ok()
}

pub(crate) fn unix_time(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn date(headers: &HeaderMap) -> Option<f64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    Some(unix_time(httpdate::parse_http_date(date).ok()?))
}

fn number(value: &HeaderValue) -> Option<f64> {
    let text = value.to_str().ok()?.trim();
    // Most numbers are whole, and `u32` is parsed several times as fast.
    if let Ok(whole) = text.parse::<u32>() {
        return Some(f64::from(whole));
    }
    let number: f64 = text.parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn reads_limit_remaining_reset_and_date() {
        let read = RateHeaders::read(&headers(&[
            ("x-ratelimit-limit", "50"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1767225601"),
            ("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ]));
        assert_eq!(
            read,
            RateHeaders {
                limit: Some(50.0),
                remaining: Some(0.0),
                reset: Some(Reset::At(1_767_225_601.0)),
                date: Some(1_767_225_600.0),
            }
        );
    }

    #[test]
    fn invalid_values_are_ignored() {
        for invalid in ["", "x", "-1", "NaN", "inf", "5, 6"] {
            let read = RateHeaders::read(&headers(&[("x-ratelimit-remaining", invalid)]));
            assert_eq!(read, RateHeaders::default(), "{invalid:?}");
        }
        assert_eq!(retry_after(&headers(&[("retry-after", "soon")])), None);
        assert_eq!(retry_after(&headers(&[("retry-after", "-3")])), None);
        assert_eq!(retry_after(&headers(&[("retry-after", "NaN")])), None);
    }

    #[test]
    fn waits_are_at_most_a_year() {
        let year = Some(Duration::from_secs(365 * 24 * 3600));
        for long in ["300000000000", "9223372036854775807", "1e19", "1e300", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            assert_eq!(retry_after(&headers(&[("retry-after", long)])), year, "{long}");
        }
    }

    #[test]
    fn small_reset_is_seconds_from_now() {
        let read = RateHeaders::read(&headers(&[("x-ratelimit-remaining", "1"), ("x-ratelimit-reset", "7")]));
        assert_eq!(read.reset, Some(Reset::In(7.0)));
    }

    #[test]
    fn retry_after_date_uses_the_response_date() {
        assert_eq!(retry_after(&headers(&[("retry-after", "7200")])), Some(Duration::from_secs(7200)));
        let dated =
            headers(&[("retry-after", "Thu, 01 Jan 2026 00:01:00 GMT"), ("date", "Thu, 01 Jan 2026 00:00:50 GMT")]);
        assert_eq!(retry_after(&dated), Some(Duration::from_secs(10)));
        let past = headers(&[("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT")]);
        assert_eq!(retry_after(&past), Some(Duration::ZERO));
    }
}
