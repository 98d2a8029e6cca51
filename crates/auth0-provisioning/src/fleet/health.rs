//! How the synchronization of a connection fares.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};

use crate::{DirectoryProvisioning, LastRun, RunState};

/// How the synchronization of a connection fares: when it last ran, how that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// The connection's id.
    pub connection_id: String,
    /// The connection's name.
    pub connection_name: String,
    /// Whether runs start by themselves.
    pub synchronize_automatically: bool,
    /// The last run; `None` before the first.
    pub last_run: Option<LastRun>,
}

impl Health {
    /// How long ago the last run took place; `None` before the first.
    #[must_use]
    pub fn age(&self, now: DateTime<Utc>) -> Option<Duration> {
        let at = self.last_run.as_ref()?.at?;
        Some((now - at).to_std().unwrap_or_default())
    }

    /// Whether the last run has failed.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.last_run.as_ref().is_some_and(|run| run.state == RunState::Failed)
    }
}

impl From<&DirectoryProvisioning> for Health {
    fn from(configuration: &DirectoryProvisioning) -> Self {
        Self {
            connection_id: configuration.connection_id.clone(),
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
