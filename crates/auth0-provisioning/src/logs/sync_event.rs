//! Events of synchronization runs.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ScimEvent;
use crate::{ConnectionId, types::LogEvent};

/// The part of a log event that describes a synchronization run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DirectorySyncEvent {
    /// The id of the event.
    pub log_id: Option<String>,
    /// When it happened.
    pub date: Option<DateTime<Utc>>,
    /// The connection.
    pub connection_id: Option<ConnectionId>,
    /// The connection's name.
    pub connection_name: Option<String>,
    /// The id of the run, which [`synchronize`](crate::DirectoryProvisioningHandle::synchronize) returned.
    pub synchronization_id: String,
    /// The API's own status: free text.
    pub sync_status: Option<String>,
    /// Whether the run started automatically.
    pub scheduled: bool,
    /// When the run was requested.
    pub created_at: Option<DateTime<Utc>>,
    /// When the run started.
    pub started_at: Option<DateTime<Utc>>,
    /// What happened.
    pub kind: DirectorySyncKind,
}

/// What happened to a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DirectorySyncKind {
    /// `directory_sync_started`.
    Started,
    /// `directory_sync_completed`.
    #[non_exhaustive]
    Completed {
        /// When it completed.
        completed_at: Option<DateTime<Utc>>,
    },
    /// `directory_sync_failed`.
    Failed(SyncFailure),
}

/// Why a run failed, and for whom. Users who are not named here arrived, unless `user_errors_truncated` says that more
/// failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SyncFailure {
    /// The failure in words.
    pub message: String,
    /// The users for whom it failed, the first ones where there are many.
    pub user_errors: Vec<UserError>,
    /// How many users it failed for, by operation.
    pub user_errors_summary: BTreeMap<String, u64>,
    /// Whether there are more users than are named.
    pub user_errors_truncated: bool,
}

/// A user for whom a run failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UserError {
    /// The id of the user in the directory. The log has no email address or name for it; the directory knows.
    pub identity_user_id: String,
    /// What was tried, such as `create`.
    pub operation: String,
    /// Why it failed, in words.
    pub reason: String,
}

/// Questions about a log event.
pub trait LogEventExt: sealed::Sealed {
    /// Returns the description of a synchronization run in the event; `None` for an event of another type, or without the id of a run.
    ///
    /// Reading is tolerant: fields that are missing or of another form are left out.
    fn directory_sync(&self) -> Option<DirectorySyncEvent>;

    /// Reads the event of a SCIM request; `None` for an event of another type.
    fn scim(&self) -> Option<ScimEvent>;
}

impl LogEventExt for LogEvent {
    fn directory_sync(&self) -> Option<DirectorySyncEvent> {
        let details = self.details.as_ref()?;
        let text = |name: &str| details.get(name).and_then(Value::as_str);
        let instant = |name: &str| text(name)?.parse().ok();
        let kind = match self.type_.as_deref()? {
            "directory_sync_started" => DirectorySyncKind::Started,
            "directory_sync_completed" => DirectorySyncKind::Completed { completed_at: instant("completed_at") },
            "directory_sync_failed" => DirectorySyncKind::Failed(SyncFailure::of(details.get("error"))),
            _ => return None,
        };
        Some(DirectorySyncEvent {
            log_id: self.log_id.clone(),
            date: self.date,
            connection_id: self.connection_id.as_deref().map(ConnectionId::of_response),
            connection_name: self.connection.clone(),
            synchronization_id: text("synchronization_id")?.to_owned(),
            sync_status: text("sync_status").map(str::to_owned),
            scheduled: details.get("scheduled").and_then(Value::as_bool).unwrap_or(false),
            created_at: instant("created_at"),
            started_at: instant("started_at"),
            kind,
        })
    }

    fn scim(&self) -> Option<ScimEvent> {
        ScimEvent::of(self)
    }
}

