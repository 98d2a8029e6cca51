//! The status of a connection's synchronization.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Advice, ConnectionId, DirectoryProvisioning, LastRun, RunState};

/// The status of a connection's synchronization: the last run and its state.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Health {
    /// The connection's id.
    pub connection_id: ConnectionId,
    /// The connection's name.
    pub connection_name: String,
    /// Whether runs start automatically.
    pub synchronize_automatically: bool,
    /// The last run; `None` before the first.
    pub last_run: Option<LastRun>,
}

impl Health {
    /// How long ago the last run took place; `None` before the first.
    #[must_use]
    pub fn age(&self, now: DateTime<Utc>) -> Option<Duration> {
        self.last_run.as_ref()?.age(now)
    }

    /// Whether the last run failed.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.last_run.as_ref().is_some_and(|run| run.state == RunState::Failed)
    }

    /// Whether no run has ended without an error within this time: see [`LastRun::is_stale`]. True where there is no
    /// [`last_run`](Self::last_run), which a first run that is under way, or hangs, has not changed yet.
    #[must_use]
    pub fn is_stale(&self, age: Duration, now: DateTime<Utc>) -> bool {
        self.last_run.as_ref().is_none_or(|run| run.is_stale(age, now))
    }

    /// Changes to make to how runs start, and what was missed for want of runs.
    #[must_use]
    pub fn advice(&self, now: DateTime<Utc>) -> Vec<Advice> {
        Advice::of_runs(self.synchronize_automatically, self.last_run.as_ref(), now)
    }
}

impl From<&DirectoryProvisioning> for Health {
    fn from(configuration: &DirectoryProvisioning) -> Self {
        Self {
            connection_id: ConnectionId::from_response(&configuration.connection_id),
            connection_name: configuration.connection_name.clone(),
            synchronize_automatically: configuration.synchronize_automatically,
            last_run: LastRun::of(configuration),
        }
    }
}

/// One line.
impl fmt::Display for Health {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}): ", self.connection_name, self.connection_id)?;
        match &self.last_run {
            Some(run) => run.fmt(formatter),
            None => formatter.write_str("never ran"),
        }
    }
}
