//! Why a run failed, and for whom.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::Value;

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

impl SyncFailure {
    pub(super) fn of(error: Option<&Value>) -> Self {
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
