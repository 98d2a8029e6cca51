//! How runs go, as seed files and the control API name it.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::state::runs::Synchronization;

/// How a run goes. Without anything it completes at once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedSynchronization {
    #[serde(default)]
    takes_seconds: u64,
    /// Why it fails whole, if it does.
    error: Option<String>,
    /// Whether it never ends.
    #[serde(default)]
    hangs: bool,
    /// The status that it ends with, in place of `completed` or `failed`.
    status: Option<String>,
    /// Reasons by the ids that users have in the directory.
    #[serde(default)]
    user_errors: BTreeMap<String, String>,
}

impl SeedSynchronization {
    pub(crate) fn synchronization(&self) -> Synchronization {
        let takes = Duration::from_secs(self.takes_seconds);
        let mut run = match &self.error {
            _ if self.hangs => Synchronization::hangs(),
            Some(error) => Synchronization::fails_after(takes, error.clone()),
            None => Synchronization::completes_after(takes),
        };
        if let Some(status) = &self.status {
            run = run.status(status.clone());
        }
        for (user, reason) in &self.user_errors {
            run = run.fails_for(user.clone(), reason.clone());
        }
        run
    }
}
