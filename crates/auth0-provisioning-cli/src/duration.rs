//! Durations in arguments and in results.

use std::time::Duration;

use auth0_provisioning::chrono::{DateTime, Utc};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Parses `90s`, `30m`, `24h` or `7d`.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let hint = || format!("`{text}` is not a duration; write a number and a unit: 90s, 30m, 24h, 7d");
    let split = text.find(|character: char| !character.is_ascii_digit()).ok_or_else(hint)?;
    let (number, unit) = text.split_at(split);
    let seconds = match unit {
        "s" => 1,
        "m" | "min" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return Err(hint()),
    };
    let number: u64 = number.parse().map_err(|_| hint())?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(hint)
}

/// Formats a duration by its largest unit, such as `4 min`, `3 h` or `12 d`.
pub(crate) fn rough(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds < MINUTE => format!("{seconds} s"),
        seconds if seconds < HOUR => format!("{} min", seconds / MINUTE),
        seconds if seconds < 2 * DAY => format!("{} h", seconds / HOUR),
        seconds => format!("{} d", seconds / DAY),
    }
}

/// Formats a duration by its two largest units, such as `45 s`, `2 min 5 s` or `1 h 10 min`.
pub(crate) fn exact(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds < MINUTE => format!("{seconds} s"),
        seconds if seconds < HOUR => format!("{} min {} s", seconds / MINUTE, seconds % MINUTE),
        seconds => format!("{} h {} min", seconds / HOUR, seconds % HOUR / MINUTE),
    }
}

/// Formats a time as seen from now, such as `3 h ago` or `in 5 min`.
pub(crate) fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match now.signed_duration_since(at).to_std() {
        Ok(age) if age.as_secs() < 5 => "just now".to_owned(),
        Ok(age) => format!("{} ago", rough(age)),
        Err(_) => format!("in {}", rough(at.signed_duration_since(now).to_std().unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_number_and_unit() {
        assert_eq!(parse("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse("24h"), Ok(Duration::from_secs(86_400)));
        assert_eq!(parse("7d"), Ok(Duration::from_secs(604_800)));
        for wrong in ["", "24", "h", "1w", "-1h", "1.5h", "99999999999999999999d", "9999999999999999999d"] {
            assert!(parse(wrong).unwrap_err().contains("24h"), "{wrong}");
        }
    }

    #[test]
    fn relative_times_use_the_largest_unit() {
        let now: DateTime<Utc> = "2026-05-05T12:00:00Z".parse().unwrap();
        for (at, expected) in [
            ("2026-05-05T11:59:58Z", "just now"),
            ("2026-05-05T11:59:18Z", "42 s ago"),
            ("2026-05-05T11:18:00Z", "42 min ago"),
            ("2026-05-04T06:00:00Z", "30 h ago"),
            ("2026-04-23T12:00:00Z", "12 d ago"),
            ("2026-05-05T12:30:00Z", "in 30 min"),
        ] {
            assert_eq!(relative(at.parse().unwrap(), now), expected);
        }
        assert_eq!(exact(Duration::from_secs(125)), "2 min 5 s");
    }
}
