//! The error of `ensure`.

use std::fmt;

use auth0_transport::Error;
use chrono::{DateTime, Utc};

use super::{Changes, Outcome};
use crate::VerbError;

/// The error of `ensure`. See [`VerbError`] for the methods that all errors share.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EnsureError<C = Changes> {
    /// A call failed.
    #[non_exhaustive]
    Call {
        /// The failed call.
        source: Error,
        /// The changes made before it.
        done: Outcome<C>,
    },
    /// The response to a write was lost, and the configuration was not read afterwards: the read failed, or the server asks
    /// to wait for longer than there is time.
    ///
    /// Run it again: it starts with a read.
    #[non_exhaustive]
    Unknown {
        /// The failed read, or the write where none followed.
        source: Error,
        /// The changes that were certainly made.
        done: Outcome<C>,
        /// Further changes that may have been made.
        lost: Outcome<C>,
    },
    /// The configuration was written to after the time given to
    /// [`if_not_updated_since`](super::Ensure::if_not_updated_since). Nothing was written now.
    ///
    /// Review it again.
    #[non_exhaustive]
    Modified {
        /// The expected time of the last write.
        expected: DateTime<Utc>,
        /// The actual time of the last write; `None` if the configuration was deleted.
        found: Option<DateTime<Utc>>,
    },
    /// Another writer deleted the configuration after the list was read. It was not created again.
    ///
    /// [`ensure_each`](crate::Client::ensure_each) creates configurations.
    #[non_exhaustive]
    Deleted {
        /// The changes made before that.
        done: Outcome<C>,
    },
    /// Another writer undid what was written, right away.
    ///
    /// Find out what else manages this connection.
    #[non_exhaustive]
    Overwritten {
        /// The changes made before that.
        done: Outcome<C>,
        /// The `updated_at` of our own last write.
        written_at: DateTime<Utc>,
        /// The `updated_at` of the other write; `None` if the configuration was deleted.
        found: Option<DateTime<Utc>>,
        /// The changes of the other writer.
        undone: Box<C>,
    },
    /// The tenant accepted a write and did not apply some of its fields. They were written once.
    ///
    /// Compare the desired state with what the connection and the plan of the tenant allow.
    #[non_exhaustive]
    Ignored {
        /// The changes that were made.
        done: Outcome<C>,
        /// The remaining differences to the desired state.
        ignored: Box<C>,
    },
}

impl<C> EnsureError<C> {
    /// Returns the changes made before the error; [`Outcome::Unchanged`] if there are none.
    #[must_use]
    pub fn done(&self) -> &Outcome<C> {
        match self {
            Self::Call { done, .. }
            | Self::Unknown { done, .. }
            | Self::Deleted { done }
            | Self::Overwritten { done, .. }
            | Self::Ignored { done, .. } => done,
            Self::Modified { .. } => &Outcome::Unchanged,
        }
    }
}

impl<C: fmt::Debug + fmt::Display> VerbError for EnsureError<C> {
    fn call_error(&self) -> Option<&Error> {
        match self {
            Self::Call { source, .. } | Self::Unknown { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl<C: fmt::Display> fmt::Display for EnsureError<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one_line = |changes: &C| changes.to_string().replace('\n', ", ");
        match self {
            Self::Call { source, .. } => source.fmt(formatter)?,
            Self::Unknown { source, lost, .. } => {
                let lost = lost.to_string().replace('\n', ", ");
                write!(formatter, "no response to a write, which may have been processed ({lost}); then: {source}")?;
            }
            Self::Modified { expected, found: Some(found) } => {
                return write!(formatter, "expected the configuration of {expected}; it was updated at {found}");
            }
            Self::Modified { expected, found: None } => {
                return write!(formatter, "expected the configuration of {expected}; it was deleted");
            }
            Self::Deleted { .. } => formatter.write_str("the configuration was deleted by another writer")?,
            Self::Overwritten { written_at, found: Some(found), undone, .. } => {
                let undone = one_line(undone);
                write!(
                    formatter,
                    "what was written at {written_at} was changed by another writer at {found}: {undone}"
                )?;
            }
            Self::Overwritten { written_at, found: None, .. } => {
                write!(formatter, "what was written at {written_at} was deleted by another writer")?;
            }
            Self::Ignored { ignored, .. } => {
                write!(
                    formatter,
                    "the tenant accepted a write and did not apply all of it; missing: {}",
                    one_line(ignored)
                )?;
            }
        }
        match self.done() {
            Outcome::Unchanged => Ok(()),
            done => write!(formatter, " (before that: {})", done.to_string().replace('\n', ", ")),
        }
    }
}

impl<C: fmt::Debug + fmt::Display> std::error::Error for EnsureError<C> {}
