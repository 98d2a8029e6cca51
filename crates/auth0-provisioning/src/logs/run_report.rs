//! The report of a run in the log.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{DirectorySyncEvent, DirectorySyncKind, SyncFailure, UserError};
use crate::{ConnectionId, RunState};

/// The report of a synchronization run in the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunReport {
    /// The id of the run.
    pub synchronization_id: String,
    /// The connection.
    pub connection_id: Option<ConnectionId>,
    /// Whether it is running, completed, or failed.
    pub state: RunState,
    /// Whether it started automatically.
    pub scheduled: bool,
    /// When it was requested.
    pub requested_at: Option<DateTime<Utc>>,
    /// When it started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it failed, and for whom; `None` where it did not.
    pub failure: Option<SyncFailure>,
    /// The id of the event with this report.
    pub log_id: Option<String>,
}

impl RunReport {
    /// How long it took; `None` while it is running.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        self.ended_at?.signed_duration_since(self.started_at?).to_std().ok()
    }

    /// The users for whom it failed, as far as they are named: see [`is_truncated`](Self::is_truncated).
    #[must_use]
    pub fn user_errors(&self) -> &[UserError] {
        self.failure.as_ref().map_or(&[], |failure| &failure.user_errors)
    }

    /// Whether it failed for more users than are named.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| failure.user_errors_truncated)
    }
}

impl From<DirectorySyncEvent> for RunReport {
    fn from(event: DirectorySyncEvent) -> Self {
        let (state, ended_at, failure) = match event.kind {
            DirectorySyncKind::Started => (RunState::Running, None, None),
            DirectorySyncKind::Completed { completed_at } => (RunState::Completed, completed_at.or(event.date), None),
            DirectorySyncKind::Failed(failure) => (RunState::Failed, event.date, Some(failure)),
        };
        Self {
            synchronization_id: event.synchronization_id,
            connection_id: event.connection_id,
            state,
            scheduled: event.scheduled,
            requested_at: event.created_at,
            started_at: event.started_at,
            ended_at,
            failure,
            log_id: event.log_id,
        }
    }
}

/// A line for the run, and one for each user for whom it failed.
impl fmt::Display for RunReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "run {} {}", self.synchronization_id, self.state)?;
        if let Some(started) = self.started_at {
            write!(formatter, ", started {}", started.format("%Y-%m-%d %H:%M:%S UTC"))?;
        }
        if let Some(duration) = self.duration() {
            write!(formatter, ", took {} s", duration.as_secs())?;
        }
        let Some(failure) = &self.failure else { return Ok(()) };
        write!(formatter, ": {}", failure.message)?;
        for user in &failure.user_errors {
            write!(formatter, "\n{user}")?;
        }
        if failure.user_errors_truncated {
            formatter.write_str("\nand more users")?;
            let total = failure.failed_users();
            if usize::try_from(total).is_ok_and(|total| total > failure.user_errors.len()) {
                write!(formatter, "; {total} in all")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_who_are_not_named_are_counted_only_where_the_log_counts_them() {
        let event = |counts: &[(&str, u64)]| {
            let mut failure = SyncFailure { user_errors: vec![UserError::default()], ..SyncFailure::default() };
            failure.user_errors_truncated = true;
            failure.user_errors_summary = counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
            RunReport {
                synchronization_id: "sync_1".to_owned(),
                connection_id: None,
                state: RunState::Failed,
                scheduled: false,
                requested_at: None,
                started_at: None,
                ended_at: None,
                failure: Some(failure),
                log_id: None,
            }
        };
        assert!(event(&[("create", 40)]).to_string().ends_with("and more users; 40 in all"));
        assert!(event(&[]).to_string().ends_with("and more users"));
    }
}
