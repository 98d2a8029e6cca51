//! `update`: changes the directory provisioning of a connection.

use auth0_provisioning::{Changes, Outcome, VerbError as _};

use super::{
    list, plan,
    written::{self, Written},
};
use crate::{arguments, context::Context, declaration, failure::Failure, resolve};

pub(super) async fn run(arguments: &arguments::Update, context: &mut Context) -> Result<(), Failure> {
    if arguments.settings.is_empty() {
        return Err(Failure::usage("there is nothing to change").remedy("pass --groups, --automatic or --map"));
    }
    let desired = arguments.settings.desired()?;
    if arguments.dry_run {
        context.results.check(plan::COLUMNS)?;
    } else {
        context.results.check(list::COLUMNS)?;
    }
    let client = context.client().await?;
    let given = arguments.connection.as_str();
    let connection = resolve::connection(&client, given).await?;
    let handle = client.directory_provisioning(&connection);
    // Without a configuration, this fails: `ensure` would create one.
    let found = handle.get().await?;
    if arguments.dry_run {
        let changes = desired.changes_in(&found);
        return show(&found.connection_name, connection.as_str(), &changes, context);
    }
    let work = context.begin(written::COLUMNS, vec![Written::directory("update", given, &connection)]);
    let ensured = work.write(0, async { handle.ensure(desired).await }).await.map_err(|error| {
        let failure = Failure::of(&error);
        if error.call_error().is_some() { failure } else { failure.remedy("check the present state with `a0p get`") }
    })?;
    context.end();
    context.messages.note(match &ensured.outcome {
        Outcome::Unchanged => "Nothing to change.".to_owned(),
        Outcome::Updated(changes) => format!("Changed:\n{changes}"),
        _ => "Created: another writer deleted it meanwhile.".to_owned(),
    });
    match &ensured.configuration {
        Some(configuration) => context.show(list::COLUMNS, configuration),
        None => Ok(()),
    }
}

/// Shows changes as `plan` does.
fn show(name: &str, id: &str, changes: &Changes, context: &mut Context) -> Result<(), Failure> {
    let lines = declaration::of_changes(changes);
    if context.results.is_default_table() {
        for (tone, text) in lines.iter().map(plan::signed) {
            context.results.line(&text, tone)?;
        }
    } else {
        context.list(plan::COLUMNS, &plan::rows(name, id, &lines))?;
    }
    context.messages.note(if lines.is_empty() { "Nothing to change." } else { "A dry run: nothing was changed." });
    Ok(())
}
