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
};

fn what(done: &str) -> Cell {
    Cell::new(
        done,
        match done {
            "failed" => Tone::Bad,
            "unchanged" => Tone::Dim,
            _ => Tone::Good,
        },
    )
}

fn number(groups: usize) -> Cell {
    if groups == 0 { Cell::none() } else { Cell::plain(groups.to_string()) }
}

pub(super) const COLUMNS: &[Column<Applied>] = &[
    Column::shown("connection_name", |it| json!(it.name), "NAME", |it, _| Cell::new(&it.name, Tone::Strong)),
    Column::field("connection_id", |it| json!(it.id)),
    Column::shown("directory_provisioning", |it| json!(it.directory), "DIRECTORY", |it, _| what(it.directory)),
    Column::shown("groups_added", |it| json!(it.groups_added), "GROUPS +", |it, _| number(it.groups_added)),
    Column::shown("groups_removed", |it| json!(it.groups_removed), "GROUPS -", |it, _| number(it.groups_removed)),
    Column::shown("scim_configuration", |it| json!(it.scim), "SCIM", |it, _| what(it.scim)),
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
    let declaration = declaration::read(&arguments.files.files, context).await?;
    let client = context.client().await?;
    let plan = declaration::plan(&client, &declaration, arguments.files.allow_delete).await?;
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
    let pieces = plan.connections.len();
    context.ledger.set_out(plan.connections.iter().map(|it| it.name.clone()));
    let progress = context.progress(pieces);
    let ledger = context.ledger.clone();
    let mut told = std::collections::BTreeSet::new();
    let mut progressed = |done: &Applied| {
        if told.insert(done.name.clone()) {
            progress.advance();
            progress.tell(done.name.clone());
        }
        if done.failure.is_none() {
            ledger.done(&done.name);
        }
    };
    let applied = declaration::apply(&client, plan, &mut progressed).await?;
    drop(progress);
    let now = context.now();
    let listed = context.results.list(COLUMNS, &applied, now);
    let code = finish(applied, context);
    // What failed counts for more than that nobody reads of it.
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

fn finish(applied: Vec<Applied>, context: &Context) -> ExitCode {
    let (all, mut failed) = (applied.len(), 0);
    let mut code = ExitCode::Done;
    for one in applied {
        let Some(failure) = one.failure else { continue };
        failed += 1;
        let failure = failure.at(&one.name);
        context.messages.error(&failure.what, failure.remedy.as_deref());
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
