//! How values of the API are shown in tables.

use auth0_provisioning::{
    RunState, SynchronizeGroups,
    chrono::{DateTime, Utc},
};

use crate::{
    duration,
    output::{Cell, Tone},
};

pub(super) fn time(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Cell {
    at.map_or_else(Cell::none, |at| Cell::plain(duration::relative(at, now)))
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
