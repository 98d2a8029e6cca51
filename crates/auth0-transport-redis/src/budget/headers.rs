//! Reads the rate limit headers of responses.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, header::DATE};

/// A smaller value is a number of seconds from now instead of a UNIX time.
const EARLIEST: f64 = 1e9;

pub(super) fn limit(headers: &HeaderMap) -> Option<f64> {
    number(headers, "x-ratelimit-limit").filter(|limit| *limit >= 1.0)
}

pub(super) fn remaining(headers: &HeaderMap) -> Option<f64> {
    number(headers, "x-ratelimit-remaining")
}

/// Returns the time until the reset that a 429 names. It uses the `Date` of the response, because the local clock may be wrong.
pub(super) fn wait_named(headers: &HeaderMap) -> Option<Duration> {
    let reset = number(headers, "x-ratelimit-reset")?;
    let now = if reset < EARLIEST { 0.0 } else { unix_time(date(headers).unwrap_or_else(SystemTime::now)) };
    Duration::try_from_secs_f64((reset - now).max(0.0)).ok()
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

fn unix_time(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn number(headers: &HeaderMap, name: &str) -> Option<f64> {
    let number: f64 = headers.get(name)?.to_str().ok()?.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_numbers_are_ignored() {
        for (value, read) in [("7", Some(7.0)), ("-1", None), ("NaN", None), ("x", None), ("", None)] {
            let headers = HeaderMap::from_iter([("x-ratelimit-remaining".parse().unwrap(), value.parse().unwrap())]);
            assert_eq!(remaining(&headers), read, "{value:?}");
        }
    }

    #[test]
    fn reset_counts_from_now_or_the_response_date() {
        let date = "Thu, 01 Jan 2026 00:00:00 GMT";
        for (reset, wait) in [("3", 3), ("1767225605", 5), ("1767225599", 0)] {
            let pairs = [("x-ratelimit-reset", reset), ("date", date)];
            let headers = pairs.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            assert_eq!(wait_named(&HeaderMap::from_iter(headers)), Some(Duration::from_secs(wait)), "{reset}");
        }
    }
}
