//! Cells of tables for values of the API.

use auth0_provisioning::{
    RunState, SynchronizeGroups,
    chrono::{DateTime, Utc},
};

use crate::{
    duration,
    output::{Cell, Tone},
};

pub(super) fn time(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Cell {
    Cell::optional(at.map(|at| duration::relative(at, now)), Tone::Plain)
}

/// The end of a token, which can have none.
pub(super) fn end(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Cell {
    at.map_or_else(|| Cell::plain("never"), |at| time(Some(at), now))
}

pub(super) fn failed_users(users: Option<u64>) -> Cell {
    Cell::optional(users.filter(|users| *users > 0).map(|users| format!("{users} failed")), Tone::Bad)
}

pub(super) fn state(state: Option<RunState>) -> Cell {
    match state {
        None => Cell::new("never ran", Tone::Dim),
        Some(RunState::Completed) => Cell::new("completed", Tone::Good),
        Some(RunState::Failed) => Cell::new("failed", Tone::Bad),
        Some(RunState::Running) => Cell::new("running", Tone::Warning),
        Some(_) => Cell::new("unknown", Tone::Warning),
    }
}

pub(super) fn groups(mode: Option<&SynchronizeGroups>) -> Cell {
    match mode {
        None | Some(SynchronizeGroups::Off) => Cell::new("off", Tone::Dim),
        Some(mode) => Cell::plain(mode.to_string()),
    }
}

pub(super) fn yes_or_no(yes: bool) -> Cell {
    if yes { Cell::plain("yes") } else { Cell::new("no", Tone::Dim) }
}
