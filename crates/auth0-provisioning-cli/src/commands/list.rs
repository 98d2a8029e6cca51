//! `list`: the directory provisioning of all connections.

use auth0_provisioning::{
    Advice, DirectoryProvisioning, Health, LastRun, RunState,
    chrono::{DateTime, Utc},
};
use futures_util::TryStreamExt as _;
use serde_json::json;

use super::cells;
use crate::{
    arguments,
    context::Context,
    failure::Failure,
    output::{Column, Tone, count},
};

fn state(configuration: &DirectoryProvisioning) -> Option<RunState> {
    LastRun::of(configuration).map(|run| run.state)
}

type Field = Column<DirectoryProvisioning>;

/// The fields of a configuration.
pub(super) const COLUMNS: &[Field] = &[
    Field::shown("connection_name", |it| json!(it.connection_name)).title("NAME").tone(Tone::Strong),
    Field::shown("connection_id", |it| json!(it.connection_id)).title("ID").spare(),
    Field::hidden("strategy", |it| json!(it.strategy)),
    Field::shown("state", |it| json!(state(it))).cell(|it, _| cells::state(state(it))),
    Field::shown("last_synchronization_at", |it| json!(it.last_synchronization_at))
        .title("LAST RUN")
        .cell(|it, now| cells::time(it.last_synchronization_at, now)),
    Field::shown("synchronize_automatically", |it| json!(it.synchronize_automatically))
        .title("AUTO")
        .cell(|it, _| cells::yes_or_no(it.synchronize_automatically))
        .spare(),
    Field::shown("synchronize_groups", |it| json!(it.synchronize_groups))
        .title("GROUPS")
        .cell(|it, _| cells::groups(it.synchronize_groups.as_ref())),
    Field::hidden("last_synchronization_status", |it| json!(it.last_synchronization_status)),
    Field::shown("last_synchronization_error", |it| json!(it.last_synchronization_error))
        .title("ERROR")
        .tone(Tone::Bad),
    Field::hidden("created_at", |it| json!(it.created_at)),
    Field::hidden("updated_at", |it| json!(it.updated_at)),
    Field::hidden("mapping", |it| json!(it.mapping)).long(),
];

pub(super) async fn run(arguments: &arguments::List, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let list = client.directory_provisionings().prefetch().items();
    let mut found: Vec<DirectoryProvisioning> = list.try_collect().await?;
    let (all, now) = (found.len(), context.now());
    found.retain(|configuration| matches(configuration, arguments, now));
    found.sort_by(|one, other| one.connection_name.cmp(&other.connection_name));
    context.list(COLUMNS, &found)?;
    if arguments.stale.is_some() {
        for advice in [Advice::Deletions, Advice::AutomaticRuns] {
            let advised = found.iter().filter(|it| Health::from(*it).advice(now).contains(&advice)).count();
            if advised > 0 {
                context.messages.note(format!("{}: {advice}.", count(advised, "connection")));
            }
        }
    }
    if all == 0 {
        context.messages.note("No connection has directory provisioning. Turn it on with `a0p create CONNECTION`.");
    } else if found.is_empty() {
        context.messages.note(format!("None of {} matches.", count(all, "connection")));
    }
    Ok(())
}

fn matches(configuration: &DirectoryProvisioning, arguments: &arguments::List, now: DateTime<Utc>) -> bool {
    let has_strategy = arguments.strategy.as_ref().is_none_or(|strategy| *strategy == configuration.strategy);
    let is_failed = arguments.failed && state(configuration) == Some(RunState::Failed);
    let health = Health::from(configuration);
    let misses_deletions = || health.advice(now).contains(&Advice::Deletions);
    let is_stale = arguments.stale.is_some_and(|age| health.is_stale(age, now) || misses_deletions());
    let is_any = !arguments.failed && arguments.stale.is_none();
    has_strategy && (is_any || is_failed || is_stale)
}
