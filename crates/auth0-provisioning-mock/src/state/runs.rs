//! Synchronization runs: how long they take, how they end, and when the next may start.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::clock::later;

/// How long after a completed run a manual one is refused, and an automatic one waits.
pub(crate) const PAUSE: TimeDelta = TimeDelta::minutes(30);

/// How a synchronization run goes: it takes its time, and then completes or fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synchronization {
    takes: Duration,
    error: Option<String>,
}

impl Synchronization {
    /// A run that completes after this time.
    #[must_use]
    pub fn completes_after(takes: Duration) -> Self {
        Self { takes, error: None }
    }

    /// A run that fails after this time, with this as `last_synchronization_error`.
    #[must_use]
    pub fn fails_after(takes: Duration, error: impl Into<String>) -> Self {
        Self { takes, error: Some(error.into()) }
    }
}

impl Default for Synchronization {
    fn default() -> Self {
        Self::completes_after(Duration::from_secs(2))
    }
}

/// The runs of one connection.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Runs {
    /// How runs go unless told otherwise.
    usual: Synchronization,
    /// How the next run goes, if not as usual.
    pub(crate) next: Option<Synchronization>,
    current: Option<Run>,
    last: Option<FinishedRun>,
    last_completed_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) ends_at: DateTime<Utc>,
    error: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FinishedRun {
    pub(crate) at: DateTime<Utc>,
    /// Free text; ours is `completed` or `failed`.
    pub(crate) status: String,
    pub(crate) error: Option<String>,
}

impl FinishedRun {
    pub(crate) fn new(at: DateTime<Utc>, error: Option<String>) -> Self {
        let status = if error.is_some() { "failed" } else { "completed" };
        Self { at, status: status.to_owned(), error }
    }
}

impl Runs {
    pub(crate) fn new(usual: Synchronization) -> Self {
        Self { usual, ..Self::default() }
    }

    pub(crate) fn last(&self) -> Option<&FinishedRun> {
        self.last.as_ref()
    }

    /// Starts a run, unless one is under way or completed within the last 30 minutes.
    pub(crate) fn request(&mut self, now: DateTime<Utc>) -> Result<(), Cause> {
        if self.current.is_some() {
            return Err(Cause::AlreadyRunning);
        }
        if self.last_completed_at.is_some_and(|completed| now < completed + PAUSE) {
            return Err(Cause::SynchronizedRecently);
        }
        self.start(now);
        Ok(())
    }

    fn start(&mut self, at: DateTime<Utc>) {
        let plan = self.next.take().unwrap_or_else(|| self.usual.clone());
        self.current = Some(Run { ends_at: later(at, plan.takes), error: plan.error });
    }

    /// Takes the run that has ended by now, if one has.
    pub(crate) fn take_ended(&mut self, now: DateTime<Utc>) -> Option<FinishedRun> {
        let run = self.current.take_if(|run| run.ends_at <= now)?;
        Some(FinishedRun::new(run.ends_at, run.error))
    }

    /// Remembers how a run ended.
    pub(crate) fn finish(&mut self, run: FinishedRun) {
        if run.error.is_none() {
            self.last_completed_at = Some(run.at);
        }
        self.last = Some(run);
    }

    /// When a manual run can start again; `None` if it can now.
    #[cfg(feature = "program")]
    pub(crate) fn free_at(&self) -> Option<DateTime<Utc>> {
        let ends_at = self.current.as_ref().map(|run| run.ends_at);
        ends_at.or(self.last_completed_at).map(|completed| completed + PAUSE)
    }

    /// Ends the run under way, if there is one, with these words.
    #[cfg(feature = "program")]
    pub(crate) fn end_as(&mut self, status: String, error: Option<String>, now: DateTime<Utc>) {
        if self.current.take().is_some() {
            self.finish(FinishedRun { at: now, status, error });
        }
    }

    /// Starts the automatic run that is due by now, 30 minutes after the last one or after `since`.
    pub(crate) fn start_due(&mut self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let due = self.last.as_ref().map_or(since, |last| last.at.max(since)) + PAUSE;
        let starts = self.current.is_none() && due <= now;
        if starts {
            self.start(due);
        }
        starts
    }

    /// Forgets every run, as when the configuration is deleted. How runs go stays as it was told.
    pub(crate) fn forget(&mut self) {
        *self = Self { next: self.next.take(), ..Self::new(self.usual.clone()) };
    }
}
