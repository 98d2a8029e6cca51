//! `sync`: starts synchronization runs, and waits for their end.

use auth0_provisioning::{
    ConnectionId, DirectoryProvisioningHandle, LastRun, Progress as Step, RunState, SynchronizeError, Wait,
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
};

/// How many connections are waited for at once. Most of the time each of them waits.
const AT_ONCE: usize = 64;

/// What became of a connection.
pub(super) struct Ended {
    given: String,
    connection: ConnectionId,
    synchronization_id: Option<String>,
    run: Option<LastRun>,
    failure: Option<Failure>,
}

impl Ended {
    fn state(&self) -> Option<RunState> {
        self.run.as_ref().map(|run| run.state)
    }

    fn error(&self) -> Option<String> {
        let of_run = self.run.as_ref().and_then(|run| run.error.clone());
        of_run.or_else(|| self.failure.as_ref().map(|failure| failure.what.clone()))
    }

    fn seconds(&self) -> Option<std::time::Duration> {
        self.run.as_ref()?.report.as_ref()?.duration()
    }

    fn failed_users(&self) -> usize {
        self.run.as_ref().and_then(|run| run.report.as_ref()).map_or(0, |report| report.user_errors().len())
    }
}

pub(super) const COLUMNS: &[Column<Ended>] = &[
    Column::shown("connection", |it| json!(it.given), "CONNECTION", |it, _| Cell::new(&it.given, Tone::Strong)),
    Column::field("connection_id", |it| json!(it.connection)),
    Column::spare(
        "synchronization_id",
        |it| json!(it.synchronization_id),
        "RUN",
        |it, _| Cell::optional(it.synchronization_id.clone()),
    ),
    Column::shown(
        "state",
        |it| match (it.state(), &it.failure) {
            (None, Some(_)) => json!("not_started"),
            (None, None) => json!("requested"),
            (state, _) => json!(state),
        },
        "STATE",
        |it, _| match (it.state(), &it.failure) {
            (None, Some(_)) => Cell::new("not started", Tone::Bad),
            (None, None) => Cell::new("requested", Tone::Warning),
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
    let client = context.client().await?;
    let mut connections = Vec::new();
    for given in &arguments.connections {
        connections.push((given.clone(), resolve::connection(&client, given).await?));
    }
    context.ledger.set_out(arguments.connections.iter().cloned());
    let progress = context.endless_progress();
    progress.tell(format!("{} of {} under way", connections.len(), connections.len()));
    let wait = arguments.wait.then(|| context.wait(arguments.timeout));
    let work = connections.into_iter().map(|(given, connection)| {
        let (handle, wait) = (client.directory_provisioning(&connection), wait.clone());
        async move { synchronize(given, connection, &handle, wait).await }
    });
    let mut work = stream::iter(work).buffer_unordered(AT_ONCE);
    let mut ended = Vec::new();
    while let Some(one) = work.next().await {
        context.ledger.done(&one.given);
        ended.push(one);
        progress.tell(format!(
            "{} of {} under way",
            arguments.connections.len() - ended.len(),
            arguments.connections.len()
        ));
    }
    drop(progress);
    let place = |one: &Ended| arguments.connections.iter().position(|given| *given == one.given);
    ended.sort_by_key(place);
    let now = context.now();
    context.results.list(COLUMNS, &ended, now)?;
    finish(ended, context)
}

/// Tells what to do about each failure, and returns the code of the worst.
fn finish(ended: Vec<Ended>, context: &Context) -> Outcome {
    let several = ended.len() > 1;
    let mut worst = None;
    for mut one in ended {
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

async fn synchronize(
    given: String,
    connection: ConnectionId,
    handle: &DirectoryProvisioningHandle,
    wait: Option<Wait>,
) -> Ended {
    let mut ended = Ended { given, connection, synchronization_id: None, run: None, failure: None };
    let Some(wait) = wait else {
        match handle.synchronize().await {
            Ok(started) => ended.synchronization_id = Some(started.synchronization_id),
            Err(error) => ended.failure = Some(error.into()),
        }
        return ended;
    };
    let mut steps = handle.synchronize_and_watch(wait);
    while let Some(step) = steps.next().await {
        match step {
            Ok(Step::Started(run)) => ended.synchronization_id = Some(run.synchronization_id),
            Ok(Step::Ended(run)) => ended.run = Some(run),
            Ok(_) => {}
            Err(error) => {
                ended.failure = Some(refused(&error, &ended.given));
                if let SynchronizeError::Failed(run) = error {
                    ended.run = Some(run);
                }
            }
        }
    }
    ended
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
