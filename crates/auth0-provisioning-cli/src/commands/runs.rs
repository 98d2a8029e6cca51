//! `runs`: what synchronization runs did, as the log tells it.

use std::collections::BTreeSet;

use auth0_provisioning::{Client, Error, RunReport, UserError};
use futures_util::{StreamExt as _, TryStreamExt as _, future, stream::BoxStream};
use serde_json::json;

use super::{Outcome, shown};
use crate::{
    arguments,
    context::Context,
    duration,
    exit_code::ExitCode,
    output::{Cell, Column, Tone, count},
    resolve,
};

/// A run, with the name of its connection.
pub(super) struct Run {
    pub(super) connection_name: Option<String>,
    pub(super) report: RunReport,
}

impl Run {
    fn reason(&self) -> Option<&str> {
        self.report.failure.as_ref().map(|failure| failure.message.as_str())
    }

    pub(super) fn failed_users(&self) -> Option<u64> {
        let failure = self.report.failure.as_ref()?;
        Some(failure.failed_users())
    }

    fn connection(&self) -> Cell {
        let id = self.report.connection_id.as_ref().map(ToString::to_string);
        Cell::optional(self.connection_name.clone().or(id))
    }
}

pub(super) const COLUMNS: &[Column<Run>] = &[
    Column::shown("connection_name", |run| json!(run.connection_name), "CONNECTION", |run, _| run.connection()),
    Column::field("connection_id", |run| json!(run.report.connection_id)),
    Column::spare(
        "synchronization_id",
        |run| json!(run.report.synchronization_id),
        "RUN",
        |run, _| Cell::plain(&run.report.synchronization_id),
    ),
    Column::shown("state", |run| json!(run.report.state), "STATE", |run, _| shown::state(Some(run.report.state))),
    Column::shown(
        "started_at",
        |run| json!(run.report.started_at),
        "STARTED",
        |run, now| shown::time(run.report.started_at, now),
    ),
    Column::field("ended_at", |run| json!(run.report.ended_at)),
    Column::shown(
        "duration_seconds",
        |run| json!(run.report.duration().map(|time| time.as_secs())),
        "TOOK",
        |run, _| Cell::optional(run.report.duration().map(duration::exact)),
    ),
    Column::field("scheduled", |run| json!(run.report.scheduled)),
    Column::shown(
        "failed_users",
        |run| json!(run.failed_users()),
        "USERS",
        |run, _| match run.failed_users().filter(|users| *users > 0) {
            Some(users) => Cell::new(format!("{users} failed"), Tone::Bad),
            None => Cell::none(),
        },
    ),
    Column::shown("error", |run| json!(run.reason()), "ERROR", |run, _| Cell::optional(run.reason())),
    Column::field("user_errors", |run| json!(run.report.user_errors())),
    Column::field("log_id", |run| json!(run.report.log_id)),
];

const USERS: &[Column<UserError>] = &[
    Column::shown(
        "identity_user_id",
        |it| json!(it.identity_user_id),
        "USER",
        |it, _| Cell::plain(&it.identity_user_id),
    ),
    Column::shown("operation", |it| json!(it.operation), "OPERATION", |it, _| Cell::plain(&it.operation)),
    Column::shown("reason", |it| json!(it.reason), "REASON", |it, _| Cell::new(&it.reason, Tone::Bad)),
];

pub(super) async fn run(arguments: &arguments::Runs, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let failed_alone = arguments.failed;
    let runs: BoxStream<'static, Result<Run, Error>> = match &arguments.connection {
        None if failed_alone => search(&client, FAILED),
        None => all(&client),
        Some(given) => {
            let connection = resolve::connection(&client, given).await?;
            let name = resolve::name(given).map(str::to_owned);
            if failed_alone {
                let runs = search(&client, &format!("{FAILED} AND connection_id:{connection}"));
                let is_meant = move |run: &Run| future::ready(run.report.connection_id.as_ref() == Some(&connection));
                runs.try_filter(is_meant).boxed()
            } else {
                let runs = client.directory_provisioning(&connection).run_history();
                runs.map_ok(move |report| Run { connection_name: name.clone(), report }).boxed()
            }
        }
    };
    let found: Vec<Run> = runs.take(arguments.limit).try_collect().await?;
    let now = context.now();
    context.results.list(COLUMNS, &found, now)?;
    if found.is_empty() {
        let what = if failed_alone { "failed runs" } else { "runs" };
        context.messages.note(&format!("The log has no {what}: it is kept for some days, and {MOST_FOUND}."));
    }
    if context.results.is_table() && context.results.style.fields.is_empty() {
        // Whom the latest failed run failed for is the question behind most calls about one connection.
        let most = if failed_alone { usize::MAX } else { usize::from(arguments.connection.is_some()) };
        for run in found.iter().filter(|run| !run.report.user_errors().is_empty()).take(most) {
            failed_users(context, run)?;
        }
    }
    Ok(ExitCode::Done)
}

/// Whom a run failed for.
fn failed_users(context: &mut Context, run: &Run) -> Result<(), crate::failure::Failure> {
    let now = context.now();
    context.results.text(&format!("\nUsers for whom {} failed:\n", run.report.synchronization_id))?;
    context.results.list(USERS, run.report.user_errors(), now)?;
    if run.report.is_truncated() {
        let all = run.failed_users().unwrap_or_default();
        context.messages.note(&format!("The log names the first of {}.", count(all, "user")));
    }
    Ok(())
}

/// Events of runs that failed: a search for them alone goes further back than one for all.
const FAILED: &str = "type:directory_sync_failed";

/// How far back the log is read.
pub(super) const MOST_FOUND: &str = "a search of it finds the latest 1000 events";

/// The runs of all connections, the latest first.
pub(super) fn all(client: &Client) -> BoxStream<'static, Result<Run, Error>> {
    search(client, "type:directory_sync_*")
}

/// The runs of the events that a search finds, the latest first: each once, as its end tells it, or its start where it has
/// not ended.
fn search(client: &Client, search: &str) -> BoxStream<'static, Result<Run, Error>> {
    let events = client.logs().search(search).items();
    let mut told = BTreeSet::new();
    let runs = events.try_filter_map(move |event| {
        // The end of a run stands before its start.
        let report = RunReport::of(&event).filter(|report| told.insert(report.synchronization_id.clone()));
        future::ready(Ok(report.map(Run::from)))
    });
    runs.boxed()
}

impl From<RunReport> for Run {
    fn from(report: RunReport) -> Self {
        Self { connection_name: report.connection_name.clone(), report }
    }
}