impl SyncFailure {
    fn of(error: Option<&Value>) -> Self {
        let Some(error) = error else { return Self::default() };
        let users = error["user_errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let counts = error["user_errors_summary"].as_object().into_iter().flatten();
        Self {
            message: error["message"].as_str().unwrap_or_default().to_owned(),
            user_errors: users.iter().map(UserError::of).collect(),
            user_errors_summary: counts.filter_map(|(name, count)| Some((name.clone(), whole(count)?))).collect(),
            user_errors_truncated: error["user_errors_truncated"].as_bool().unwrap_or(false),
        }
    }

    /// How many users it failed for, as far as the tenant says: at least that many where it names only some.
    #[must_use]
    pub fn failed_users(&self) -> u64 {
        let named = u64::try_from(self.user_errors.len()).unwrap_or(u64::MAX);
        self.user_errors_summary.values().fold(0, |sum: u64, count| sum.saturating_add(*count)).max(named)
    }
}

/// A number that may be written with a fraction.
fn whole(number: &Value) -> Option<u64> {
    let rounded = number.as_f64().filter(|number| *number >= 0.0)?.round();
    number.as_u64().or_else(|| format!("{rounded:.0}").parse().ok())
}

impl UserError {
    fn of(error: &Value) -> Self {
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        Self { identity_user_id: text("identity_user_id"), operation: text("operation"), reason: text("reason") }
    }
}

/// One line, such as `u2 create: The email is taken`.
impl fmt::Display for UserError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.identity_user_id, self.operation, self.reason)
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for crate::types::LogEvent {}
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(value: Value) -> LogEvent {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_failure_is_read_with_its_users() {
        let failed = event(json!({
            "type": "directory_sync_failed", "log_id": "9002", "date": "2026-05-05T12:00:02.000Z", "connection_id": "con_1",
            "details": {
                "synchronization_id": "sync_1", "sync_status": "failed", "scheduled": true,
                "created_at": "2026-05-05T12:00:00Z", "started_at": "2026-05-05T12:00:01Z",
                "error": {
                    "message": "2 users", "user_errors_summary": { "create": 3.0 }, "user_errors_truncated": true,
                    "user_errors": [{ "identity_user_id": "u2", "operation": "create", "reason": "The email is taken" }],
                },
            },
        }));
        let sync = failed.directory_sync().unwrap();
        let DirectorySyncKind::Failed(failure) = &sync.kind else { panic!("{sync:?}") };
        assert_eq!(failure.user_errors[0].to_string(), "u2 create: The email is taken");
        assert_eq!((failure.failed_users(), failure.user_errors_truncated), (3, true));
        assert_eq!((sync.synchronization_id.as_str(), sync.scheduled), ("sync_1", true));
    }

    #[test]
    fn counts_beyond_all_bounds_are_the_most_that_can_be_counted() {
        let counts = [("create".to_owned(), u64::MAX), ("update".to_owned(), 1)];
        let failure = SyncFailure { user_errors_summary: counts.into(), ..SyncFailure::default() };
        assert_eq!(failure.failed_users(), u64::MAX);
    }

    #[test]
    fn what_is_missing_or_of_another_form_is_left_out() {
        let details = json!({ "synchronization_id": "sync_1", "scheduled": "yes", "started_at": 7 });
        let strange = event(json!({ "type": "directory_sync_failed", "details": details }));
        let sync = strange.directory_sync().unwrap();
        assert_eq!((sync.scheduled, sync.started_at, sync.date), (false, None, None));
        assert_eq!(sync.kind, DirectorySyncKind::Failed(SyncFailure::default()));
    }

    #[test]
    fn every_other_type_stays_as_it_comes() {
        for other in [json!({ "type": "s", "details": {} }), json!({ "type": "directory_sync_started", "details": {} })]
        {
            let event = event(other.clone());
            assert_eq!(event.directory_sync(), None);
            assert_eq!(serde_json::to_value(event).unwrap(), other);
        }
    }
}
