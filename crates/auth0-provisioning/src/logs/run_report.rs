//! The report of a run in the log.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{SyncFailure, UserError};
use crate::{ConnectionId, RunState, types::LogEvent};

/// The report of a synchronization run in the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunReport {
    /// The id of the run, which [`synchronize`](crate::DirectoryProvisioningHandle::synchronize) returned.
    pub synchronization_id: String,
    /// The connection.
    pub connection_id: Option<ConnectionId>,
    /// The connection's name.
    pub connection_name: Option<String>,
    /// Whether it is running, completed, or failed.
    pub state: RunState,
    /// The API's own status: free text.
    pub status: Option<String>,
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
    /// Reads the event of a run: its start, or its end with the errors of users. `None` for an event of another type, or
    /// without the id of a run. Fields that are missing or of another form are left out.
    #[must_use]
    pub fn of(event: &LogEvent) -> Option<Self> {
        let details = event.details.as_ref()?;
        let text = |name: &str| details.get(name).and_then(Value::as_str);
        let instant = |name: &str| text(name)?.parse().ok();
        let (state, ended_at, failure) = match event.type_.as_deref()? {
            "directory_sync_started" => (RunState::Running, None, None),
            "directory_sync_completed" => (RunState::Completed, instant("completed_at").or(event.date), None),
            "directory_sync_failed" => (RunState::Failed, event.date, Some(SyncFailure::of(details.get("error")))),
            _ => return None,
        };
        Some(Self {
            synchronization_id: text("synchronization_id")?.to_owned(),
            connection_id: event.connection_id.as_deref().map(ConnectionId::from_response),
            connection_name: event.connection.clone(),
            state,
            status: text("sync_status").map(str::to_owned),
            scheduled: details.get("scheduled").and_then(Value::as_bool).unwrap_or(false),
            requested_at: instant("created_at"),
            started_at: instant("started_at"),
            ended_at,
            failure,
            log_id: event.log_id.clone(),
        })
    }

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
    use serde_json::json;

    use super::*;

    fn read(event: Value) -> Option<RunReport> {
        RunReport::of(&serde_json::from_value(event).unwrap())
    }

    fn failed(counts: &Value) -> RunReport {
        let event = json!({
            "type": "directory_sync_failed", "log_id": "9002", "date": "2026-05-05T12:00:02.000Z", "connection_id": "con_1",
            "details": {
                "synchronization_id": "sync_1", "sync_status": "failed", "scheduled": true,
                "created_at": "2026-05-05T12:00:00Z", "started_at": "2026-05-05T12:00:01Z",
                "error": {
                    "message": "some users", "user_errors_summary": counts, "user_errors_truncated": true,
                    "user_errors": [{ "identity_user_id": "u2", "operation": "create", "reason": "The email is taken" }],
                },
            },
        });
        read(event).unwrap()
    }

    #[test]
    fn a_failure_is_read_with_its_users() {
        let report = failed(&json!({ "create": 3.0 }));
        assert_eq!(report.user_errors()[0].to_string(), "u2 create: The email is taken");
        assert_eq!((report.failure.as_ref().unwrap().failed_users(), report.is_truncated()), (3, true));
        assert_eq!((report.synchronization_id.as_str(), report.scheduled), ("sync_1", true));
        let most = failed(&json!({ "create": u64::MAX, "update": 1 }));
        assert_eq!(most.failure.unwrap().failed_users(), u64::MAX);
    }

    #[test]
    fn users_who_are_not_named_are_counted_only_where_the_log_counts_them() {
        assert!(failed(&json!({ "create": 40 })).to_string().ends_with("and more users; 40 in all"));
        assert!(failed(&json!({})).to_string().ends_with("and more users"));
    }

    #[test]
    fn what_is_missing_or_of_another_form_is_left_out() {
        let details = json!({ "synchronization_id": "sync_1", "scheduled": "yes", "started_at": 7 });
        let strange = read(json!({ "type": "directory_sync_failed", "details": details })).unwrap();
        assert_eq!((strange.scheduled, strange.started_at, strange.ended_at), (false, None, None));
        assert_eq!(strange.failure, Some(SyncFailure::default()));
    }

    #[test]
    fn events_of_other_types_are_no_reports() {
        assert_eq!(read(json!({ "type": "s", "details": {} })), None);
        assert_eq!(read(json!({ "type": "directory_sync_started", "details": {} })), None);
    }
}
