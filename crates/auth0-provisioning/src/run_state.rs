//! The state of a synchronization run.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunState {
    /// Requested or running.
    Running,
    /// Ended without an error.
    Completed,
    /// Ended with an error.
    Failed,
    /// Ended, without an error and with a status that this version does not know, such as `partial`.
    Unknown,
}

impl RunState {
    /// The API documents the status as free text. Known words are matched in any case. Any other word means that the run
    /// has ended, and an error that it failed.
    pub(crate) fn of(status: Option<&str>, has_error: bool) -> Self {
        let word = status.unwrap_or_default().trim().to_ascii_lowercase().replace([' ', '-'], "_");
        match word.as_str() {
            "pending" | "queued" | "requested" | "scheduled" | "starting" | "started" | "running" | "in_progress"
            | "processing" | "syncing" | "synchronizing" => Self::Running,
            "failed" | "failure" | "error" | "errored" | "aborted" | "canceled" | "cancelled" => Self::Failed,
            _ if has_error => Self::Failed,
            "completed" | "complete" | "success" | "succeeded" | "successful" | "finished" | "done" => Self::Completed,
            _ => Self::Unknown,
        }
    }

    /// Whether the run is over: every state but [`Running`](Self::Running).
    #[must_use]
    pub fn has_ended(self) -> bool {
        self != Self::Running
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_read_in_any_case_and_unknown_ones_have_ended() {
        for (status, has_error, state) in [
            ("completed", false, RunState::Completed),
            ("Completed", false, RunState::Completed),
            ("completed", true, RunState::Failed),
            ("FAILED", false, RunState::Failed),
            ("failed", true, RunState::Failed),
            ("In Progress", true, RunState::Running),
            ("in-progress", false, RunState::Running),
            ("partial", false, RunState::Unknown),
            ("partial", true, RunState::Failed),
        ] {
            assert_eq!(RunState::of(Some(status), has_error), state, "{status}, {has_error}");
            assert_eq!(state.has_ended(), state != RunState::Running);
        }
        assert_eq!(RunState::of(None, true), RunState::Failed);
        assert_eq!(RunState::of(None, false), RunState::Unknown);
    }
}
