//! What a command set out to change, and how far it has come. It is reported also when the command fails or is interrupted.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use auth0_provisioning::chrono::{DateTime, Utc};

use crate::{
    failure::Failure,
    output::{Cell, Column, Results, Tone},
};

/// How many names an account lists.
const NAMED: usize = 10;

/// How far a piece of work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was sent.
    NotDone,
    /// A part of it is done, and nothing is under way.
    Partly,
    /// It was sent, and there is no response.
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
}

/// One of the things that a command changes.
pub(crate) trait Piece {
    fn name(&self) -> String;
    fn state(&self) -> State;
}

/// What a command changes, piece by piece. Clones share it.
pub(crate) struct Work<T>(Arc<Mutex<Vec<T>>>);

impl<T> Work<T> {
    pub(crate) fn new(pieces: Vec<T>) -> Self {
        Self(Arc::new(Mutex::new(pieces)))
    }

    pub(crate) fn pieces(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes one of the pieces.
    pub(crate) fn change(&self, number: usize, change: impl FnOnce(&mut T)) {
        if let Some(piece) = self.pieces().get_mut(number) {
            change(piece);
        }
    }
}

impl<T> Clone for Work<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Work that was not reported yet.
pub(crate) trait Unreported: Send {
    /// The work in words.
    fn account(&self) -> String;
    /// Whether something was changed, or may have been.
    fn has_effect(&self) -> bool;
    /// Writes a record for each piece, with those of the fields that it has.
    fn write(&self, results: &mut Results, now: DateTime<Utc>) -> Result<(), Failure>;
}

pub(crate) struct Records<T: 'static> {
    pub(crate) work: Work<T>,
    pub(crate) columns: &'static [Column<T>],
}

impl<T: Piece + Send> Unreported for Records<T> {
    fn account(&self) -> String {
        let pieces = self.work.pieces();
        let of = |states: &[State]| -> Vec<String> {
            pieces.iter().filter(|piece| states.contains(&piece.state())).map(Piece::name).collect()
        };
        let done = of(&[State::Done, State::Unchanged]);
        let mut account = format!("done: {}", if done.is_empty() { "nothing".to_owned() } else { names(&done) });
        for (title, states) in [
            ("partly done", &[State::Partly][..]),
            ("not known", &[State::Unknown]),
            ("failed", &[State::Failed]),
            ("not done", &[State::NotDone]),
        ] {
            let pieces = of(states);
            if !pieces.is_empty() {
                // Writing to a string cannot fail.
                let _ = write!(account, "; {title}: {}", names(&pieces));
            }
        }
        account
    }

    fn has_effect(&self) -> bool {
        let pieces = self.work.pieces();
        pieces.iter().any(|piece| matches!(piece.state(), State::Done | State::Partly | State::Unknown))
    }

    fn write(&self, results: &mut Results, now: DateTime<Utc>) -> Result<(), Failure> {
        results.known_fields(self.columns).list(self.columns, &self.work.pieces(), now)
    }
}

fn names(pieces: &[String]) -> String {
    if pieces.len() <= NAMED {
        pieces.join(", ")
    } else {
        format!("{} and {} more", pieces[..NAMED].join(", "), pieces.len() - NAMED)
    }
}
