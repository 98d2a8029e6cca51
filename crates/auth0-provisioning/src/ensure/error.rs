//! Why `ensure` did not reach the desired state.

use std::fmt;

use auth0_transport::Error;
use chrono::{DateTime, Utc};

use super::{Changes, Outcome};
use crate::VerbError;

/// Why a configuration is not as desired. See [`VerbError`] for what it has in common with other errors.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EnsureError<C = Changes> {
    /// A call failed.
    #[non_exhaustive]
    Call {
        /// The failed call.
        source: Error,
        /// What was done before it.
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
        /// What was done for certain.
        done: Outcome<C>,
        /// What may have been done on top of that.
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
        /// What was done before that.
        done: Outcome<C>,
    },
    /// Another writer undid what was written, right away.
    ///
    /// Find out what else manages this connection.
    #[non_exhaustive]
    Overwritten {
        /// What was done before that.
        done: Outcome<C>,
        /// The `updated_at` of our own last write.
        written_at: DateTime<Utc>,
        /// The `updated_at` of the other write; `None` if the configuration was deleted.
        found: Option<DateTime<Utc>>,
        /// What the other writer changed.
        undone: Box<C>,
    },
    /// The tenant accepted a write and did not apply some of its fields. They were written once.
    ///
    /// Compare the desired state with what the connection and the plan of the tenant allow.
    #[non_exhaustive]
    Ignored {
        /// What was done.
        done: Outcome<C>,
        /// What still differs from the desired state.
        ignored: Box<C>,
    },
}

impl<C> EnsureError<C> {
    /// What was written before it ended; [`Outcome::Unchanged`] if nothing was.
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
