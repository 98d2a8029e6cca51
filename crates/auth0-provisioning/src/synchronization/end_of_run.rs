//! When a run counts as ended.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{LastRun, RunOrigin, RunState};

/// How far the clocks of a tenant may differ.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(2);

/// Decides whether the awaited run has ended, by what the configuration reports.
///
/// The status is free text, so the time decides: the run has ended once `last_synchronization_at` has moved on, unless
/// the status is known to mean that the run is still running; or once such a status was seen and is gone.
///
/// The configuration does not say whose run it reports. While a requested run is running, no other one starts; but one that
/// was running may have failed between our read and our request. The time of the request distinguishes them.
#[derive(Clone, Debug)]
pub(super) struct EndOfRun {
    before: Option<LastRun>,
    running_seen: bool,
    /// Whether the tenant accepted a request for the run.
    is_requested: bool,
    /// When it did, if it says so.
    requested: Option<RequestTime>,
    /// Whose run the awaited one is, where a run was to be requested.
    origin: Option<RunOrigin>,
}

/// When a run was requested, by the server's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestTime {
    pub(super) earliest: DateTime<Utc>,
    pub(super) latest: DateTime<Utc>,
}

impl EndOfRun {
    /// With what the configuration reported before.
    pub(super) fn after(before: Option<LastRun>) -> Self {
        let running_seen = is_running(before.as_ref());
        Self { running_seen, before, is_requested: false, requested: None, origin: None }
    }

    /// Any run that ended after this time counts.
    pub(super) fn since(time: DateTime<Utc>) -> Self {
        let before = LastRun::new(Some(time), RunState::Unknown);
        Self { running_seen: false, ..Self::after(Some(before)) }
    }

    /// The awaited run was requested just now. One that was running before was another one, and is over.
    pub(super) fn requested(&mut self, time: Option<RequestTime>) {
        self.running_seen = false;
        self.origin = Some(RunOrigin::Undecided);
        self.is_requested = true;
        self.requested = time;
    }

    /// Whether the tenant accepted a request for the run, so that it ends after all others.
    pub(super) fn is_requested(&self) -> bool {
        self.is_requested
    }

    /// A run is joined that was running already; it may be ours where the response to our request was lost.
    pub(super) fn joined(&mut self, may_be_ours: bool) {
        self.origin = Some(if may_be_ours { RunOrigin::Undecided } else { RunOrigin::Other });
    }

    /// The run that the configuration reports now, if it is the awaited one and has ended.
    pub(super) fn reached(&mut self, now: Option<&LastRun>) -> Option<LastRun> {
        let run = now?;
        if is_running(now) {
            self.running_seen = true;
            return None;
        }
        if !self.running_seen && !self.has_moved(now) {
            return None;
        }
        let origin = match (self.requested, run.at) {
            _ if !self.is_requested => self.origin,
            _ if self.running_seen => Some(RunOrigin::Requested),
            (Some(time), Some(at)) if at < time.earliest - CLOCKS_APART => return None,
            (Some(time), Some(at)) if at > time.latest + CLOCKS_APART => Some(RunOrigin::Requested),
            // Within 30 minutes after a run completed, no other one could have been requested.
            _ if run.state == RunState::Completed => Some(RunOrigin::Requested),
            _ => self.origin,
        };
        Some(LastRun { origin, ..run.clone() })
    }

    /// Whether a run was requested or has ended since then: what a lost response to the request leaves open.
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
            // Statuses that this version does not know: `partial`, `skipped`.
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
            let last = seen.iter().map(|now| end.reached(now.as_ref()).is_some()).last();
            assert_eq!(last, Some(ended), "{before:?} {seen:?}");
        }
    }

    /// Whose run it is that has ended.
    fn origin(end: &mut EndOfRun, now: &LastRun) -> Option<RunOrigin> {
        end.reached(Some(now)).and_then(|run| run.origin)
    }

    fn requested_at(minute: u32) -> RequestTime {
        let at = run(RunState::Unknown, Some(minute)).at.unwrap();
        RequestTime { earliest: at, latest: at + TimeDelta::seconds(1) }
    }

    #[test]
    fn run_that_was_running_before_the_request_is_another_one() {
        let mut end = EndOfRun::after(Some(run(RunState::Running, Some(10))));
        end.requested(Some(requested_at(12)));
        assert_eq!(end.reached(Some(&run(RunState::Completed, Some(10)))), None);
        assert_eq!(end.reached(Some(&run(RunState::Running, Some(10)))), None);
        assert_eq!(origin(&mut end, &run(RunState::Completed, Some(20))), Some(RunOrigin::Requested));
    }

    #[test]
    fn distinguishes_runs_by_request_time() {
        use RunOrigin::{Requested, Undecided};
        use RunState::{Completed, Failed, Unknown};
        for (state, minute, origin) in [
            (Failed, Some(11), None),
            (Completed, Some(11), None),
            (Failed, Some(12), Some(Undecided)),
            (Unknown, Some(12), Some(Undecided)),
            (Completed, Some(12), Some(Requested)),
            (Failed, Some(13), Some(Requested)),
            (Failed, None, Some(Undecided)),
        ] {
            let mut end = EndOfRun::after(Some(run(Completed, Some(5))));
            end.requested(Some(requested_at(12)));
            assert_eq!(self::origin(&mut end, &run(state, minute)), origin, "{state} {minute:?}");
        }
        // A server without a date.
        let mut end = EndOfRun::after(None);
        end.requested(None);
        assert_eq!(origin(&mut end, &run(Failed, Some(20))), Some(Undecided));
    }
}
