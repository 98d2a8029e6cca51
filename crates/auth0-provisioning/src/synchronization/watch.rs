//! Watching a run, from its start to its end.

use std::{future::Future, pin::pin, time::Duration};

use auth0_transport::Error;
use futures_core::stream::{BoxStream, Stream};
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    Progress, Requested, SynchronizeError, Wait,
    end_of_run::{EndOfRun, RequestTime},
    start::{Start, server_time, start},
};
use crate::{DirectoryProvisioningHandle, LastRun, RunOrigin, RunState, deadline::Deadline};

/// How long a failed run is doubted that may be another one than the requested one.
const DOUBT: Duration = Duration::from_secs(30);

/// What to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A run that is requested first.
    Start,
    /// The run that ends next, whoever requested it.
    Next,
}

pub(super) async fn until_ended(
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

pub(super) fn watch(
    handle: DirectoryProvisioningHandle,
    wait: Wait,
    mode: Mode,
) -> BoxStream<'static, Result<Progress, SynchronizeError>> {
    let stage = Stage::Begin { handle, wait, mode };
    Box::pin(stream::try_unfold(stage, |stage| async move {
        match stage {
            Stage::Begin { handle, wait, mode } => Watch::begin(handle, wait, mode).await.map(Some),
            Stage::Wait(watch) => watch.read_again().await.map(Some),
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
        let before = watch.in_time(watch.handle.read()).await?.map_err(SynchronizeError::Call)?;
        let (read_at, server_time_then) = (Instant::now(), server_time(before.headers()));
        watch.last_seen = LastRun::of(&before);
        watch.end = match watch.wait.since {
            Some(time) if mode == Mode::Next => EndOfRun::since(time),
            _ => EndOfRun::after(watch.last_seen.clone()),
        };
        if mode == Mode::Next {
            return watch.judge().await;
        }
        let sent_at = server_time_then.map(|then| then + read_at.elapsed());
        let Self { handle, end, .. } = &watch;
        let (mut requested, time) = (Requested::No, Deadline::start(&handle.caller.api, Some(watch.wait.at_most)));
        let starting = start(handle, end, time, &mut requested);
        let started = match watch.deadline() {
            Some(deadline) => timeout_at(deadline, starting).await,
            None => Ok(starting.await),
        };
        watch.requested = requested;
        let progress = match started {
            Ok(Ok(Start::Accepted(run, accepted_at))) => {
                let second = Duration::from_secs(1);
                let time = sent_at.zip(accepted_at);
                let time = time.map(|(earliest, latest)| RequestTime { earliest, latest: latest + second });
                watch.end.requested(time);
                #[cfg(feature = "logs")]
                watch.synchronization_id.replace(run.synchronization_id.clone());
                Progress::Started(run)
            }
            Ok(Ok(Start::Joined { may_be_ours })) => {
                watch.end.joined(may_be_ours);
                Progress::Joined
            }
            Ok(Err(error)) => return Err(error),
            Err(_) => return Err(watch.timed_out()),
        };
        Ok((progress, Stage::Wait(Box::new(watch))))
    }

    async fn read_again(mut self) -> Result<(Progress, Stage), SynchronizeError> {
        loop {
            let interval = self.wait.interval();
            self.in_time(sleep(interval)).await?;
            match self.in_time(self.handle.get()).await? {
                Ok(configuration) => {
                    self.last_seen = LastRun::of(&configuration);
                    self.last_error = None;
                    return self.judge().await;
                }
                // The run goes on whether or not it can be read.
                Err(error) if error.is_retryable() => self.last_error = Some(error),
                Err(error) => return Err(SynchronizeError::Call(error)),
            }
        }
    }

    /// What the last read means.
    async fn judge(mut self) -> Result<(Progress, Stage), SynchronizeError> {
        let seen = self.last_seen.clone();
        let Some(run) = self.end.reached(seen.as_ref()) else {
            return Ok((Progress::Waiting(seen), Stage::Wait(Box::new(self))));
        };
        let run = self.with_report(run).await;
        let is_doubtful = run.origin == Some(RunOrigin::Undecided) && self.end.is_requested();
        if is_doubtful && self.since.elapsed() < DOUBT {
            return Ok((Progress::Waiting(seen), Stage::Wait(Box::new(self))));
        }
        match run.state {
            RunState::Failed => Err(SynchronizeError::Failed(run)),
            _ => Ok((Progress::Ended(run), Stage::End)),
        }
    }

    /// The run that has ended, with what the log says of it. A log that cannot be read, or is late, changes nothing.
    #[cfg(feature = "logs")]
    async fn with_report(&self, run: LastRun) -> LastRun {
        if !self.wait.reads_log {
            return run;
        }
        let (id, since) = (self.synchronization_id.as_deref(), self.end.before_at());
        let report = crate::logs::report_of(&self.handle, id, since, &run, self.wait.longest);
        match self.in_time(report).await.ok().flatten() {
            // The report of a requested run was found by its id.
            Some(report) if id.is_some() => LastRun { origin: Some(RunOrigin::Requested), ..run.reported(report) },
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
