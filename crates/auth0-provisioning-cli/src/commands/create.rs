//! `create`: turns on directory provisioning for a connection.

use super::{
    Outcome, list,
    written::{self, Written},
};
use crate::{arguments, context::Context, exit_code::ExitCode, failure::Failure, resolve};

pub(super) async fn run(arguments: &arguments::Create, context: &mut Context) -> Outcome {
    context.results.check(list::COLUMNS)?;
    let client = context.client().await?;
    let given = arguments.connection.as_str();
    let connection = resolve::connection(&client, given).await?;
    let work = context.begin(written::COLUMNS, vec![Written::directory("create", given, &connection)]);
    let create = client.directory_provisioning(&connection).create(arguments.settings.desired());
    let created = work.write(0, create).await.map_err(|error| {
        let conflicts = error.is_conflict();
        let failure = Failure::from(error);
        if conflicts { failure.remedy("it has a configuration already: change it with `a0p update`") } else { failure }
    })?;
    context.settle();
    let now = context.now();
    context.results.one(list::COLUMNS, &created, now)?;
    let left = arguments.settings.desired().changes_in(&created);
    if !left.is_empty() {
        let left = left.to_string().replace('\n', ", ");
        return Err(Failure::failed(format!("it was created, and the tenant did not take over: {left}"))
            .remedy("set it with `a0p update`"));
    }
    context.messages.note("Created. Start the first run with `a0p sync`.");
    Ok(ExitCode::Done)
}
