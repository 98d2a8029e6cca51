//! Synchronization runs: their course, their end, and the start of the next.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::clock::{earlier, later};
use crate::seconds;

/// The time after a completed run in which a manual run is rejected and an automatic run waits.
pub(crate) const PAUSE: TimeDelta = TimeDelta::minutes(30);

/// The course of a synchronization run: it takes a time, and then completes, fails, or fails for some users.
///
/// ```
/// use std::time::Duration;
/// use auth0_provisioning_mock::Synchronization;
///
/// let partly = Synchronization::completes_after(Duration::from_secs(40)).fails_for("u1", "The email is taken");
/// let strange = Synchronization::completes_after(Duration::from_secs(1)).status("partially_completed");
/// let endless = Synchronization::hangs();
/// # let _ = (partly, strange, endless);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "control", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Synchronization {
    /// The time from start to end. Defaults to zero.
    #[serde(default, rename = "takes_seconds", with = "seconds")]
    #[cfg_attr(feature = "control", schemars(with = "f64"))]
    takes: Duration,
    /// The reason why the whole run fails.
    pub(crate) error: Option<String>,
    /// Whether the run never ends.
    #[serde(default)]
    hangs: bool,
    /// The status at the end. Defaults to `completed` or `failed`.
    pub(crate) status: Option<String>,
    /// Reasons by the ids of users in the directory.
    #[serde(default)]
    pub(crate) user_errors: BTreeMap<String, String>,
}

impl Synchronization {
    /// A run that completes after this time.
    #[must_use]
    pub fn completes_after(takes: Duration) -> Self {
        Self { takes, error: None, hangs: false, status: None, user_errors: BTreeMap::new() }
    }

    /// A run that fails after this time, with this `last_synchronization_error`. No user arrives.
    #[must_use]
    pub fn fails_after(takes: Duration, error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), ..Self::completes_after(takes) }
    }

    /// A run that never ends.
    #[must_use]
    pub fn hangs() -> Self {
        Self { hangs: true, ..Self::completes_after(Duration::ZERO) }
    }

    /// Fails for one user, by the id in the directory; the others arrive. The directory must contain the user: see
    /// [`Connection::directory_user`](crate::Connection::directory_user).
    #[must_use]
    pub fn fails_for(mut self, directory_user_id: impl Into<String>, reason: impl Into<String>) -> Self {
        self.user_errors.insert(directory_user_id.into(), reason.into());
        self
    }

    /// Ends with this status, instead of `completed` or `failed`.
    #[must_use]
    pub fn status(mut self, status: impl Into<String>) -> Self {
        self.status = Some(status.into());
        self
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
    /// The course of each run.
    plan: Synchronization,
    /// The course of the next run, if it differs.
    pub(crate) next: Option<Synchronization>,
    current: Option<Run>,
    last: Option<FinishedRun>,
    last_completed_at: Option<DateTime<Utc>>,
}

/// A run under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) started_at: DateTime<Utc>,
    /// Whether it is an automatic run.
    pub(crate) scheduled: bool,
    pub(crate) plan: Synchronization,
}

impl Run {
    /// Returns the end of the run, or `None` if it never ends.
    pub(crate) fn ends_at(&self) -> Option<DateTime<Utc>> {
        (!self.plan.hangs).then(|| later(self.started_at, self.plan.takes))
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FinishedRun {
    pub(crate) at: DateTime<Utc>,
    /// `completed`, `failed`, or another text that a test sets.
    pub(crate) status: String,
    pub(crate) error: Option<String>,
}

/// A past run that a tenant is seeded with.
#[derive(Clone, Debug)]
pub(crate) struct PastRun {
    pub(crate) ended: Ended,
    pub(crate) scheduled: bool,
    pub(crate) plan: Synchronization,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Ended {
    At(DateTime<Utc>),
    /// This long before the tenant's start.
    #[cfg_attr(not(feature = "control"), allow(dead_code))] // used by seed files
    Ago(Duration),
}

impl PastRun {
    /// Returns the run and its end, for a tenant that starts now.
    pub(crate) fn into_run(self, id: String, now: DateTime<Utc>) -> (Run, DateTime<Utc>) {
        let ended_at = match self.ended {
            Ended::At(at) => at,
            Ended::Ago(ago) => earlier(now, ago),
        };
        let started_at = earlier(ended_at, self.plan.takes);
        (Run { id, started_at, scheduled: self.scheduled, plan: self.plan }, ended_at)
    }
}

impl FinishedRun {
    pub(crate) fn new(at: DateTime<Utc>, error: Option<String>) -> Self {
        let status = if error.is_some() { "failed" } else { "completed" };
        Self { at, status: status.to_owned(), error }
    }
}

impl Runs {
    pub(crate) fn new(plan: Synchronization) -> Self {
        Self { plan, ..Self::default() }
    }

    pub(crate) fn last(&self) -> Option<&FinishedRun> {
        self.last.as_ref()
    }

    /// Starts a run, unless one is under way or completed within the last 30 minutes.
    pub(crate) fn request(&mut self, id: String, now: DateTime<Utc>) -> Result<&Run, Cause> {
        if self.current.is_some() {
            return Err(Cause::AlreadyRunning);
        }
        if self.last_completed_at.is_some_and(|completed| now < completed + PAUSE) {
            return Err(Cause::SynchronizedRecently);
        }
        Ok(self.start(id, now, false))
    }

    fn start(&mut self, id: String, at: DateTime<Utc>, scheduled: bool) -> &Run {
        let plan = self.next.take().unwrap_or_else(|| self.plan.clone());
        self.current.insert(Run { id, started_at: at, scheduled, plan })
    }

    /// Takes the run that has ended by now, and returns its end.
    pub(crate) fn take_ended(&mut self, now: DateTime<Utc>) -> Option<(Run, DateTime<Utc>)> {
        let ends_at = self.current.as_ref()?.ends_at().filter(|end| *end <= now)?;
        Some((self.current.take()?, ends_at))
    }

    /// Records the end of a run.
    pub(crate) fn finish(&mut self, run: FinishedRun) {
        if run.error.is_none() {
            self.last_completed_at = Some(run.at);
        }
        self.last = Some(run);
    }

    /// Returns the running synchronization.
    #[cfg(feature = "control")]
    pub(crate) fn current(&self) -> Option<&Run> {
        self.current.as_ref()
    }

    /// Returns the time at which a manual run can start, or `None` if it can start now.
    #[cfg(feature = "program")]
    pub(crate) fn free_at(&self) -> Option<DateTime<Utc>> {
        let ends_at = self.current.as_ref().and_then(Run::ends_at);
        ends_at.or(self.last_completed_at).map(|completed| completed + PAUSE)
    }

    /// Ends the running synchronization with this status.
    #[cfg(feature = "program")]
    pub(crate) fn end_as(&mut self, status: String, error: Option<String>, now: DateTime<Utc>) {
        if self.current.take().is_some() {
            self.finish(FinishedRun { at: now, status, error });
        }
    }

    /// Returns the time of the next automatic run: 30 minutes after the last run or after `since`. There is none while a
    /// run is under way.
    pub(crate) fn due_at(&self, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let free = self.current.is_none();
        free.then(|| self.last.as_ref().map_or(since, |last| last.at.max(since)) + PAUSE)
    }

    /// Starts an automatic run.
    pub(crate) fn start_due(&mut self, id: String, at: DateTime<Utc>) -> &Run {
        self.start(id, at, true)
    }

    /// Forgets every run, but keeps the course of runs.
    pub(crate) fn forget(&mut self) {
        *self = Self { next: self.next.take(), ..Self::new(self.plan.clone()) };
    }
}
