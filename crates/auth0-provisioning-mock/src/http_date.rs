//! The `Date` header.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use http::HeaderValue;

use crate::lock::lock;

/// Formats times as HTTP does. The latest is cached, because many responses are sent within a second.
#[derive(Debug, Default)]
pub(crate) struct HttpDate(Mutex<Option<(i64, HeaderValue)>>);

impl HttpDate {
    pub(crate) fn at(&self, time: DateTime<Utc>) -> HeaderValue {
        let mut written = lock(&self.0);
        match &*written {
            Some((second, date)) if *second == time.timestamp() => date.clone(),
            _ => {
                let text = time.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
                // A header can contain letters, digits and punctuation.
                let date = HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""));
                *written = Some((time.timestamp(), date.clone()));
                date
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_follows_http() {
        let dates = HttpDate::default();
        let at = |milliseconds| dates.at(DateTime::from_timestamp_millis(milliseconds).unwrap());
        assert_eq!(at(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(at(784_111_777_999), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(at(784_111_778_000), "Sun, 06 Nov 1994 08:49:38 GMT");
    }
}
