//! `sync`: starts synchronization runs, and waits for their end.

use auth0_provisioning::{
    ConnectionId, DirectoryProvisioningHandle, Error, LastRun, Progress as Step, Requested, RunState, SyncFailure,
    SynchronizeError, Wait,
};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::{Outcome, shown};
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

/// How many connections are waited for at once. Most of the time each of them waits.
const AT_ONCE: usize = 64;

/// What became of a connection.
pub(super) struct Ended {
    given: String,
    connection: ConnectionId,
    synchronization_id: Option<String>,
    begun: Begun,
    run: Option<LastRun>,
    failure: Option<Failure>,
}

/// Whether there is a run whose end was not seen.
#[derive(Clone, Copy)]
enum Begun {
    No,
    /// It was, or may have been.
    Unknown,
    Requested,
    Running,
}

impl Begun {
    fn name(self) -> &'static str {
        match self {
            Self::No => "not_started",
            Self::Unknown => "unknown",
            Self::Requested => "requested",
            Self::Running => "running",
        }
    }

    /// What an error leaves of it.
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

impl Ended {
    fn not_begun(given: String, connection: ConnectionId) -> Self {
        Self { given, connection, synchronization_id: None, begun: Begun::No, run: None, failure: None }
    }

    fn run_state(&self) -> Option<RunState> {
        self.run.as_ref().map(|run| run.state)
    }

    fn error(&self) -> Option<String> {
        let of_run = self.run.as_ref().and_then(|run| run.error.clone());
        of_run.or_else(|| self.failure.as_ref().map(|failure| failure.what.clone()))
    }

    fn seconds(&self) -> Option<std::time::Duration> {
        self.run.as_ref()?.report.as_ref()?.duration()
    }

    fn failed_users(&self) -> u64 {
        let failure = self.run.as_ref().and_then(|run| run.report.as_ref()?.failure.as_ref());
        failure.map_or(0, SyncFailure::failed_users)
    }
}

impl Piece for Ended {
    fn name(&self) -> String {
        self.given.clone()
    }

    fn state(&self) -> State {
        match (self.run_state(), self.begun) {
            _ if self.failure.is_some() => State::Failed,
            (Some(_), _) | (None, Begun::Requested) => State::Done,
            (None, Begun::No) => State::NotDone,
            (None, Begun::Unknown | Begun::Running) => State::Unknown,
        }
    }
}

pub(super) const COLUMNS: &[Column<Ended>] = &[
    Column::shown(
        "connection_name",
        |it| json!(resolve::name(&it.given)),
        "CONNECTION",
        |it, _| Cell::new(&it.given, Tone::Strong),
    ),
    Column::field("connection_id", |it| json!(it.connection)),
    Column::spare(
        "synchronization_id",
        |it| json!(it.synchronization_id),
        "RUN",
        |it, _| Cell::optional(it.synchronization_id.clone()),
    ),
    Column::shown(
        "state",
        |it| it.run_state().map_or_else(|| json!(it.begun.name()), |state| json!(state)),
        "STATE",
        |it, _| match (it.run_state(), it.begun) {
            (None, Begun::Requested) => Cell::new("requested", Tone::Warning),
            (None, begun) => Cell::new(begun.name().replace('_', " "), Tone::Bad),
            (state, _) => shown::state(state),
        },
    ),
    Column::shown(
        "duration_seconds",
        |it| json!(it.seconds().map(|time| time.as_secs())),
        "TOOK",
        |it, _| Cell::optional(it.seconds().map(duration::exact)),
    ),
    Column::shown(
        "failed_users",
        |it| json!(it.failed_users()),
        "USERS",
        |it, _| match it.failed_users() {
            0 => Cell::none(),
            users => Cell::new(format!("{users} failed"), Tone::Bad),
        },
    ),
    Column::shown(
        "error",
        |it| json!(it.error()),
        "ERROR",
        |it, _| match it.error() {
            Some(error) => Cell::new(error, Tone::Bad),
            None => Cell::none(),
        },
    ),
];

