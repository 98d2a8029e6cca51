//! `apply`: makes the tenant look like files.

use serde_json::json;

use super::{Outcome, plan};
use crate::{
    arguments,
    context::Context,
    declaration::{self, Applied, Plan},
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column, Tone, count},
    work::{Piece as _, State, Work},
};

fn part(part: declaration::Part) -> Cell {
    match part.state {
        State::Unchanged => part.state.cell(),
        state => Cell::new(part.name().replace('_', " "), state.cell().tone),
    }
}

fn number(groups: usize) -> Cell {
    if groups == 0 { Cell::none() } else { Cell::plain(groups.to_string()) }
}

/// Changes of the selection that were not made, or not for certain.
const NOT_DONE: &[State] = &[State::NotDone, State::Failed];

pub(super) const COLUMNS: &[Column<Applied>] = &[
    Column::shown("connection_name", |it| json!(it.name), "NAME", |it, _| Cell::new(&it.name, Tone::Strong)),
    Column::field("connection_id", |it| json!(it.id)),
    Column::shown("state", |it| json!(it.state().name()), "STATE", |it, _| it.state().cell()),
    Column::shown("directory_provisioning", |it| json!(it.directory.name()), "DIRECTORY", |it, _| part(it.directory)),
    Column::shown("groups_added", |it| json!(it.groups_done("add")), "GROUPS +", |it, _| number(it.groups_done("add"))),
    Column::shown(
        "groups_updated",
        |it| json!(it.groups_done("update")),
        "GROUPS ~",
        |it, _| number(it.groups_done("update")),
    ),
    Column::shown(
        "groups_removed",
        |it| json!(it.groups_done("remove")),
        "GROUPS -",
        |it, _| number(it.groups_done("remove")),
    ),
    Column::field("groups_unknown", |it| json!(it.groups_in(&[State::Unknown]))),
    Column::field("groups_not_done", |it| json!(it.groups_in(NOT_DONE))),
    Column::field("automatic_runs_last", |it| json!(it.automatic.state.name())),
    Column::shown("scim_configuration", |it| json!(it.scim.name()), "SCIM", |it, _| part(it.scim)),
    Column::shown(
        "error",
        |it| json!(error(it)),
        "ERROR",
        |it, _| match error(it) {
            Some(error) => Cell::new(error, Tone::Bad),
            None => Cell::none(),
        },
    ),
];

fn error(applied: &Applied) -> Option<&str> {
    applied.failure.as_ref().map(|failure| failure.what.as_str())
}

pub(super) async fn run(arguments: &arguments::Apply, context: &mut Context) -> Outcome {
    context.results.check(COLUMNS)?;
    let (client, plan) = plan::read(&arguments.files, context).await?;
    show(&plan, context);
    if plan.is_empty() {
        // Programs get a list all the same.
        let now = context.now();
        context.results.list(COLUMNS, &[], now)?;
        return Ok(ExitCode::Done);
    }
    refuse_removals(&plan, arguments.max_removals)?;
    if !arguments.yes && !context.confirm("Apply this?", "--yes").await? {
        return Err(Failure::failed("nothing was applied"));
    }
    let work = context.begin(COLUMNS, plan.pieces());
    let progress = context.progress(plan.connections.len());
    let mut begun = false;
    let next = |name: &str| {
        if std::mem::replace(&mut begun, true) {
            progress.advance();
        }
        progress.tell(name.to_owned());
    };
    declaration::apply(&client, &plan, &work, next).await;
    drop(progress);
    let listed = context.report();
    let code = finish(&work, context);
    // A failure counts for more than a reader that has gone.
    if code == ExitCode::Done {
        listed?;
    }
    Ok(code)
}

/// The plan on stderr: the results are what was done.
fn show(plan: &Plan, context: &Context) {
    for (tone, line) in plan::diff(plan) {
        context.messages.line(&line, tone);
    }
    plan::summarize(plan, context);
}

fn refuse_removals(plan: &Plan, most: Option<usize>) -> Result<(), Failure> {
    let Some(most) = most else { return Ok(()) };
    match plan.connections.iter().find(|it| it.removals() > most) {
        None => Ok(()),
        Some(it) => Err(Failure::failed(format!(
            "{} would be removed from {}, and {most} are allowed; nothing was changed",
            count(it.removals(), "group"),
            it.name
        ))
        .remedy("review the file, or raise --max-removals")),
    }
}

fn finish(work: &Work<Applied>, context: &Context) -> ExitCode {
    let pieces = work.pieces();
    let (all, mut failed) = (pieces.len(), 0);
    let mut code = ExitCode::Done;
    for one in pieces.iter() {
        let Some(failure) = &one.failure else { continue };
        failed += 1;
        context.messages.error(&format!("{}: {}", one.name, failure.what), failure.remedy.as_deref());
        // The same for all, or a plain failure.
        code = if code == ExitCode::Done || code == failure.exit { failure.exit } else { ExitCode::Failed };
    }
    if failed == 0 {
        context.messages.note(&format!("Applied to {}.", count(all, "connection")));
    } else {
        context.messages.note(&format!("{failed} of {all} connections failed. Run it again: it does what is left."));
    }
    code
}
