//! How a synchronization run went.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::DirectoryProvisioning;

/// The last synchronization run of a connection, as its configuration tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LastRun {
    /// When it took place.
    pub at: Option<DateTime<Utc>>,
    /// How it stands or ended, as far as the texts tell.
    pub state: RunState,
    /// The API's own word for that: free text.
    pub status: Option<String>,
    /// What went wrong, if anything did.
    pub error: Option<String>,
}

/// How a run stands or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunState {
    /// Requested or running.
    UnderWay,
    /// Ended well.
    Completed,
    /// Ended with an error.
    Failed,
    /// The API's word for it is not known to this version, and no error is told.
    Unknown,
}

impl LastRun {
    /// The last run that a configuration tells of; `None` before the first.
    pub(crate) fn of(configuration: &DirectoryProvisioning) -> Option<Self> {
        let at = configuration.last_synchronization_at;
        let status = configuration.last_synchronization_status.clone().filter(|status| !status.is_empty());
        let error = configuration.last_synchronization_error.clone().filter(|error| !error.is_empty());
        if at.is_none() && status.is_none() && error.is_none() {
            return None;
        }
        Some(Self { at, state: RunState::of(status.as_deref(), error.is_some()), status, error })
    }
}

impl RunState {
    /// The API documents `status` as free text. These are the words that are known or to be expected, in any case; an
    /// error makes a failure of whatever is not known to be under way.
    fn of(status: Option<&str>, has_error: bool) -> Self {
        let word = status.unwrap_or_default().trim().to_ascii_lowercase().replace([' ', '-'], "_");
        match word.as_str() {
            "pending" | "queued" | "requested" | "scheduled" | "started" | "running" | "in_progress" | "processing" => {
                Self::UnderWay
            }
            "failed" | "failure" | "error" | "errored" | "aborted" | "canceled" | "cancelled" => Self::Failed,
            _ if has_error => Self::Failed,
            "completed" | "complete" | "success" | "succeeded" | "successful" | "finished" | "done" => Self::Completed,
            _ => Self::Unknown,
        }
    }

    /// Whether the run is over.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::UnderWay => "under way",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        })
    }
}

/// One line: state, time, error.
impl fmt::Display for LastRun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.status, self.state) {
            (Some(status), RunState::Unknown) => write!(formatter, "{status:?}")?,
            (_, state) => state.fmt(formatter)?,
        }
        if let Some(at) = self.at {
            write!(formatter, " at {}", at.format("%Y-%m-%d %H:%M:%S UTC"))?;
        }
        if let Some(error) = &self.error {
            write!(formatter, ": {error}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_api_are_read_in_any_case() {
        for (status, has_error, state) in [
            ("completed", false, RunState::Completed),
            ("Completed", false, RunState::Completed),
            ("completed", true, RunState::Failed),
            ("FAILED", false, RunState::Failed),
            ("failed", true, RunState::Failed),
            ("In Progress", true, RunState::UnderWay),
            ("in-progress", false, RunState::UnderWay),
            ("resting", false, RunState::Unknown),
            ("resting", true, RunState::Failed),
        ] {
            assert_eq!(RunState::of(Some(status), has_error), state, "{status}, {has_error}");
        }
        assert_eq!(RunState::of(None, true), RunState::Failed);
        assert_eq!(RunState::of(None, false), RunState::Unknown);
    }
}
