//! What answers say of the limit.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;

/// Values below it are seconds from now, and no UNIX time.
const EARLIEST: f64 = 1e9;

pub(super) fn limit(headers: &HeaderMap) -> Option<f64> {
    number(headers, "x-ratelimit-limit").filter(|limit| *limit >= 1.0)
}

pub(super) fn remaining(headers: &HeaderMap) -> Option<f64> {
    number(headers, "x-ratelimit-remaining")
}

/// How long until the reset that a refusal names.
pub(super) fn wait_named(headers: &HeaderMap) -> Option<Duration> {
    let reset = number(headers, "x-ratelimit-reset")?;
    let wait = if reset < EARLIEST {
        reset
    } else {
        reset - SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
    };
    Duration::try_from_secs_f64(wait.max(0.0)).ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<f64> {
    let number: f64 = headers.get(name)?.to_str().ok()?.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_counts_as_not_said() {
        for (value, read) in [("7", Some(7.0)), ("-1", None), ("NaN", None), ("x", None), ("", None)] {
            let headers = HeaderMap::from_iter([("x-ratelimit-remaining".parse().unwrap(), value.parse().unwrap())]);
            assert_eq!(remaining(&headers), read, "{value:?}");
        }
    }
}
