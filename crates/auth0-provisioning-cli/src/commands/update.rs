//! `update`: changes the directory provisioning of a connection.

use auth0_provisioning::{Changes, Outcome as Ensured, VerbError as _};

use super::{
    Outcome, list, plan,
    written::{self, Written},
};
use crate::{arguments, context::Context, declaration, exit_code::ExitCode, failure::Failure, resolve};

pub(super) async fn run(arguments: &arguments::Update, context: &mut Context) -> Outcome {
    if arguments.settings.is_empty() {
        return Err(Failure::usage("there is nothing to change").remedy("pass --groups, --automatic or --map"));
    }
    if arguments.dry_run {
        context.results.check(plan::COLUMNS)?;
    } else {
        context.results.check(list::COLUMNS)?;
    }
    let client = context.client().await?;
    let given = arguments.connection.as_str();
    let connection = resolve::connection(&client, given).await?;
    let handle = client.directory_provisioning(&connection);
    // It changes a configuration, and does not create one.
    let found = handle.get().await?;
    let desired = arguments.settings.desired();
    if arguments.dry_run {
        let changes = desired.changes_in(&found);
        return show(&found.connection_name, connection.as_str(), &changes, context);
    }
    let work = context.begin(written::COLUMNS, vec![Written::directory("update", given, &connection)]);
    let ensured = work.write(0, async { handle.ensure(desired).await }).await.map_err(|error| {
        let failure = Failure::of(&error);
        if error.call_error().is_some() { failure } else { failure.remedy("see the present state with `a0p get`") }
    })?;
    context.settle();
    context.messages.note(&match &ensured.outcome {
        Ensured::Unchanged => "Nothing to change.".to_owned(),
        Ensured::Updated(changes) => format!("Changed:\n{changes}"),
        _ => "Created: another writer deleted it meanwhile.".to_owned(),
    });
    let now = context.now();
    if let Some(configuration) = &ensured.configuration {
        context.results.one(list::COLUMNS, configuration, now)?;
    }
    Ok(ExitCode::Done)
}

/// Shows what would change, as `plan` does.
fn show(name: &str, id: &str, changes: &Changes, context: &mut Context) -> Outcome {
    let lines = declaration::of_changes(changes);
    if context.results.is_table() && context.results.style.fields.is_empty() {
        for line in &lines {
            let (tone, text) = plan::signed(line);
            context.results.line(&text, tone)?;
        }
    } else {
        let rows: Vec<plan::Row> = lines.iter().cloned().map(|line| plan::Row::new(name, id, line)).collect();
        let now = context.now();
        context.results.list(plan::COLUMNS, &rows, now)?;
    }
    let note = if lines.is_empty() { "Nothing to change." } else { "A dry run: nothing was changed." };
    context.messages.note(note);
    Ok(ExitCode::Done)
}
