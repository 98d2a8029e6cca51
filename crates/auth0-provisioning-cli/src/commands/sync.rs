//! `sync`: starts synchronization runs, and waits for their end.

use std::time::Duration;

use auth0_provisioning::{
    ConnectionId, DirectoryProvisioningHandle, Error, LastRun, Progress as Step, Requested, RunState, SyncFailure,
    SynchronizeError, Wait,
};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::cells;
use crate::{
    arguments,
    context::Context,
    duration,
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column, Tone},
    resolve,
    work::{Piece, State, Work},
};

/// How many runs are started and watched at once. Most of the time they wait.
const AT_ONCE: usize = 64;

/// The run of one connection.
pub(super) struct Run {
    given: String,
    connection: ConnectionId,
    synchronization_id: Option<String>,
    start: Start,
    end: Option<LastRun>,
    failure: Option<Failure>,
}

/// Whether a run has started, while its end is unknown.
#[derive(Clone, Copy)]
enum Start {
    No,
    /// It may have started.
    Unknown,
    Requested,
    Running,
}

impl Start {
    fn name(self) -> &'static str {
        match self {
            Self::No => "not_started",
            Self::Unknown => "unknown",
            Self::Requested => "requested",
            Self::Running => "running",
        }
    }

    fn after(self, error: &SynchronizeError) -> Self {
        match error {
            SynchronizeError::TimedOut { requested: Requested::Yes, .. } => Self::Running,
            SynchronizeError::TimedOut { requested: Requested::No, .. } => Self::No,
            SynchronizeError::TimedOut { .. } => Self::Unknown,
            SynchronizeError::Call(error) => self.after_call(error),
            _ => self,
        }
    }

    fn after_call(self, error: &Error) -> Self {
        if matches!(self, Self::No) && !error.may_have_been_processed() { Self::No } else { Self::Unknown }
    }
}

impl Run {
    fn state(&self) -> Option<RunState> {
        self.end.as_ref().map(|end| end.state)
    }

    fn error(&self) -> Option<&str> {
        let of_run = self.end.as_ref().and_then(|end| end.error.as_deref());
        of_run.or_else(|| self.failure.as_ref().map(|failure| failure.reason.as_str()))
    }

    fn duration(&self) -> Option<Duration> {
        self.end.as_ref()?.report.as_ref()?.duration()
    }

    fn failed_users(&self) -> u64 {
        let failure = self.end.as_ref().and_then(|end| end.report.as_ref()?.failure.as_ref());
        failure.map_or(0, SyncFailure::failed_users)
    }
}

impl Piece for Run {
    fn name(&self) -> String {
        self.given.clone()
    }

    fn state(&self) -> State {
        match (self.state(), self.start) {
            _ if self.failure.is_some() => State::Failed,
            (Some(_), _) | (None, Start::Requested) => State::Done,
            (None, Start::No) => State::NotDone,
            (None, Start::Unknown | Start::Running) => State::Unknown,
        }
    }
}

type Field = Column<Run>;

pub(super) const COLUMNS: &[Field] = &[
    Field::shown("connection_name", |it| json!(resolve::name(&it.given)))
        .title("CONNECTION")
        .cell(|it, _| Cell::new(&it.given, Tone::Strong)),
    Field::hidden("connection_id", |it| json!(it.connection)),
    Field::shown("synchronization_id", |it| json!(it.synchronization_id)).title("RUN").spare(),
    Field::shown("state", |it| it.state().map_or_else(|| json!(it.start.name()), |state| json!(state))).cell(
        |it, _| match (it.state(), it.start) {
            (None, Start::Requested) => Cell::new("requested", Tone::Warning),
            (None, start) => Cell::new(start.name().replace('_', " "), Tone::Bad),
            (state, _) => cells::state(state),
        },
    ),
    Field::shown("duration_seconds", |it| json!(it.duration().map(|time| time.as_secs())))
        .title("TOOK")
        .cell(|it, _| Cell::optional(it.duration().map(duration::exact), Tone::Plain)),
    Field::shown("failed_users", |it| json!(it.failed_users()))
        .title("USERS")
        .cell(|it, _| cells::failed_users(Some(it.failed_users()))),
    Field::shown("error", |it| json!(it.error())).tone(Tone::Bad),
];

