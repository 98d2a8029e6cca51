//! What a seed file says of a run of the past.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Deserialize;

use super::error::SeedError;
use crate::state::runs::{Ended, PastRun, Synchronization};

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedRun {
    /// When it ended; or else `ended_seconds_ago`.
    #[schemars(with = "Option<String>")]
    ended_at: Option<DateTime<Utc>>,
    /// How long before the tenant's start it ended.
    ended_seconds_ago: Option<u64>,
    #[serde(default = "two")]
    takes_seconds: u64,
    /// Whether it started by itself.
    #[serde(default)]
    scheduled: bool,
    /// `completed` or `failed` unless told.
    status: Option<String>,
    /// Why it failed whole, if it did.
    error: Option<String>,
    /// Reasons by the ids that users have in the directory.
    #[serde(default)]
    user_errors: BTreeMap<String, String>,
}

fn two() -> u64 {
    2
}

impl SeedRun {
    /// The run; `place` is where the seed file has it.
    pub(super) fn past_run(&self, place: &str) -> Result<PastRun, SeedError> {
        let ended = match (self.ended_at, self.ended_seconds_ago) {
            (Some(at), None) => Ended::At(at),
            (None, Some(ago)) => Ended::Ago(Duration::from_secs(ago)),
            _ => return Err(SeedError::at(place, "either `ended_at` or `ended_seconds_ago` has to be told")),
        };
        let takes = Duration::from_secs(self.takes_seconds);
        let mut plan = match &self.error {
            Some(error) => Synchronization::fails_after(takes, error.clone()),
            None => Synchronization::completes_after(takes),
        };
        if let Some(status) = &self.status {
            plan = plan.status(status.clone());
        }
        for (user, reason) in &self.user_errors {
            plan = plan.fails_for(user.clone(), reason.clone());
        }
        Ok(PastRun { ended, scheduled: self.scheduled, plan })
    }
}
