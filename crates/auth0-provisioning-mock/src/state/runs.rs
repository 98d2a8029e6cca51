//! Synchronization runs: how long they take, how they end, and when the next may start.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::clock::{earlier, later};

/// How long after a completed run a manual one is refused, and an automatic one waits.
pub(crate) const PAUSE: TimeDelta = TimeDelta::minutes(30);

/// How a synchronization run goes: it takes its time, and then completes, fails, or fails for some users.
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
#[serde(default, deny_unknown_fields)]
pub struct Synchronization {
    takes: Duration,
    pub(crate) error: Option<String>,
    hangs: bool,
    pub(crate) status: Option<String>,
    /// Reasons by the ids that users have in the directory.
    pub(crate) user_errors: BTreeMap<String, String>,
}

impl Synchronization {
    /// A run that completes after this time.
    #[must_use]
    pub fn completes_after(takes: Duration) -> Self {
        Self { takes, error: None, hangs: false, status: None, user_errors: BTreeMap::new() }
    }

    /// A run that fails after this time, with this as `last_synchronization_error`. Nobody arrives.
    #[must_use]
    pub fn fails_after(takes: Duration, error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), ..Self::completes_after(takes) }
    }

    /// A run that never ends.
    #[must_use]
    pub fn hangs() -> Self {
        Self { hangs: true, ..Self::completes_after(Duration::ZERO) }
    }

    /// Fails for one user, by the id that the user has in the directory; the others arrive. A user whom the directory does
    /// not hold cannot fail: put one there by [`Connection::directory_user`](crate::Connection::directory_user).
    #[must_use]
    pub fn fails_for(mut self, directory_user_id: impl Into<String>, reason: impl Into<String>) -> Self {
        self.user_errors.insert(directory_user_id.into(), reason.into());
        self
    }

    /// Ends with this as its status, in place of `completed` or `failed`.
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
    /// How runs go unless told otherwise.
    usual: Synchronization,
    /// How the next run goes, if not as usual.
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
    /// Whether it started by itself.
    pub(crate) scheduled: bool,
    pub(crate) plan: Synchronization,
}

impl Run {
    /// When it ends, if it does.
    pub(crate) fn ends_at(&self) -> Option<DateTime<Utc>> {
        (!self.plan.hangs).then(|| later(self.started_at, self.plan.takes))
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FinishedRun {
    pub(crate) at: DateTime<Utc>,
    /// Free text; ours is `completed` or `failed`.
    pub(crate) status: String,
    pub(crate) error: Option<String>,
}

/// A run that a tenant is seeded with: when it ended, and how it went.
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
    #[cfg_attr(not(feature = "control"), allow(dead_code))] // seed files alone tell it so
    Ago(Duration),
}

impl PastRun {
    /// The run, and when it ended, for a tenant that starts at this time.
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
    pub(crate) fn new(usual: Synchronization) -> Self {
        Self { usual, ..Self::default() }
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
        let plan = self.next.take().unwrap_or_else(|| self.usual.clone());
        self.current.insert(Run { id, started_at: at, scheduled, plan })
    }

    /// Takes the run that has ended by now, if one has, and tells when it ended.
    pub(crate) fn take_ended(&mut self, now: DateTime<Utc>) -> Option<(Run, DateTime<Utc>)> {
        let ends_at = self.current.as_ref()?.ends_at().filter(|end| *end <= now)?;
        Some((self.current.take()?, ends_at))
    }

    /// Remembers how a run ended.
    pub(crate) fn finish(&mut self, run: FinishedRun) {
        if run.error.is_none() {
            self.last_completed_at = Some(run.at);
        }
        self.last = Some(run);
    }

    /// The run under way, if there is one.
    #[cfg(feature = "control")]
    pub(crate) fn current(&self) -> Option<&Run> {
        self.current.as_ref()
    }

    /// When a manual run can start again; `None` if it can now.
    #[cfg(feature = "program")]
    pub(crate) fn free_at(&self) -> Option<DateTime<Utc>> {
        let ends_at = self.current.as_ref().and_then(Run::ends_at);
        ends_at.or(self.last_completed_at).map(|completed| completed + PAUSE)
    }

    /// Ends the run under way, if there is one, with these words.
    #[cfg(feature = "program")]
    pub(crate) fn end_as(&mut self, status: String, error: Option<String>, now: DateTime<Utc>) {
        if self.current.take().is_some() {
            self.finish(FinishedRun { at: now, status, error });
        }
    }

    /// When the automatic run is due, 30 minutes after the last one or after `since`; never while one is under way.
    pub(crate) fn due_at(&self, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let free = self.current.is_none();
        free.then(|| self.last.as_ref().map_or(since, |last| last.at.max(since)) + PAUSE)
    }

    /// Starts an automatic run.
    pub(crate) fn start_due(&mut self, id: String, at: DateTime<Utc>) -> &Run {
        self.start(id, at, true)
    }

    /// Forgets every run, as when the configuration is deleted. How runs go stays as it was told.
    pub(crate) fn forget(&mut self) {
        *self = Self { next: self.next.take(), ..Self::new(self.usual.clone()) };
    }
}
