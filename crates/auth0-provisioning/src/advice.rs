//! Changes that are worth making although everything works.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::LastRun;

/// How long after its deletion in the directory a user is still removed by a run.
const DELETIONS_KEPT: Duration = Duration::from_secs(20 * 86_400);

/// A change that is worth making although the connection can be provisioned as it is. `Display` says why, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Advice {
    /// Automatic runs are off: a deleted user stays until somebody starts a run.
    AutomaticRuns,
    /// There was no run for 20 days. A run removes a user who was deleted in the directory only within that time.
    Deletions,
    /// A login overwrites what runs bring: the option `set_user_root_attributes` is not `never_on_login`.
    UserAttributes,
    /// The consent is that of one administrator of the directory, and ends with that account.
    Consent,
}

impl Advice {
    /// One or two words, such as `automatic runs`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AutomaticRuns => "automatic runs",
            Self::Deletions => "deletions",
            Self::UserAttributes => "user attributes",
            Self::Consent => "consent",
        }
    }

    /// Advice about the runs of a connection. One that never ran has brought no users that could be missed.
    pub(crate) fn of_runs(automatic: bool, last_run: Option<&LastRun>, now: DateTime<Utc>) -> Vec<Self> {
        let age = last_run.and_then(|run| run.age(now));
        let is_too_old = age.is_some_and(|age| age > DELETIONS_KEPT);
        let all = [(!automatic, Self::AutomaticRuns), (is_too_old, Self::Deletions)];
        all.into_iter().filter_map(|(applies, advice)| applies.then_some(advice)).collect()
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AutomaticRuns => {
                "automatic runs are off: users deleted in the directory stay until a run is started by hand"
            }
            Self::Deletions => {
                "no run for 20 days: users deleted in the directory before that stay for good; delete them by hand"
            }
            Self::UserAttributes => {
                "logins overwrite what runs bring: set the option `set_user_root_attributes` to `never_on_login`"
            }
            Self::Consent => {
                "one administrator consented: if that account is deleted, runs fail until another one consents"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RunState;

    #[test]
    fn deletions_are_missed_after_twenty_days_without_a_run() {
        let now: DateTime<Utc> = "2026-05-25T12:00:00Z".parse().unwrap();
        let run = |at: &str, state| LastRun::new(Some(at.parse().unwrap()), state);
        let kept = run("2026-05-05T12:00:00Z", RunState::Failed);
        let missed = run("2026-05-05T11:59:59Z", RunState::Completed);
        assert_eq!(Advice::of_runs(true, Some(&kept), now), []);
        assert_eq!(Advice::of_runs(true, Some(&missed), now), [Advice::Deletions]);
        assert_eq!(Advice::of_runs(false, Some(&missed), now), [Advice::AutomaticRuns, Advice::Deletions]);
        assert_eq!(Advice::of_runs(false, None, now), [Advice::AutomaticRuns]);
    }
}
