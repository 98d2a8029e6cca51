//! `list`: the directory provisioning of all connections.

use auth0_provisioning::{Advice, DirectoryProvisioning, Health, LastRun, RunState};
use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{Outcome, shown};
use crate::{
    arguments,
    context::Context,
    exit_code::ExitCode,
    output::{Cell, Column, Tone, count},
};

type Configuration = DirectoryProvisioning;

fn state(configuration: &Configuration) -> Option<RunState> {
    LastRun::of(configuration).map(|run| run.state)
}

/// The fields of a configuration, for `list` and `get`.
pub(super) const COLUMNS: &[Column<Configuration>] = &[
    Column::shown(
        "connection_name",
        |it| json!(it.connection_name),
        "NAME",
        |it, _| Cell::new(&it.connection_name, Tone::Strong),
    ),
    Column::spare("connection_id", |it| json!(it.connection_id), "ID", |it, _| Cell::plain(&it.connection_id)),
    Column::field("strategy", |it| json!(it.strategy)),
    Column::shown("state", |it| json!(state(it)), "STATE", |it, _| shown::state(state(it))),
    Column::shown(
        "last_synchronization_at",
        |it| json!(it.last_synchronization_at),
        "LAST RUN",
        |it, now| shown::time(it.last_synchronization_at, now),
    ),
    Column::spare(
        "synchronize_automatically",
        |it| json!(it.synchronize_automatically),
        "AUTO",
        |it, _| shown::yes_or_no(it.synchronize_automatically),
    ),
    Column::shown(
        "synchronize_groups",
        |it| json!(it.synchronize_groups),
        "GROUPS",
        |it, _| shown::groups(it.synchronize_groups.as_ref()),
    ),
    Column::field("last_synchronization_status", |it| json!(it.last_synchronization_status)),
    Column::shown(
        "last_synchronization_error",
        |it| json!(it.last_synchronization_error),
        "ERROR",
        |it, _| match &it.last_synchronization_error {
            Some(error) => Cell::new(error, Tone::Bad),
            None => Cell::none(),
        },
    ),
    Column::field("created_at", |it| json!(it.created_at)),
    Column::field("updated_at", |it| json!(it.updated_at)),
    Column::long("mapping", |it| json!(it.mapping)),
];

pub(super) async fn run(arguments: &arguments::List, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let mut found: Vec<Configuration> = client.directory_provisionings().prefetch().items().try_collect().await?;
    let (all, now) = (found.len(), context.now());
    found.retain(|configuration| wanted(configuration, arguments, now));
    found.sort_by(|one, other| one.connection_name.cmp(&other.connection_name));
    context.results.list(COLUMNS, &found, now)?;
    if arguments.stale.is_some() {
        for advice in [Advice::Deletions, Advice::AutomaticRuns] {
            let advised =
                found.iter().filter(|configuration| Health::from(*configuration).advice(now).contains(&advice)).count();
            if advised > 0 {
                context.messages.note(&format!("{}: {advice}.", count(advised, "connection")));
            }
        }
    }
    if all == 0 {
        context.messages.note("No connection has directory provisioning. Turn it on with `a0p create CONNECTION`.");
    } else if found.is_empty() {
        context.messages.note(&format!("None of {} matches.", count(all, "connection")));
    }
    Ok(ExitCode::Done)
}

fn wanted(
    configuration: &Configuration,
    arguments: &arguments::List,
    now: auth0_provisioning::chrono::DateTime<auth0_provisioning::chrono::Utc>,
) -> bool {
    let of_strategy = arguments.strategy.as_ref().is_none_or(|strategy| *strategy == configuration.strategy);
    let is_failed = arguments.failed && state(configuration) == Some(RunState::Failed);
    let misses_deletions = || Health::from(configuration).advice(now).contains(&Advice::Deletions);
    let is_stale =
        arguments.stale.is_some_and(|age| Health::from(configuration).is_stale(age, now) || misses_deletions());
    let asks_for_trouble = arguments.failed || arguments.stale.is_some();
    of_strategy && (!asks_for_trouble || is_failed || is_stale)
}
