//! The states of a run.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{LastRun, RunState, types::DirectorySynchronization};

/// A state of a run that is watched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Progress {
    /// The tenant accepted the request for a run.
    Started(DirectorySynchronization),
    /// A run was already requested or running; it is waited for.
    Joined,
    /// The run has not ended. With what the configuration reports at present, perhaps still of the run before.
    Waiting(Option<LastRun>),
    /// The run has ended without an error: [`RunState::Completed`], or [`RunState::Unknown`] where this version does not
    /// know the status.
    Ended(LastRun),
}

impl fmt::Display for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started(run) => write!(formatter, "started {}", run.synchronization_id),
            Self::Joined => formatter.write_str("joined the run that is already running"),
            Self::Waiting(Some(run)) if run.state == RunState::Running => formatter.write_str("running"),
            Self::Waiting(_) => formatter.write_str("waiting"),
            Self::Ended(run) => run.fmt(formatter),
        }
    }
}
