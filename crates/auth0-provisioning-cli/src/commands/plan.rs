//! `plan`: what differs between files and the tenant.

use auth0_provisioning::Client;
use serde_json::json;

use super::Outcome;
use crate::{
    arguments,
    context::Context,
    declaration::{self, Action, ChangeLine, ConnectionPlan, Plan},
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column, Tone},
};

/// A change with its connection.
pub(super) struct Row {
    name: String,
    id: String,
    line: ChangeLine,
}

impl Row {
    pub(super) fn new(name: &str, id: &str, line: ChangeLine) -> Self {
        Self { name: name.to_owned(), id: id.to_owned(), line }
    }
}

pub(super) const COLUMNS: &[Column<Row>] = &[
    Column::shown("connection_name", |it| json!(it.name), "NAME", |it, _| Cell::plain(&it.name)),
    Column::field("connection_id", |it| json!(it.id)),
    Column::shown("action", |it| json!(it.line.action.name()), "ACTION", |it, _| Cell::plain(it.line.action.name())),
    Column::field("resource", |it| json!(it.line.resource)),
    Column::shown("field", |it| json!(it.line.field), "CHANGE", |it, _| Cell::plain(it.line.text())),
    Column::field("from", |it| it.line.from.clone()),
    Column::field("to", |it| it.line.to.clone()),
];

pub(super) async fn run(arguments: &arguments::Plan, context: &mut Context) -> Outcome {
    context.results.check(COLUMNS)?;
    let (_, plan) = read(&arguments.files, context).await?;
    match show(&plan, context) {
        // The exit code is enough for a program that does not read.
        Err(failure) if !failure.is_closed_pipe => return Err(failure),
        _ => {}
    }
    let changed = arguments.detailed_exitcode && !plan.is_empty();
    Ok(if changed { ExitCode::Changes } else { ExitCode::Done })
}

/// Reads files, and compares them with the tenant.
pub(super) async fn read(files: &arguments::Files, context: &mut Context) -> Result<(Client, Plan), Failure> {
    let declaration = declaration::read(&files.files, context).await?;
    let client = context.client().await?;
    let progress = context.endless_progress();
    let plan = declaration::plan(&client, &declaration, files.allow_delete, &progress).await?;
    Ok((client, plan))
}

/// Shows a plan: as a diff for people, as records for programs.
pub(super) fn show(plan: &Plan, context: &mut Context) -> Result<(), Failure> {
    if context.results.is_table() && context.results.style.fields.is_empty() {
        for (tone, line) in diff(plan) {
            context.results.line(&line, tone)?;
        }
    } else {
        let of = |it: &ConnectionPlan| {
            let lines = it.lines.iter().cloned();
            lines.map(|line| Row::new(&it.name, it.id.as_str(), line)).collect::<Vec<_>>()
        };
        let rows: Vec<Row> = plan.connections.iter().flat_map(of).collect();
        let now = context.now();
        context.results.list(COLUMNS, &rows, now)?;
    }
    summarize(plan, context);
    Ok(())
}

/// The sum of a plan, on stderr.
pub(super) fn summarize(plan: &Plan, context: &Context) {
    for kept in &plan.kept {
        context
            .messages
            .warning(&format!("the {kept} is null in the file, and kept: pass --allow-delete to delete it"));
    }
    for name in &plan.without_effect {
        context.messages.note(&format!(
            "{name}: the file's synchronized_groups count only with `synchronize_groups: selected`; the selection stays as it is."
        ));
    }
    if plan.is_empty() {
        context.messages.note("No changes: the tenant looks like the file.");
    } else {
        context.messages.note(&format!("Plan: {}.", plan.summary()));
    }
}

/// The plan as lines with a sign, in their tones.
pub(super) fn diff(plan: &Plan) -> Vec<(Tone, String)> {
    let mut lines = Vec::new();
    for connection in &plan.connections {
        lines.push((Tone::Strong, format!("{} ({})", connection.name, connection.id)));
        lines.extend(connection.lines.iter().map(signed));
    }
    lines
}

/// A change as a line with a sign, in its tone.
pub(super) fn signed(line: &ChangeLine) -> (Tone, String) {
    let tone = match line.action {
        Action::Create | Action::Add => Tone::Good,
        Action::Delete | Action::Remove => Tone::Bad,
        Action::Change => Tone::Warning,
    };
    let verb = if line.field.is_none() { format!("{} ", line.action.name()) } else { String::new() };
    let text: String = line.text().replace(char::is_control, " ");
    (tone, format!("  {} {verb}{text}", line.action.sign()))
}
