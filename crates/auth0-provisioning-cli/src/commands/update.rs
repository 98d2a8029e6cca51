//! `update`: changes the directory provisioning of a connection.

use auth0_provisioning::Outcome as Ensured;

use super::{Outcome, list};
use crate::{arguments, context::Context, exit_code::ExitCode, failure::Failure, resolve};

pub(super) async fn run(arguments: &arguments::Update, context: &mut Context) -> Outcome {
    if arguments.settings.is_empty() {
        return Err(Failure::usage("there is nothing to change").remedy("pass --groups, --automatic or --map"));
    }
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let handle = client.directory_provisioning(&connection);
    // It shall change what is there, and not create what is not.
    handle.get().await?;
    let what = format!("the change of {}", arguments.connection);
    if !arguments.dry_run {
        context.ledger.set_out([what.clone()]);
    }
    let ensured = handle.ensure(arguments.settings.desired()).dry_run(arguments.dry_run).await;
    let ensured = ensured.map_err(|error| Failure::of(&error))?;
    context.ledger.done(&what);
    let told = match &ensured.outcome {
        Ensured::Updated(changes) if arguments.dry_run => format!("Would change:\n{changes}"),
        Ensured::Updated(changes) => format!("Changed:\n{changes}"),
        _ => "Nothing to change.".to_owned(),
    };
    context.messages.note(&told);
    let now = context.now();
    if let Some(configuration) = &ensured.configuration {
        context.results.one(list::COLUMNS, configuration, now)?;
    }
    Ok(ExitCode::Done)
}
