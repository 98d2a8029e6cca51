//! How making a configuration what it should be has ended.

use std::fmt;

use auth0_transport::Error;
use chrono::{DateTime, Utc};

use super::Changes;
use crate::DirectoryProvisioning;

/// What was done, or after a dry run would be done, and the configuration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ensured {
    /// What was done.
    pub outcome: Outcome,
    /// The configuration as it is now; `None` only after a dry run that found none.
    pub configuration: Option<DirectoryProvisioning>,
}

/// What was done, or after a dry run would be done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// There was no configuration.
    Created,
    /// There was one, and it was not as desired.
    Updated(Changes),
    /// There was one as desired; nothing was written.
    Unchanged,
}

impl Ensured {
    pub(super) fn new(outcome: Outcome, configuration: Option<DirectoryProvisioning>) -> Self {
        Self { outcome, configuration }
    }
}

impl Outcome {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        *self == Self::Unchanged
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => formatter.write_str("created"),
            Self::Updated(changes) => write!(formatter, "updated\n{changes}"),
            Self::Unchanged => formatter.write_str("unchanged"),
        }
    }
}

/// Why a configuration could not be made what it should be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EnsureError {
    /// A call failed.
    Call(Error),
    /// The configuration was written to since the time that
    /// [`if_not_updated_since`](super::Ensure::if_not_updated_since) names. Nothing was written now.
    ///
    /// Look at it anew.
    Modified {
        /// When it was expected to have been written last.
        expected: DateTime<Utc>,
        /// When it was written last; `None` if it is gone.
        found: Option<DateTime<Utc>>,
    },
    /// What was written was undone by another writer right away.
    ///
    /// Find out who else manages this connection.
    Overwritten {
        /// The `updated_at` of our own write.
        written_at: DateTime<Utc>,
        /// The `updated_at` of the other write; `None` if the configuration was deleted.
        found: Option<DateTime<Utc>>,
        /// What would have to change again.
        undone: Changes,
    },
}

impl fmt::Display for EnsureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(formatter),
            Self::Modified { expected, found: Some(found) } => {
                write!(formatter, "the configuration was expected to be that of {expected}, and was updated at {found}")
            }
            Self::Modified { expected, found: None } => {
                write!(formatter, "the configuration was expected to be that of {expected}, and is gone")
            }
            Self::Overwritten { written_at, found: Some(found), undone } => {
                let undone = undone.to_string().replace('\n', ", ");
                write!(formatter, "what was written at {written_at} was undone by another writer at {found}: {undone}")
            }
            Self::Overwritten { written_at, found: None, .. } => {
                write!(formatter, "what was written at {written_at} was deleted by another writer")
            }
        }
    }
}

impl std::error::Error for EnsureError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }
}
