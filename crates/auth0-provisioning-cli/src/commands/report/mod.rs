//! `report`: a page about the health of all connections.

mod bars;
mod html;
mod page;

use std::{collections::BTreeMap, path::Path};

use auth0_provisioning::{
    DirectoryProvisioning, LastRun, RunState,
    chrono::{DateTime, Utc},
};
use futures_util::TryStreamExt as _;

use super::{
    Outcome,
    runs::{self, Run},
};
use crate::{arguments, context::Context, exit_code::ExitCode, failure::Failure};

/// The most runs that are shown of a connection.
const RUNS_SHOWN: usize = 30;

/// What the page tells of a connection.
pub(super) struct Line {
    pub(super) configuration: DirectoryProvisioning,
    pub(super) health: Health,
    /// The latest first.
    pub(super) runs: Vec<Run>,
}

/// How a connection fares, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Health {
    Failing,
    Stale,
    NeverRan,
    Healthy,
}

pub(super) async fn run(arguments: &arguments::Report, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let progress = context.endless_progress();
    progress.tell("reading configurations");
    let found: Vec<DirectoryProvisioning> = client.directory_provisionings().prefetch().items().try_collect().await?;
    progress.tell("reading the log");
    let mut by_connection: BTreeMap<String, Vec<Run>> = BTreeMap::new();
    let mut without_log = None;
    let mut history = runs::all(&client);
    loop {
        match history.try_next().await {
            Ok(Some(run)) => {
                let id = run.report.connection_id.as_ref().map(ToString::to_string).unwrap_or_default();
                by_connection.entry(id).or_default().push(run);
            }
            Ok(None) => break,
            // The page is of use without the log, too.
            Err(error) => {
                without_log = Some(Failure::from(error));
                break;
            }
        }
    }
    drop(progress);
    let now = context.now();
    let mut lines: Vec<Line> = found
        .into_iter()
        .map(|configuration| {
            let mut runs = by_connection.remove(&configuration.connection_id).unwrap_or_default();
            runs.truncate(RUNS_SHOWN);
            Line { health: health(&configuration, arguments.stale, now), configuration, runs }
        })
        .collect();
    lines.sort_by(|one, other| {
        let key = |line: &Line| (line.health, line.configuration.connection_name.clone());
        key(one).cmp(&key(other))
    });
    let tenant =
        if context.global.demo { "demo" } else { client.transport().base_url().trim_start_matches("https://") };
    let page = page::render(&lines, tenant, arguments.stale, now);
    write(&arguments.html, &page, context)?;
    if let Some(failure) = without_log {
        context.messages.warning(&format!("the page has no runs: {}", failure.what));
        if let Some(remedy) = failure.remedy {
            context.messages.note(&format!("  try: {remedy}"));
        }
    }
    Ok(ExitCode::Done)
}

fn health(configuration: &DirectoryProvisioning, stale: std::time::Duration, now: DateTime<Utc>) -> Health {
    match LastRun::of(configuration) {
        None => Health::NeverRan,
        Some(run) if run.state == RunState::Failed => Health::Failing,
        Some(run) if run.is_stale(stale, now) => Health::Stale,
        Some(_) => Health::Healthy,
    }
}

fn write(path: &Path, page: &str, context: &mut Context) -> Result<(), Failure> {
    if path == Path::new("-") {
        return context.results.text(page);
    }
    std::fs::write(path, page).map_err(|error| Failure::of_file(path, &error))?;
    context.messages.note(&format!("Wrote {}.", path.display()));
    Ok(())
}
