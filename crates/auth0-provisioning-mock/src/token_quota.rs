//! The number of tokens of an application within an hour.

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

/// The current hour of each application, by client id.
#[derive(Debug, Default)]
pub(crate) struct TokenQuotas(HashMap<String, Hour>);

#[derive(Debug)]
struct Hour {
    ends_at: DateTime<Utc>,
    used: u32,
}

/// The values of the `Auth0-Client-Quota-Limit` header: bucket, quota, rest, and the seconds until it is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QuotaReport {
    quota: u32,
    remaining: u32,
    seconds: u64,
    /// The seconds to wait, if the quota is used up.
    pub(crate) wait: Option<u64>,
}

impl fmt::Display for QuotaReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "b=per_hour;q={};r={};t={}", self.quota, self.remaining, self.seconds)
    }
}

impl TokenQuotas {
    pub(crate) fn take(&mut self, client_id: &str, quota: u32, now: DateTime<Utc>) -> QuotaReport {
        let fresh = || Hour { ends_at: now + TimeDelta::hours(1), used: 0 };
        let hour = self.0.entry(client_id.to_owned()).or_insert_with(fresh);
        if hour.ends_at <= now {
            *hour = fresh();
        }
        let seconds = u64::try_from((hour.ends_at - now).num_milliseconds()).unwrap_or_default().div_ceil(1000);
        if hour.used >= quota {
            return QuotaReport { quota, remaining: 0, seconds, wait: Some(seconds) };
        }
        hour.used += 1;
        QuotaReport { quota, remaining: quota - hour.used, seconds, wait: None }
    }
}
