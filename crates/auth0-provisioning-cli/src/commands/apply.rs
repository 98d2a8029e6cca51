//! `apply`: changes the tenant to match files.

use serde_json::json;

use super::plan;
use crate::{
    arguments,
    context::Context,
    declaration::{self, Applied, Part, Plan},
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column, Tone, count},
    work::{Piece as _, State, Work},
};

fn part(part: Part) -> Cell {
    Cell { text: part.name().replace('_', " "), ..part.state.cell() }
}

fn number(groups: usize) -> Cell {
    Cell::optional((groups > 0).then(|| groups.to_string()), Tone::Plain)
}

type Field = Column<Applied>;

pub(super) const COLUMNS: &[Field] = &[
    Field::shown("connection_name", |it| json!(it.name)).title("NAME").tone(Tone::Strong),
    Field::hidden("connection_id", |it| json!(it.id)),
    Field::shown("state", |it| json!(it.state().name())).cell(|it, _| it.state().cell()),
    Field::shown("directory_provisioning", |it| json!(it.directory.name()))
        .title("DIRECTORY")
        .cell(|it, _| part(it.directory)),
    Field::shown("groups_added", |it| json!(it.groups_done("add")))
        .title("GROUPS +")
        .cell(|it, _| number(it.groups_done("add"))),
    Field::shown("groups_updated", |it| json!(it.groups_done("update")))
        .title("GROUPS ~")
        .cell(|it, _| number(it.groups_done("update"))),
    Field::shown("groups_removed", |it| json!(it.groups_done("remove")))
        .title("GROUPS -")
        .cell(|it, _| number(it.groups_done("remove"))),
    Field::hidden("groups_unknown", |it| json!(it.groups_in(&[State::Unknown]))),
    Field::hidden("groups_not_done", |it| json!(it.groups_in(&[State::NotDone, State::Failed]))),
    Field::hidden("automatic_runs_last", |it| json!(it.automatic.state.name())),
    Field::shown("scim_configuration", |it| json!(it.scim.name())).title("SCIM").cell(|it, _| part(it.scim)),
    Field::shown("error", |it| json!(it.failure.as_ref().map(|failure| &failure.reason))).tone(Tone::Bad),
];

pub(super) async fn run(arguments: &arguments::Apply, context: &mut Context) -> Result<ExitCode, Failure> {
    context.results.check(COLUMNS)?;
    let (client, plan) = plan::read(&arguments.files, context).await?;
    // Results are the changes that were made, so the plan is a message.
    for (tone, line) in plan::diff(&plan) {
        context.messages.line(&line, tone);
    }
    plan::summarize(&plan, context);
    if plan.is_empty() {
        context.list(COLUMNS, &[])?;
        return Ok(ExitCode::Done);
    }
    check_removals(&plan, arguments.max_removals)?;
    if !arguments.yes {
        context.confirm("Apply this?", "--yes", "nothing was applied").await?;
    }
    let work = context.begin(COLUMNS, plan.pieces());
    let progress = context.progress_bar(plan.connections.len());
    let mut is_first = true;
    let next = |name: &str| {
        if !std::mem::replace(&mut is_first, false) {
            progress.advance();
        }
        progress.show(name.to_owned());
    };
    declaration::apply(&client, &plan, &work, next).await;
    drop(progress);
    let listed = context.report();
    let code = report_failures(&work, context);
    // A failed change is more important than a closed pipe.
    if code == ExitCode::Done {
        listed?;
    }
    Ok(code)
}

fn check_removals(plan: &Plan, most: Option<usize>) -> Result<(), Failure> {
    let Some(most) = most else { return Ok(()) };
    let Some(it) = plan.connections.iter().find(|it| it.removals() > most) else { return Ok(()) };
    let (removals, name) = (count(it.removals(), "group"), &it.name);
    let reason = format!("{removals} would be removed from {name}, and {most} are allowed; nothing was changed");
    Err(Failure::failed(reason).remedy("review the file, or raise --max-removals"))
}

/// Prints the failures. Returns their exit code, if they all have the same.
fn report_failures(work: &Work<Applied>, context: &Context) -> ExitCode {
    let pieces = work.pieces();
    let (all, mut failed) = (pieces.len(), 0);
    let mut code = ExitCode::Done;
    for one in pieces.iter() {
        let Some(failure) = &one.failure else { continue };
        failed += 1;
        context.messages.error(&failure.clone().at(&one.name));
        code = if code == ExitCode::Done || code == failure.exit { failure.exit } else { ExitCode::Failed };
    }
    if failed == 0 {
        context.messages.note(format!("Applied to {}.", count(all, "connection")));
    } else {
        let all = count(all, "connection");
        context.messages.note(format!("{failed} of {all} failed. Run it again: it does what is left."));
    }
    code
}
