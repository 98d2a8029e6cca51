//! `report`: an HTML page about the health of all connections.

mod bars;
mod html;
mod page;

use std::{collections::BTreeMap, path::Path, time::Duration};

use auth0_provisioning::{
    DirectoryProvisioning, LastRun, RunState,
    chrono::{DateTime, Utc},
};
use futures_util::TryStreamExt as _;

use super::runs::{self, Run};
use crate::{arguments, context::Context, failure::Failure};

/// The most runs that the page shows of a connection.
const RUNS_SHOWN: usize = 30;

/// A connection on the page.
struct Entry {
    configuration: DirectoryProvisioning,
    condition: Condition,
    /// The latest first.
    runs: Vec<Run>,
}

/// The condition of a connection. The worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Condition {
    Failing,
    Stale,
    NeverRan,
    Healthy,
}

pub(super) async fn run(arguments: &arguments::Report, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let progress = context.spinner("reading configurations");
    let list = client.directory_provisionings().prefetch().items();
    let configurations: Vec<DirectoryProvisioning> = list.try_collect().await?;
    progress.show("reading the log");
    let mut runs: BTreeMap<String, Vec<Run>> = BTreeMap::new();
    let mut history = runs::all(&client);
    // Without the log, the page is still useful.
    let log_failure = loop {
        match history.try_next().await {
            Ok(Some(run)) => {
                let id = run.report.connection_id.as_ref().map(ToString::to_string).unwrap_or_default();
                runs.entry(id).or_default().push(run);
            }
            Ok(None) => break None,
            Err(error) => break Some(Failure::from(error)),
        }
    };
    drop(progress);
    let now = context.now();
    let entries = configurations.into_iter().map(|configuration| {
        let mut runs = runs.remove(&configuration.connection_id).unwrap_or_default();
        runs.truncate(RUNS_SHOWN);
        Entry { condition: condition(&configuration, arguments.stale, now), configuration, runs }
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by(|one, other| {
        let key = |entry: &Entry| (entry.condition, entry.configuration.connection_name.clone());
        key(one).cmp(&key(other))
    });
    let tenant =
        if context.global.demo { "demo" } else { client.transport().base_url().trim_start_matches("https://") };
    let page = page::render(&entries, tenant, arguments.stale, now);
    if arguments.html == Path::new("-") {
        context.results.text(&page)?;
    } else {
        let file = &arguments.html;
        std::fs::write(file, page).map_err(|error| Failure::of_file(file, &error))?;
        context.messages.note(format!("Wrote {}.", file.display()));
    }
    if let Some(failure) = log_failure {
        context.messages.warning_of("the page has no runs", &failure);
    }
    Ok(())
}

fn condition(configuration: &DirectoryProvisioning, stale: Duration, now: DateTime<Utc>) -> Condition {
    match LastRun::of(configuration) {
        None => Condition::NeverRan,
        Some(run) if run.state == RunState::Failed => Condition::Failing,
        Some(run) if run.is_stale(stale, now) => Condition::Stale,
        Some(_) => Condition::Healthy,
    }
}
