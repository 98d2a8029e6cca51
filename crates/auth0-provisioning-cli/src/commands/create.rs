//! `create`: turns on directory provisioning for a connection.

use super::{Outcome, list};
use crate::{arguments, context::Context, exit_code::ExitCode, failure::Failure, resolve};

pub(super) async fn run(arguments: &arguments::Create, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let what = format!("the directory provisioning of {}", arguments.connection);
    context.ledger.set_out([what.clone()]);
    let created = client.directory_provisioning(&connection).create(arguments.settings.desired()).await;
    let created = created.map_err(|error| {
        let conflicts = error.is_conflict();
        let failure = Failure::from(error);
        if conflicts { failure.remedy("it has a configuration already: change it with `a0p update`") } else { failure }
    })?;
    context.ledger.done(&what);
    let now = context.now();
    context.results.one(list::COLUMNS, &created, now)?;
    context.messages.note("Created. Start the first run with `a0p sync`.");
    Ok(ExitCode::Done)
}
