//! `create`: turns on directory provisioning for a connection.

use super::{
    list,
    written::{self, Written},
};
use crate::{arguments, context::Context, failure::Failure, resolve};

pub(super) async fn run(arguments: &arguments::Create, context: &mut Context) -> Result<(), Failure> {
    context.results.check(list::COLUMNS)?;
    let desired = arguments.settings.desired()?;
    let client = context.client().await?;
    let given = arguments.connection.as_str();
    let connection = resolve::connection(&client, given).await?;
    let work = context.begin(written::COLUMNS, vec![Written::directory("create", given, &connection)]);
    let create = client.directory_provisioning(&connection).create(desired.clone());
    let created = work.write(0, create).await.map_err(|error| {
        let is_conflict = error.is_conflict();
        let failure = Failure::from(error);
        if is_conflict { failure.remedy("change the existing configuration with `a0p update`") } else { failure }
    })?;
    context.end();
    context.show(list::COLUMNS, &created)?;
    let left = desired.changes_in(&created);
    if !left.is_empty() {
        let left = left.to_string().replace('\n', ", ");
        return Err(Failure::failed(format!("the configuration was created, but the tenant ignored: {left}"))
            .remedy("change it with `a0p update`"));
    }
    context.messages.note("Created. Start the first run with `a0p sync`.");
    Ok(())
}
