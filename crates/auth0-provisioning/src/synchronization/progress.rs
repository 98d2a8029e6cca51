//! The states of a run, from its start to its end.

use std::{fmt, future::Future, pin::pin, time::Duration};

use auth0_transport::Error;
use futures_core::stream::{BoxStream, Stream};
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};

use super::{SynchronizeError, Wait, start::start};
use crate::{DirectoryProvisioningHandle, DirectorySynchronization, LastRun, RunState};

/// What is seen of a run on its way.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Progress {
    /// The tenant took the request for a run.
    Started(DirectorySynchronization),
    /// A run was under way already, or had been requested; it is waited for.
    Joined,
    /// The run has not ended. With what the configuration tells at present, perhaps still of the run before.
    Waiting(Option<LastRun>),
    /// The run has completed.
    Completed(LastRun),
}

impl fmt::Display for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started(run) => write!(formatter, "started {}", run.synchronization_id),
            Self::Joined => formatter.write_str("joined the run that is under way"),
            Self::Waiting(Some(run)) if run.state == RunState::UnderWay => formatter.write_str("under way"),
            Self::Waiting(_) => formatter.write_str("waiting"),
            Self::Completed(run) => run.fmt(formatter),
        }
    }
}

pub(crate) async fn until_completed(
    states: impl Stream<Item = Result<Progress, SynchronizeError>>,
) -> Result<LastRun, SynchronizeError> {
    let mut states = pin!(states);
    loop {
        match states.next().await {
            Some(Ok(Progress::Completed(run))) => return Ok(run),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error),
            // A stream of states ends with one of these two; should it not, nothing was seen.
            None => {
                return Err(SynchronizeError::TimedOut { waited: Duration::ZERO, last_seen: None, last_error: None });
            }
        }
    }
}

pub(crate) fn watch(
    handle: DirectoryProvisioningHandle,
    wait: Wait,
) -> BoxStream<'static, Result<Progress, SynchronizeError>> {
    let stage = Stage::Start { handle, wait };
    Box::pin(stream::try_unfold(stage, |stage| async move {
        match stage {
            Stage::Start { handle, wait } => Watch::start(handle, wait).await.map(Some),
            Stage::Wait(watch) => watch.look().await.map(Some),
            Stage::End => Ok(None),
        }
    }))
}

enum Stage {
    Start { handle: DirectoryProvisioningHandle, wait: Wait },
    Wait(Watch),
    End,
}

/// A run that is waited for.
struct Watch {
    handle: DirectoryProvisioningHandle,
    wait: Wait,
    since: Instant,
    /// What the configuration told before the run: what it tells of this run is something else.
    before: Option<LastRun>,
    last_seen: Option<LastRun>,
    last_error: Option<Error>,
    seen_under_way: bool,
}

impl Watch {
    async fn start(handle: DirectoryProvisioningHandle, wait: Wait) -> Result<(Progress, Stage), SynchronizeError> {
        let mut watch = Self {
            handle,
            wait,
            since: Instant::now(),
            before: None,
            last_seen: None,
            last_error: None,
            seen_under_way: false,
        };
        let before = watch.in_time(watch.handle.get()).await??;
        watch.before = LastRun::of(&before);
        watch.last_seen.clone_from(&watch.before);
        let started = watch.in_time(start(&watch.handle)).await??;
        Ok((started, Stage::Wait(watch)))
    }

    async fn look(mut self) -> Result<(Progress, Stage), SynchronizeError> {
        loop {
            let interval = self.wait.interval();
            self.in_time(sleep(interval)).await?;
            match self.in_time(self.handle.get()).await? {
                Ok(configuration) => {
                    self.last_seen = LastRun::of(&configuration);
                    self.last_error = None;
                    break;
                }
                // The run goes on whether we can look at it or not.
                Err(error) if error.is_retryable() => self.last_error = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        match self.last_seen.clone() {
            Some(run) if run.state.has_ended() && self.is_of_this_run(&run) => match run.state {
                RunState::Completed => Ok((Progress::Completed(run), Stage::End)),
                _ => Err(SynchronizeError::Failed(run)),
            },
            seen => {
                self.seen_under_way |= seen.as_ref().is_some_and(|run| run.state == RunState::UnderWay);
                Ok((Progress::Waiting(seen), Stage::Wait(self)))
            }
        }
    }

    fn is_of_this_run(&self, run: &LastRun) -> bool {
        self.seen_under_way || self.before.as_ref() != Some(run)
    }

    /// What comes of a future, unless the time is over first.
    async fn in_time<T>(&self, future: impl Future<Output = T>) -> Result<T, SynchronizeError> {
        // Beyond what the clock can tell, there is no end to wait for.
        let result = match self.since.checked_add(self.wait.at_most) {
            Some(deadline) => timeout_at(deadline, future).await,
            None => Ok(future.await),
        };
        result.map_err(|_| SynchronizeError::TimedOut {
            waited: self.since.elapsed(),
            last_seen: self.last_seen.clone(),
            last_error: self.last_error.clone(),
        })
    }
}
