//! Past runs in seed files.

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
    /// The end of the run. Alternatively, `ended_seconds_ago`.
    #[schemars(with = "Option<String>")]
    ended_at: Option<DateTime<Utc>>,
    /// The time between the end of the run and the start of the tenant.
    ended_seconds_ago: Option<u64>,
    #[serde(default = "two")]
    takes_seconds: u64,
    /// Whether it was an automatic run.
    #[serde(default)]
    scheduled: bool,
    /// Defaults to `completed` or `failed`.
    status: Option<String>,
    /// The reason why the whole run failed.
    error: Option<String>,
    /// Reasons by the ids of users in the directory.
    #[serde(default)]
    user_errors: BTreeMap<String, String>,
}

fn two() -> u64 {
    2
}

impl SeedRun {
    /// Returns the run. `place` is its place in the seed file.
    pub(super) fn past_run(&self, place: &str) -> Result<PastRun, SeedError> {
        let ended = match (self.ended_at, self.ended_seconds_ago) {
            (Some(at), None) => Ended::At(at),
            (None, Some(ago)) => Ended::Ago(Duration::from_secs(ago)),
            _ => return Err(SeedError::at(place, "either `ended_at` or `ended_seconds_ago` must be given")),
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