pub(super) async fn run(arguments: &arguments::Sync, context: &mut Context) -> Result<(), Failure> {
    context.results.check(COLUMNS)?;
    let client = context.client().await?;
    let mut pieces: Vec<Run> = Vec::new();
    for given in &arguments.connections {
        let connection = resolve::connection(&client, given).await?;
        if let Some(first) = pieces.iter().find(|piece| piece.connection == connection) {
            let first = &first.given;
            context.messages.note(format!("{given} is given twice, the first time as {first}: it gets one run."));
            continue;
        }
        let (given, start) = (given.clone(), Start::No);
        pieces.push(Run { given, connection, synchronization_id: None, start, end: None, failure: None });
    }
    let all = pieces.len();
    let handles: Vec<_> = pieces.iter().map(|piece| client.directory_provisioning(&piece.connection)).collect();
    let work = context.begin(COLUMNS, pieces);
    let progress = context.spinner(&format!("{all} of {all} under way"));
    let wait = arguments.wait.then(|| context.wait(arguments.timeout));
    let runs = handles.into_iter().enumerate().map(|(number, handle)| {
        let (wait, work) = (wait.clone(), work.clone());
        async move {
            match wait {
                None => start(&work, number, &handle).await,
                Some(wait) => start_and_wait(&work, number, &handle, wait).await,
            }
        }
    });
    let mut runs = stream::iter(runs).buffer_unordered(AT_ONCE);
    let mut open = all;
    while runs.next().await.is_some() {
        open -= 1;
        progress.show(format!("{open} of {all} under way"));
    }
    drop(runs);
    drop(progress);
    let listed = context.report();
    // A failed run is more important than a closed pipe.
    report_failures(&work, context)?;
    listed
}

/// Prints the failures except the worst, which it returns.
fn report_failures(work: &Work<Run>, context: &Context) -> Result<(), Failure> {
    let mut pieces = work.pieces();
    let are_several = pieces.len() > 1;
    let mut worst: Option<Failure> = None;
    for run in pieces.iter_mut() {
        let Some(failure) = run.failure.take() else { continue };
        let failure = if are_several { failure.at(&run.given) } else { failure };
        // A failed run is a problem of the directory. Every other failure prevented a run.
        let is_worse = worst.as_ref().is_none_or(|worst| worst.exit == ExitCode::RunFailed);
        let other = if is_worse { worst.replace(failure) } else { Some(failure) };
        if let Some(other) = other {
            context.messages.error(&other);
        }
    }
    worst.map_or(Ok(()), Err)
}

async fn start(work: &Work<Run>, number: usize, handle: &DirectoryProvisioningHandle) {
    work.change(number, |it| it.start = Start::Unknown);
    let started = handle.synchronize().await;
    work.change(number, |it| match started {
        Ok(started) => {
            it.start = Start::Requested;
            it.synchronization_id = Some(started.synchronization_id);
        }
        Err(error) => {
            it.start = Start::No.after_call(&error);
            it.failure = Some(error.into());
        }
    });
}

async fn start_and_wait(work: &Work<Run>, number: usize, handle: &DirectoryProvisioningHandle, wait: Wait) {
    // The state after an error depends on the last response.
    let mut start = Start::No;
    work.change(number, |it| it.start = Start::Unknown);
    let mut steps = handle.synchronize_and_watch(wait);
    while let Some(step) = steps.next().await {
        work.change(number, |it| match step {
            Ok(Step::Ended(end)) => it.end = Some(end),
            Ok(step) => {
                start = Start::Running;
                it.start = start;
                if let Step::Started(run) = step {
                    it.synchronization_id = Some(run.synchronization_id);
                }
            }
            Err(error) => {
                it.start = start.after(&error);
                it.failure = Some(failure(&error, &it.given));
                if let SynchronizeError::Failed(end) = error {
                    it.end = Some(end);
                }
            }
        });
    }
}

fn failure(error: &SynchronizeError, given: &str) -> Failure {
    let failure = Failure::of(error);
    match error {
        SynchronizeError::Failed(_) => Failure { exit: ExitCode::RunFailed, ..failure }
            .remedy(format!("list the reason and the affected users with `a0p runs {given}`")),
        SynchronizeError::TooSoon { earliest, .. } => {
            failure.remedy(format!("run it again after {}", earliest.format("%Y-%m-%d %H:%M:%S UTC")))
        }
        SynchronizeError::TimedOut { requested: Requested::No, .. } => failure.remedy("wait longer with --timeout"),
        SynchronizeError::TimedOut { .. } => {
            failure.remedy(format!("the run may still end: see `a0p get {given}`, or wait longer with --timeout"))
        }
        _ => failure,
    }
}
