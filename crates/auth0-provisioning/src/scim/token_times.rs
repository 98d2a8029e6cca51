//! The times of a SCIM token.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::types::ScimToken;

/// The times of a SCIM token, which the API writes as strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScimTokenTimes {
    /// When it was created; `None` where the tenant does not say.
    pub created_at: Option<DateTime<Utc>>,
    /// When it ends; `None` where it does not.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was last used; `None` where it never was, or the tenant does not say.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ScimTokenTimes {
    /// Reads the times of a token.
    #[must_use]
    pub fn of(token: &ScimToken) -> Self {
        let instant = |text: &Option<String>| text.as_deref()?.parse().ok();
        Self {
            created_at: instant(&token.created_at),
            ends_at: instant(&token.valid_until),
            last_used_at: instant(&token.last_used_at),
        }
    }

    /// Whether the token ends within this time from `now` on, or has ended.
    #[must_use]
    pub fn ends_within(&self, time: Duration, now: DateTime<Utc>) -> bool {
        let horizon = TimeDelta::from_std(time).ok().and_then(|time| now.checked_add_signed(time));
        self.ends_at.is_some_and(|end| horizon.is_none_or(|horizon| end <= horizon))
    }
}
