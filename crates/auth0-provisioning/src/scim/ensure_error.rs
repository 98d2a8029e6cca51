//! Why a SCIM configuration is not as desired.

use std::fmt;

use auth0_transport::Error;

use super::{ScimChanges, ScimOutcome};
use crate::VerbError;

/// Why a SCIM configuration is not as desired. See [`VerbError`] for what it has in common with other errors.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EnsureScimError {
    /// A call failed.
    #[non_exhaustive]
    Call {
        /// The failed call.
        source: Error,
        /// What was done before it.
        done: ScimOutcome,
        /// A write that may have been processed, because its answer was lost and the configuration could not be read
        /// afterwards. Run it again: it starts with a read.
        lost: Option<ScimOutcome>,
    },
    /// The tenant accepted a write and did not apply some of it.
    ///
    /// Compare the desired state with what the strategy of the connection allows.
    #[non_exhaustive]
    Ignored {
        /// What was done.
        done: ScimOutcome,
        /// What still differs from the desired state.
        ignored: Box<ScimChanges>,
    },
}

impl EnsureScimError {
    /// What was written before it ended; [`ScimOutcome::Unchanged`] if nothing was.
    #[must_use]
    pub fn done(&self) -> &ScimOutcome {
        match self {
            Self::Call { done, .. } | Self::Ignored { done, .. } => done,
        }
    }
}

impl VerbError for EnsureScimError {
    fn call_error(&self) -> Option<&Error> {
        match self {
            Self::Call { source, .. } => Some(source),
            Self::Ignored { .. } => None,
        }
    }
}

impl fmt::Display for EnsureScimError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { source, lost: Some(_), .. } => {
                write!(formatter, "no answer to a write, which may have been processed; then: {source}")?;
            }
            Self::Call { source, .. } => source.fmt(formatter)?,
            Self::Ignored { ignored, .. } => {
                let ignored = ignored.to_string().replace('\n', ", ");
                write!(formatter, "the tenant accepted a write and did not apply all of it; missing: {ignored}")?;
            }
        }
        match self.done() {
            ScimOutcome::Unchanged => Ok(()),
            done => write!(formatter, " (before that: {})", done.to_string().replace('\n', ", ")),
        }
    }
}

impl std::error::Error for EnsureScimError {}
