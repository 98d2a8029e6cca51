//! The last synchronization run of a connection.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{DirectoryProvisioning, RunState};

/// The last synchronization run of a connection, as its configuration reports it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LastRun {
    /// When it took place.
    pub at: Option<DateTime<Utc>>,
    /// Its state, as far as the API's text says.
    pub state: RunState,
    /// The API's own status: free text.
    pub status: Option<String>,
    /// The error of the run, if it failed.
    pub error: Option<String>,
    /// Whether it is the run that a call requested; `None` where no run was to be requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<RunOrigin>,
    /// The run's report from the log: its start, its end, and the users for which it failed. `None` unless the call waited
    /// for the run and the token has the scope `read:logs` or `read:logs_users`.
    #[cfg(feature = "logs")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Box<crate::RunReport>>,
}

/// The origin of the run that a call waited for after it requested one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunOrigin {
    /// The run that the call requested.
    Requested,
    /// A run that was running already.
    Other,
    /// It cannot be decided: a run failed in the seconds in which the call requested one, or the response to the request was
    /// lost. The configuration does not say whose run it reports; the log does, for a token with the scope `read:logs`.
    Undecided,
}

impl LastRun {
    /// The last run that a configuration reports; `None` before the first.
    #[must_use]
    pub fn of(configuration: &DirectoryProvisioning) -> Option<Self> {
        let at = configuration.last_synchronization_at;
        let status = configuration.last_synchronization_status.clone().filter(|status| !status.is_empty());
        let error = configuration.last_synchronization_error.clone().filter(|error| !error.is_empty());
        if at.is_none() && status.is_none() && error.is_none() {
            return None;
        }
        let state = RunState::of(status.as_deref(), error.is_some());
        Some(Self { status, error, ..Self::new(at, state) })
    }

    /// A run of which the time and the state are known.
    pub(crate) fn new(at: Option<DateTime<Utc>>, state: RunState) -> Self {
        Self {
            at,
            state,
            status: None,
            error: None,
            origin: None,
            #[cfg(feature = "logs")]
            report: None,
        }
    }

    /// With what the log says of it. A failure there counts, whatever the configuration says.
    #[cfg(feature = "logs")]
    pub(crate) fn reported(mut self, report: crate::RunReport) -> Self {
        if report.state == RunState::Failed {
            self.state = RunState::Failed;
            let message = report.failure.as_ref().map(|failure| failure.message.clone());
            self.error = self.error.or(message.filter(|message| !message.is_empty()));
        }
        self.report = Some(Box::new(report));
        self
    }

    /// How long ago it took place; `None` if the API does not say. Zero where `now` is earlier.
    #[must_use]
    pub fn age(&self, now: DateTime<Utc>) -> Option<Duration> {
        Some(now.signed_duration_since(self.at?).to_std().unwrap_or_default())
    }

    /// Whether no run has ended without an error within this time: the last one failed or is older. A run that is still
    /// running is judged by its time alone, the first one of a connection as not stale.
    #[must_use]
    pub fn is_stale(&self, age: Duration, now: DateTime<Utc>) -> bool {
        let too_old = self.age(now).map_or(self.state != RunState::Running, |present| present > age);
        self.state == RunState::Failed || too_old
    }
}

/// One line: state, time, error.
impl fmt::Display for LastRun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.status, self.state) {
            (Some(status), RunState::Unknown) => write!(formatter, "ended as {status:?}")?,
            (_, state) => state.fmt(formatter)?,
        }
        if let Some(at) = self.at {
            write!(formatter, " at {}", at.format("%Y-%m-%d %H:%M:%S UTC"))?;
        }
        if let Some(error) = &self.error {
            write!(formatter, ": {error}")?;
        }
        if self.origin == Some(RunOrigin::Undecided) {
            formatter.write_str("; it may be another run than the requested one")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(state: RunState, at: Option<&str>) -> LastRun {
        LastRun::new(at.map(|at| at.parse().unwrap()), state)
    }

    #[test]
    fn a_run_that_is_running_is_not_stale_for_that_alone() {
        let (day, now) = (Duration::from_secs(86_400), "2026-05-05T12:00:00Z".parse().unwrap());
        let (recent, old) = (Some("2026-05-05T03:00:00Z"), Some("2026-05-04T03:00:00Z"));
        for (state, at, stale) in [
            (RunState::Running, None, false),
            (RunState::Running, recent, false),
            (RunState::Running, old, true),
            (RunState::Completed, recent, false),
            (RunState::Completed, old, true),
            (RunState::Completed, None, true),
            (RunState::Unknown, recent, false),
            (RunState::Failed, recent, true),
        ] {
            assert_eq!(run(state, at).is_stale(day, now), stale, "{state} {at:?}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_have_an_age_too() {
        let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        let at = |at| LastRun::new(Some(at), RunState::Completed);
        assert!(at(first).age(last).unwrap() > Duration::from_secs(1 << 43));
        assert_eq!(at(last).age(first), Some(Duration::ZERO));
    }
}
