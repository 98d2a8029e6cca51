//! Why a synchronization did not complete.

use std::{fmt, time::Duration};

use auth0_transport::Error;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{LastRun, RunOrigin, VerbError};

/// Why a synchronization did not complete, as far as is known. See [`VerbError`] for what it has in common with other
/// errors.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SynchronizeError {
    /// The run ended with an error; [`origin`](LastRun::origin) says whether it is the requested one. Not
    /// [retryable](VerbError::is_retryable): fix the directory or the connection first.
    Failed(LastRun),
    /// The time was over before an end was seen.
    ///
    /// [`requested`](Requested) says whether a run goes on. Retryable: wait again, a run that is running is joined.
    #[non_exhaustive]
    TimedOut {
        /// How long it waited.
        waited: Duration,
        /// Whether a run was requested.
        requested: Requested,
        /// What the configuration reported last; `None` if nothing yet. It may be about the run before.
        last_seen: Option<LastRun>,
        /// The error of the last read, if it failed.
        last_error: Option<Error>,
    },
    /// The last run completed less than 30 minutes ago; the tenant does not start another so soon. Retryable at
    /// `earliest`.
    #[non_exhaustive]
    TooSoon {
        /// The earliest time at which a run can be started.
        earliest: DateTime<Utc>,
        /// How long that is from now, by the server's clock: [`retry_after`](VerbError::retry_after).
        wait: Duration,
        /// The tenant's response.
        source: Error,
    },
    /// A call failed.
    Call(Error),
}

/// Whether a run was requested when the time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Requested {
    /// No request was sent.
    No,
    /// A request was sent, and its response was lost: a run may have been started.
    Unknown,
    /// A run was started, or was already running. It goes on.
    Yes,
    /// Nothing was to be requested: a run was only watched.
    Elsewhere,
}

impl VerbError for SynchronizeError {
    fn call_error(&self) -> Option<&Error> {
        match self {
            Self::Call(error) | Self::TooSoon { source: error, .. } => Some(error),
            Self::TimedOut { last_error, .. } => last_error.as_ref(),
            Self::Failed(_) => None,
        }
    }

    /// A run that is still running can be waited for again, and one that was too soon be started later.
    fn is_retryable(&self) -> bool {
        match self {
            Self::Call(error) => error.is_retryable(),
            Self::TooSoon { .. } | Self::TimedOut { .. } => true,
            Self::Failed(_) => false,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooSoon { wait, .. } => Some(*wait),
            _ => self.call_error().and_then(Error::retry_after),
        }
    }
}

impl fmt::Display for SynchronizeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(run) if run.origin == Some(RunOrigin::Other) => {
                write!(formatter, "a synchronization that was not requested here {run}")
            }
            Self::Failed(run) => write!(formatter, "the synchronization {run}"),
            Self::TimedOut { waited, requested, last_seen, last_error } => {
                let seconds = waited.as_secs();
                match requested {
                    Requested::No => write!(formatter, "no synchronization was requested within {seconds} s")?,
                    Requested::Unknown => {
                        write!(formatter, "no response to the request for a synchronization within {seconds} s")?;
                    }
                    Requested::Yes => {
                        write!(formatter, "the synchronization was not seen to end within {seconds} s, and goes on")?;
                    }
                    Requested::Elsewhere => write!(formatter, "no synchronization ended within {seconds} s")?,
                }
                if let Some(run) = last_seen {
                    write!(formatter, "; last seen: {run}")?;
                }
                last_error.as_ref().map_or(Ok(()), |error| write!(formatter, "; last error: {error}"))
            }
            Self::TooSoon { earliest, source, .. } => {
                write!(
                    formatter,
                    "the last synchronization completed less than 30 minutes ago; the next can start at {}",
                    earliest.format("%Y-%m-%d %H:%M:%S UTC")
                )?;
                source.message().map_or(Ok(()), |message| write!(formatter, "; the tenant says: {message}"))
            }
            Self::Call(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for SynchronizeError {}
