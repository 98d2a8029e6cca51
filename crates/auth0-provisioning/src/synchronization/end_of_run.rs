//! When a run counts as ended.

use chrono::{DateTime, Utc};

use crate::{LastRun, RunState};

/// Decides whether the run that is waited for has ended, by what the configuration reports.
///
/// The status is free text, so the time decides: the run has ended once `last_synchronization_at` has moved on, unless
/// the status is known to mean that the run is still running; or once such a status was seen and is gone.
#[derive(Clone, Debug)]
pub(super) struct EndOfRun {
    before: Option<LastRun>,
    running_seen: bool,
}

impl EndOfRun {
    /// With what the configuration reported before.
    pub(super) fn after(before: Option<LastRun>) -> Self {
        Self { running_seen: is_running(before.as_ref()), before }
    }

    /// Any run that ended after this time counts.
    pub(super) fn since(time: DateTime<Utc>) -> Self {
        let before = LastRun::new(Some(time), RunState::Unknown);
        Self { before: Some(before), running_seen: false }
    }

    /// The run that is waited for was started just now. One that was running before was another one, and is over.
    pub(super) fn started_anew(&mut self) {
        self.running_seen = false;
    }

    /// Whether the run has ended, given what the configuration reports now.
    pub(super) fn is_reached(&mut self, now: Option<&LastRun>) -> bool {
        if is_running(now) {
            self.running_seen = true;
            return false;
        }
        self.running_seen || self.has_moved(now)
    }

    /// Whether a run was requested or has ended since then: what a lost answer to the request leaves open.
    pub(super) fn shows_a_run(&self, now: Option<&LastRun>) -> bool {
        is_running(now) || self.has_moved(now)
    }

    /// When the run before ended, if one did.
    #[cfg(feature = "logs")]
    pub(super) fn before_at(&self) -> Option<DateTime<Utc>> {
        self.before.as_ref().and_then(|before| before.at)
    }

    /// A time that has moved back is that of an older copy of the configuration.
    fn has_moved(&self, now: Option<&LastRun>) -> bool {
        let Some(now) = now else { return false };
        let Some(before) = &self.before else { return true };
        match (before.at, now.at) {
            (Some(before), Some(now)) => now > before,
            (None, Some(_)) => true,
            (_, None) => before != now,
        }
    }
}

fn is_running(run: Option<&LastRun>) -> bool {
    run.is_some_and(|run| !run.state.has_ended())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(state: RunState, minute: Option<u32>) -> LastRun {
        let at = minute.map(|minute| format!("2026-05-05T12:{minute:02}:00Z").parse().unwrap());
        LastRun::new(at, state)
    }

    #[test]
    fn the_time_decides_and_a_known_running_status_defers() {
        use RunState::{Completed, Failed, Running, Unknown};
        let completed = Some(run(Completed, Some(10)));
        let same = &completed;
        for (before, seen, ended) in [
            (None, vec![None], false),
            (None, vec![Some(run(Unknown, Some(1)))], true),
            (None, vec![Some(run(Failed, None))], true),
            (completed.clone(), vec![same.clone()], false),
            // Statuses that nobody listed: `partial`, `skipped`.
            (completed.clone(), vec![Some(run(Unknown, Some(20)))], true),
            (completed.clone(), vec![Some(run(Running, Some(20)))], false),
            (completed.clone(), vec![Some(run(Running, Some(20))), Some(run(Unknown, Some(20)))], true),
            // A run was seen running, and the status of the run before is back: it has ended all the same.
            (completed.clone(), vec![Some(run(Running, Some(10))), same.clone()], true),
            (Some(run(Running, Some(10))), vec![Some(run(Completed, Some(10)))], true),
            // An older copy.
            (completed.clone(), vec![Some(run(Completed, Some(5)))], false),
            (completed.clone(), vec![None], false),
        ] {
            let mut end = EndOfRun::after(before.clone());
            let last = seen.iter().map(|now| end.is_reached(now.as_ref())).last();
            assert_eq!(last, Some(ended), "{before:?} {seen:?}");
        }
    }

    #[test]
    fn a_run_that_was_running_before_ours_was_started_is_not_ours() {
        let mut end = EndOfRun::after(Some(run(RunState::Running, Some(10))));
        end.started_anew();
        assert!(!end.is_reached(Some(&run(RunState::Completed, Some(10)))));
        assert!(!end.is_reached(Some(&run(RunState::Running, Some(10)))));
        assert!(end.is_reached(Some(&run(RunState::Completed, Some(20)))));
    }
}
