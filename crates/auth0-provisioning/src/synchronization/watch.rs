//! Watching a run, from its start to its end.

use std::{future::Future, pin::pin, time::Duration};

use auth0_transport::Error;
use futures_core::stream::{BoxStream, Stream};
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};

use super::{Progress, Requested, SynchronizeError, Wait, end_of_run::EndOfRun, start::start};
use crate::{DirectoryProvisioningHandle, LastRun, RunState};

/// What to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A run that is requested first.
    Start,
    /// The run that ends next, whoever requested it.
    Next,
}

pub(crate) async fn until_ended(
    states: impl Stream<Item = Result<Progress, SynchronizeError>>,
) -> Result<LastRun, SynchronizeError> {
    let mut states = pin!(states);
    loop {
        match states.next().await {
            Some(Ok(Progress::Ended(run))) => return Ok(run),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error),
            // A stream of states ends with one of these two; should it not, nothing was seen.
            None => {
                return Err(SynchronizeError::TimedOut {
                    waited: Duration::ZERO,
                    requested: Requested::No,
                    last_seen: None,
                    last_error: None,
                });
            }
        }
    }
}

pub(crate) fn watch(
    handle: DirectoryProvisioningHandle,
    wait: Wait,
    mode: Mode,
) -> BoxStream<'static, Result<Progress, SynchronizeError>> {
    let stage = Stage::Begin { handle, wait, mode };
    Box::pin(stream::try_unfold(stage, |stage| async move {
        match stage {
            Stage::Begin { handle, wait, mode } => Watch::begin(handle, wait, mode).await.map(Some),
            Stage::Wait(watch) => watch.look().await.map(Some),
            Stage::End => Ok(None),
        }
    }))
}

enum Stage {
    Begin { handle: DirectoryProvisioningHandle, wait: Wait, mode: Mode },
    Wait(Box<Watch>),
    End,
}

/// A run that is waited for.
struct Watch {
    handle: DirectoryProvisioningHandle,
    wait: Wait,
    since: Instant,
    /// What the configuration reported before the run counts for another one.
    end: EndOfRun,
    requested: Requested,
    last_seen: Option<LastRun>,
    last_error: Option<Error>,
    /// The id of the run, if it was requested here.
    #[cfg(feature = "logs")]
    synchronization_id: Option<String>,
}

impl Watch {
    async fn begin(
        handle: DirectoryProvisioningHandle,
        wait: Wait,
        mode: Mode,
    ) -> Result<(Progress, Stage), SynchronizeError> {
        let requested = if mode == Mode::Start { Requested::No } else { Requested::Elsewhere };
        let end = EndOfRun::after(None);
        let mut watch = Self {
            handle,
            wait,
            since: Instant::now(),
            end,
            requested,
            last_seen: None,
            last_error: None,
            #[cfg(feature = "logs")]
            synchronization_id: None,
        };
        let before = watch.in_time(watch.handle.get()).await??;
        watch.last_seen = LastRun::of(&before);
        watch.end = match watch.wait.since {
            Some(time) if mode == Mode::Next => EndOfRun::since(time),
            _ => EndOfRun::after(watch.last_seen.clone()),
        };
        if mode == Mode::Next {
            return watch.judge().await;
        }
        let Self { handle, end, .. } = &watch;
        let mut requested = Requested::No;
        let started = match watch.deadline() {
            Some(deadline) => timeout_at(deadline, start(handle, end, &mut requested)).await,
            None => Ok(start(handle, end, &mut requested).await),
        };
        watch.requested = requested;
        let started = match started {
            Ok(started) => started?,
            Err(_) => return Err(watch.timed_out()),
        };
        if matches!(started, Progress::Started(_)) {
            watch.end.started_anew();
        }
        #[cfg(feature = "logs")]
        if let Progress::Started(run) = &started {
            watch.synchronization_id = Some(run.synchronization_id.clone());
        }
        Ok((started, Stage::Wait(Box::new(watch))))
    }

    async fn look(mut self) -> Result<(Progress, Stage), SynchronizeError> {
        loop {
            let interval = self.wait.interval();
            self.in_time(sleep(interval)).await?;
            match self.in_time(self.handle.get()).await? {
                Ok(configuration) => {
                    self.last_seen = LastRun::of(&configuration);
                    self.last_error = None;
                    return self.judge().await;
                }
                // The run goes on whether or not it can be looked at.
                Err(error) if error.is_retryable() => self.last_error = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// What the last look means.
    async fn judge(mut self) -> Result<(Progress, Stage), SynchronizeError> {
        let seen = self.last_seen.clone();
        let ended = self.end.is_reached(seen.as_ref());
        match seen {
            Some(run) if ended => match self.with_report(run).await {
                run if run.state == RunState::Failed => Err(SynchronizeError::Failed(run)),
                run => Ok((Progress::Ended(run), Stage::End)),
            },
            seen => Ok((Progress::Waiting(seen), Stage::Wait(Box::new(self)))),
        }
    }

    /// The run that has ended, with what the log tells of it. A log that cannot be read, or is late, changes nothing.
    #[cfg(feature = "logs")]
    async fn with_report(&self, run: LastRun) -> LastRun {
        if !self.wait.reads_log {
            return run;
        }
        let (id, since) = (self.synchronization_id.as_deref(), self.end.before_at());
        let report = crate::logs::report_of(&self.handle, id, since, &run, self.wait.longest);
        match self.in_time(report).await.ok().flatten() {
            Some(report) => run.reported(report),
            None => run,
        }
    }

    #[cfg(not(feature = "logs"))]
    #[allow(clippy::unused_async, clippy::unused_self)] // as with the log
    async fn with_report(&self, run: LastRun) -> LastRun {
        run
    }

    /// The result of a future, unless the time is over first.
    async fn in_time<T>(&self, future: impl Future<Output = T>) -> Result<T, SynchronizeError> {
        let result = match self.deadline() {
            Some(deadline) => timeout_at(deadline, future).await,
            None => Ok(future.await),
        };
        result.map_err(|_| self.timed_out())
    }

    /// `None` beyond what the clock can represent.
    fn deadline(&self) -> Option<Instant> {
        self.since.checked_add(self.wait.at_most)
    }

    fn timed_out(&self) -> SynchronizeError {
        SynchronizeError::TimedOut {
            waited: self.since.elapsed(),
            requested: self.requested,
            last_seen: self.last_seen.clone(),
            last_error: self.last_error.clone(),
        }
    }
}