pub(super) async fn run(arguments: &arguments::Sync, context: &mut Context) -> Outcome {
    context.results.check(COLUMNS)?;
    let client = context.client().await?;
    let mut pieces: Vec<Ended> = Vec::new();
    for given in &arguments.connections {
        let connection = resolve::connection(&client, given).await?;
        match pieces.iter().find(|piece| piece.connection == connection) {
            Some(first) => {
                context
                    .messages
                    .note(&format!("{given} is given twice, the first time as {}: it gets one run.", first.given));
            }
            None => pieces.push(Ended::not_begun(given.clone(), connection)),
        }
    }
    let all = pieces.len();
    let handles: Vec<_> = pieces.iter().map(|piece| client.directory_provisioning(&piece.connection)).collect();
    let work = context.begin(COLUMNS, pieces);
    let progress = context.endless_progress();
    progress.tell(format!("{all} of {all} under way"));
    let wait = arguments.wait.then(|| context.wait(arguments.timeout));
    let runs = handles.into_iter().enumerate().map(|(number, handle)| {
        let (wait, work) = (wait.clone(), work.clone());
        async move { synchronize(&work, number, &handle, wait).await }
    });
    let mut runs = stream::iter(runs).buffer_unordered(AT_ONCE);
    let mut open = all;
    while runs.next().await.is_some() {
        open -= 1;
        progress.tell(format!("{open} of {all} under way"));
    }
    drop(runs);
    drop(progress);
    let listed = context.report();
    // A failure counts for more than a reader that has gone.
    let code = finish(&work, context)?;
    listed.map(|()| code)
}

/// Writes what to do about each failure, and returns the worst.
fn finish(work: &Work<Ended>, context: &Context) -> Outcome {
    let mut pieces = work.pieces();
    let several = pieces.len() > 1;
    let mut worst = None;
    for one in pieces.iter_mut() {
        let Some(failure) = one.failure.take() else { continue };
        let failure = if several { failure.at(&one.given) } else { failure };
        // A run that failed is news about the directory; everything else kept the program from its work.
        let is_worse = worst.as_ref().is_none_or(|worst: &Failure| worst.exit == ExitCode::RunFailed);
        let told = if is_worse { worst.replace(failure) } else { Some(failure) };
        if let Some(told) = told {
            context.messages.error(&told.what, told.remedy.as_deref());
        }
    }
    worst.map_or(Ok(ExitCode::Done), Err)
}

async fn synchronize(work: &Work<Ended>, number: usize, handle: &DirectoryProvisioningHandle, wait: Option<Wait>) {
    let mut begun = Begun::No;
    // Until there is a response.
    work.change(number, |it| it.begun = Begun::Unknown);
    let Some(wait) = wait else {
        let started = handle.synchronize().await;
        work.change(number, |it| match started {
            Ok(started) => {
                it.begun = Begun::Requested;
                it.synchronization_id = Some(started.synchronization_id);
            }
            Err(error) => {
                it.begun = begun.after_call(&error);
                it.failure = Some(error.into());
            }
        });
        return;
    };
    let mut steps = handle.synchronize_and_watch(wait);
    while let Some(step) = steps.next().await {
        work.change(number, |it| match step {
            Ok(Step::Started(run)) => {
                begun = Begun::Running;
                it.begun = begun;
                it.synchronization_id = Some(run.synchronization_id);
            }
            Ok(Step::Ended(run)) => it.run = Some(run),
            Ok(_) => {
                begun = Begun::Running;
                it.begun = begun;
            }
            Err(error) => {
                it.begun = begun.after(&error);
                it.failure = Some(refused(&error, &it.given));
                if let SynchronizeError::Failed(run) = error {
                    it.run = Some(run);
                }
            }
        });
    }
}

fn refused(error: &SynchronizeError, given: &str) -> Failure {
    let failure = Failure::of(error);
    match error {
        SynchronizeError::Failed(_) => Failure { exit: ExitCode::RunFailed, ..failure }
            .remedy(format!("see with `a0p runs {given}` for which users it failed, and why")),
        SynchronizeError::TooSoon { earliest, .. } => {
            failure.remedy(format!("run it again after {}", earliest.format("%Y-%m-%d %H:%M:%S UTC")))
        }
        SynchronizeError::TimedOut { .. } => {
            failure.remedy(format!("the run may still end: see `a0p get {given}`, or wait longer with --timeout"))
        }
        _ => failure,
    }
}
