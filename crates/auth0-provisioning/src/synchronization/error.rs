//! Why a synchronization did not complete.

use std::{fmt, time::Duration};

use auth0_transport::Error;
use chrono::{DateTime, Utc};

use crate::LastRun;

/// Why a synchronization did not complete, as far as we know.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SynchronizeError {
    /// The run ended with an error.
    Failed(LastRun),
    /// The run had not ended when the time was over. It goes on all the same.
    ///
    /// Wait again: a run that is under way is joined.
    TimedOut {
        /// How long it was waited.
        waited: Duration,
        /// What the configuration told last; `None` if nothing yet. It may tell of the run before.
        last_seen: Option<LastRun>,
        /// The last failure to look at it, if there was one since it was last seen.
        last_error: Option<Error>,
    },
    /// The last run completed less than 30 minutes ago, and the tenant starts no other so soon.
    TooSoon {
        /// From when on a run can be started.
        earliest: DateTime<Utc>,
        /// The refusal.
        source: Error,
    },
    /// A call failed.
    Call(Error),
}

impl fmt::Display for SynchronizeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(run) => write!(formatter, "the synchronization {run}"),
            Self::TimedOut { waited, last_seen, last_error } => {
                write!(formatter, "the synchronization had not ended after {} s; ", waited.as_secs())?;
                match last_seen {
                    Some(run) => write!(formatter, "last seen: {run}")?,
                    None => formatter.write_str("nothing was seen of it")?,
                }
                last_error.as_ref().map_or(Ok(()), |error| write!(formatter, "; {error}"))
            }
            Self::TooSoon { earliest, .. } => write!(
                formatter,
                "the last synchronization completed less than 30 minutes ago; the next may start at {}",
                earliest.format("%Y-%m-%d %H:%M:%S UTC")
            ),
            Self::Call(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for SynchronizeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) | Self::TooSoon { source: error, .. } => Some(error),
            Self::TimedOut { last_error, .. } => last_error.as_ref().map(|error| error as _),
            Self::Failed(_) => None,
        }
    }
}

impl From<Error> for SynchronizeError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}
