//! `runs`: synchronization runs in the log.

use std::collections::BTreeSet;

use auth0_provisioning::{Client, Error, RunReport, UserError};
use futures_util::{StreamExt as _, TryStreamExt as _, future, stream::BoxStream};
use serde_json::json;

use super::cells;
use crate::{
    arguments,
    context::Context,
    duration,
    failure::Failure,
    output::{Cell, Column, Tone, count},
    resolve,
};

/// A run, with the name of its connection.
pub(super) struct Run {
    pub(super) connection_name: Option<String>,
    pub(super) report: RunReport,
}

impl Run {
    pub(super) fn reason(&self) -> Option<&str> {
        self.report.failure.as_ref().map(|failure| failure.message.as_str())
    }

    pub(super) fn failed_users(&self) -> Option<u64> {
        self.report.failure.as_ref().map(auth0_provisioning::SyncFailure::failed_users)
    }
}

type RunField = Column<Run>;

pub(super) const COLUMNS: &[RunField] = &[
    RunField::shown("connection_name", |run| json!(run.connection_name)).title("CONNECTION").cell(|run, _| {
        let id = || run.report.connection_id.as_ref().map(ToString::to_string);
        Cell::optional(run.connection_name.clone().or_else(id), Tone::Plain)
    }),
    RunField::hidden("connection_id", |run| json!(run.report.connection_id)),
    RunField::shown("synchronization_id", |run| json!(run.report.synchronization_id)).title("RUN").spare(),
    RunField::shown("state", |run| json!(run.report.state)).cell(|run, _| cells::state(Some(run.report.state))),
    RunField::shown("started_at", |run| json!(run.report.started_at))
        .title("STARTED")
        .cell(|run, now| cells::time(run.report.started_at, now)),
    RunField::hidden("ended_at", |run| json!(run.report.ended_at)),
    RunField::shown("duration_seconds", |run| json!(run.report.duration().map(|time| time.as_secs())))
        .title("TOOK")
        .cell(|run, _| Cell::optional(run.report.duration().map(duration::exact), Tone::Plain)),
    RunField::hidden("scheduled", |run| json!(run.report.scheduled)),
    RunField::shown("failed_users", |run| json!(run.failed_users()))
        .title("USERS")
        .cell(|run, _| cells::failed_users(run.failed_users())),
    RunField::shown("error", |run| json!(run.reason())),
    RunField::hidden("user_errors", |run| json!(run.report.user_errors())),
    RunField::hidden("log_id", |run| json!(run.report.log_id)),
];

type UserField = Column<UserError>;

const USERS: &[UserField] = &[
    UserField::shown("identity_user_id", |it| json!(it.identity_user_id)).title("USER"),
    UserField::shown("operation", |it| json!(it.operation)),
    UserField::shown("reason", |it| json!(it.reason)).tone(Tone::Bad),
];

/// The search for events of failed runs. It goes further back than a search for the events of all runs.
const FAILED: &str = "type:directory_sync_failed";

/// The limit of a search of the log.
pub(super) const SEARCH_LIMIT: &str = "a search of it finds the latest 1000 events";

pub(super) async fn run(arguments: &arguments::Events, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let runs: BoxStream<'static, Result<Run, Error>> = match &arguments.connection {
        None if arguments.failed => search(&client, FAILED),
        None => all(&client),
        Some(given) => {
            let connection = resolve::connection(&client, given).await?;
            if arguments.failed {
                let runs = search(&client, &format!("{FAILED} AND connection_id:{connection}"));
                let is_of = move |run: &Run| future::ready(run.report.connection_id.as_ref() == Some(&connection));
                runs.try_filter(is_of).boxed()
            } else {
                let name = resolve::name(given).map(str::to_owned);
                let runs = client.directory_provisioning(&connection).run_history();
                runs.map_ok(move |report| Run { connection_name: name.clone(), report }).boxed()
            }
        }
    };
    let found: Vec<Run> = runs.take(arguments.limit).try_collect().await?;
    context.list(COLUMNS, &found)?;
    if found.is_empty() {
        note_empty_log(if arguments.failed { "failed runs" } else { "runs" }, context);
    }
    if context.results.is_default_table() {
        // A person who asks about one connection wants to know the users that its latest failed run affected.
        let most = if arguments.failed { usize::MAX } else { usize::from(arguments.connection.is_some()) };
        for run in found.iter().filter(|run| !run.report.user_errors().is_empty()).take(most) {
            list_failed_users(run, context)?;
        }
    }
    Ok(())
}

pub(super) fn note_empty_log(events: &str, context: &Context) {
    context.messages.note(format!("The log has no {events}: it is kept for some days, and {SEARCH_LIMIT}."));
}

fn list_failed_users(run: &Run, context: &mut Context) -> Result<(), Failure> {
    context.results.text(&format!("\nUsers for whom {} failed:\n", run.report.synchronization_id))?;
    context.list(USERS, run.report.user_errors())?;
    if run.report.is_truncated() {
        let all = run.failed_users().unwrap_or_default();
        context.messages.note(format!("The log names the first of {}.", count(all, "user")));
    }
    Ok(())
}

/// Returns the runs of all connections, the latest first.
pub(super) fn all(client: &Client) -> BoxStream<'static, Result<Run, Error>> {
    search(client, "type:directory_sync_*")
}

/// Returns the runs of the events that a search finds, the latest first.
fn search(client: &Client, search: &str) -> BoxStream<'static, Result<Run, Error>> {
    let events = client.logs().search(search).items();
    let mut seen = BTreeSet::new();
    let runs = events.try_filter_map(move |event| {
        // The latest event of a run has its result.
        let report = RunReport::of(&event).filter(|report| seen.insert(report.synchronization_id.clone()));
        let run = report.map(|report| Run { connection_name: report.connection_name.clone(), report });
        future::ready(Ok(run))
    });
    runs.boxed()
}
