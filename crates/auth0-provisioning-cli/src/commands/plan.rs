//! `plan`: how the tenant differs from files.

use auth0_provisioning::Client;
use serde_json::json;

use crate::{
    arguments,
    context::Context,
    declaration::{self, Action, ChangeLine, Plan},
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

type Field = Column<Row>;

pub(super) const COLUMNS: &[Field] = &[
    Field::shown("connection_name", |it| json!(it.name)).title("NAME"),
    Field::hidden("connection_id", |it| json!(it.id)),
    Field::shown("action", |it| json!(it.line.action.name())),
    Field::hidden("resource", |it| json!(it.line.resource)),
    Field::shown("field", |it| json!(it.line.field)).title("CHANGE").cell(|it, _| Cell::plain(it.line.text())),
    Field::hidden("from", |it| it.line.from.clone()),
    Field::hidden("to", |it| it.line.to.clone()),
];

pub(super) async fn run(arguments: &arguments::Plan, context: &mut Context) -> Result<ExitCode, Failure> {
    context.results.check(COLUMNS)?;
    let (_, plan) = read(&arguments.files, context).await?;
    let written = if context.results.is_default_table() {
        diff(&plan).into_iter().try_for_each(|(tone, line)| context.results.line(&line, tone))
    } else {
        let connections = plan.connections.iter();
        let rows: Vec<Row> = connections.flat_map(|it| rows(&it.name, it.id.as_str(), &it.lines)).collect();
        context.list(COLUMNS, &rows)
    };
    match written {
        Ok(()) => summarize(&plan, context),
        // A program that closed the pipe can still use the exit code.
        Err(failure) if failure.is_closed_pipe => {}
        Err(failure) => return Err(failure),
    }
    let has_changes = arguments.detailed_exitcode && !plan.is_empty();
    Ok(if has_changes { ExitCode::Changes } else { ExitCode::Done })
}

/// Reads files, and compares them with the tenant.
pub(super) async fn read(files: &arguments::Files, context: &mut Context) -> Result<(Client, Plan), Failure> {
    let declaration = declaration::read(&files.files, context).await?;
    let client = context.client().await?;
    let progress = context.spinner("reading the configurations");
    let plan = declaration::plan(&client, &declaration, files.allow_delete, &progress).await?;
    Ok((client, plan))
}

pub(super) fn rows(name: &str, id: &str, lines: &[ChangeLine]) -> Vec<Row> {
    lines.iter().map(|line| Row { name: name.to_owned(), id: id.to_owned(), line: line.clone() }).collect()
}

/// Writes the summary of a plan as messages.
pub(super) fn summarize(plan: &Plan, context: &Context) {
    for kept in &plan.kept {
        context.messages.warning(format!("the {kept} is null in the file: pass --allow-delete to delete it"));
    }
    for name in &plan.without_effect {
        context.messages.note(format!(
            "{name}: synchronized_groups in the file has no effect without `synchronize_groups: selected`; the selection is not \
             changed."
        ));
    }
    if plan.is_empty() {
        context.messages.note("No changes: the tenant matches the file.");
    } else {
        context.messages.note(format!("Plan: {}.", plan.summary()));
    }
}

/// Returns the lines of a plan with their tones: each connection, and its changes.
pub(super) fn diff(plan: &Plan) -> Vec<(Tone, String)> {
    let mut lines = Vec::new();
    for connection in &plan.connections {
        lines.push((Tone::Strong, format!("{} ({})", connection.name, connection.id)));
        lines.extend(connection.lines.iter().map(signed));
    }
    lines
}

/// Returns a change as a line with a sign, and its tone.
pub(super) fn signed(line: &ChangeLine) -> (Tone, String) {
    let (sign, tone) = match line.action {
        Action::Create | Action::Add => ('+', Tone::Good),
        Action::Delete | Action::Remove => ('-', Tone::Bad),
        Action::Change => ('~', Tone::Warning),
    };
    let verb = if line.field.is_none() { format!("{} ", line.action.name()) } else { String::new() };
    (tone, format!("  {sign} {verb}{}", line.text()))
}
