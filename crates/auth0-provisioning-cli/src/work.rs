//! The changes that a command makes and their states, which are reported even if the command fails or is interrupted.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use auth0_provisioning::{
    Error,
    chrono::{DateTime, Utc},
};

use crate::{
    failure::Failure,
    output::{Cell, Column, Results, Tone, first_names},
};

/// How many names a summary lists.
const NAMED: usize = 10;

/// The state of a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was sent.
    NotDone,
    /// A part of it is done, and no request is under way.
    Partly,
    /// A request was sent, and there is no response.
    Unknown,
    Done,
    /// There was nothing to do.
    Unchanged,
    Failed,
}

impl State {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotDone => "not_done",
            Self::Partly => "partly_done",
            Self::Unknown => "unknown",
            Self::Done => "done",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn cell(self) -> Cell {
        let tone = match self {
            Self::Done => Tone::Good,
            Self::Unchanged => Tone::Dim,
            Self::NotDone | Self::Partly | Self::Unknown => Tone::Warning,
            Self::Failed => Tone::Bad,
        };
        Cell::new(self.name().replace('_', " "), tone)
    }

    /// Returns the state of a write after an error: unknown, if the tenant may have processed it.
    pub(crate) fn after(error: Option<&Error>, otherwise: Self) -> Self {
        if error.is_some_and(Error::may_have_been_processed) { Self::Unknown } else { otherwise }
    }
}

/// One of the things that a command changes.
pub(crate) trait Piece {
    fn name(&self) -> String;
    fn state(&self) -> State;
}

/// The pieces of a change, with the columns of their report. Clones share the pieces.
pub(crate) struct Work<T: 'static> {
    columns: &'static [Column<T>],
    pieces: Arc<Mutex<Vec<T>>>,
}

impl<T> Work<T> {
    pub(crate) fn new(columns: &'static [Column<T>], pieces: Vec<T>) -> Self {
        Self { columns, pieces: Arc::new(Mutex::new(pieces)) }
    }

    pub(crate) fn pieces(&self) -> MutexGuard<'_, Vec<T>> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes one of the pieces.
    pub(crate) fn change(&self, number: usize, change: impl FnOnce(&mut T)) {
        if let Some(piece) = self.pieces().get_mut(number) {
            change(piece);
        }
    }
}

// A derived implementation would need `T: Clone`.
impl<T> Clone for Work<T> {
    fn clone(&self) -> Self {
        Self { columns: self.columns, pieces: Arc::clone(&self.pieces) }
    }
}

/// A report of a change.
pub(crate) trait Report: Send {
    /// Returns the names of the pieces by their states, such as `done: acme; not done: acme-labs`.
    fn summary(&self) -> String;
    /// Returns whether something was changed, or may have been.
    fn has_effect(&self) -> bool;
    /// Writes a record for each piece.
    fn write(&self, results: &mut Results, now: DateTime<Utc>) -> Result<(), Failure>;
}

impl<T: Piece + Send> Report for Work<T> {
    fn summary(&self) -> String {
        let pieces = self.pieces();
        let part = |(title, states): (&str, &[State])| {
            let in_state = pieces.iter().filter(|piece| states.contains(&piece.state()));
            let names: Vec<String> = in_state.map(Piece::name).collect();
            match names.as_slice() {
                [] if title == "done" => Some("done: nothing".to_owned()),
                [] => None,
                names => Some(format!("{title}: {}", first_names(names, NAMED))),
            }
        };
        let parts: [(&str, &[State]); 5] = [
            ("done", &[State::Done, State::Unchanged]),
            ("partly done", &[State::Partly]),
            ("not known", &[State::Unknown]),
            ("failed", &[State::Failed]),
            ("not done", &[State::NotDone]),
        ];
        parts.into_iter().filter_map(part).collect::<Vec<_>>().join("; ")
    }

    fn has_effect(&self) -> bool {
        let pieces = self.pieces();
        pieces.iter().any(|piece| matches!(piece.state(), State::Done | State::Partly | State::Unknown))
    }

    fn write(&self, results: &mut Results, now: DateTime<Utc>) -> Result<(), Failure> {
        results.keep_known_fields(self.columns);
        results.list(self.columns, &self.pieces(), now)
    }
}
