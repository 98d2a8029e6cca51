//! `delete`: turns off directory provisioning for a connection.

use super::{
    Outcome,
    written::{self, Written},
};
use crate::{arguments, context::Context, exit_code::ExitCode, failure::Failure, resolve};

pub(super) async fn run(arguments: &arguments::Delete, context: &mut Context) -> Outcome {
    context.results.check(written::COLUMNS)?;
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let handle = client.directory_provisioning(&connection);
    let found = handle.get().await?;
    let name = &found.connection_name;
    if !arguments.yes {
        let question = format!(
            "Delete the directory provisioning of {name} ({connection}), with its selected groups? Users stay. Continue?"
        );
        if !context.confirm(&question, "--yes").await? {
            return Err(Failure::failed("nothing was deleted"));
        }
    }
    let work = context.begin(written::COLUMNS, vec![Written::directory("delete", name, &connection)]);
    work.write(0, handle.delete()).await?;
    context.report_to_programs()?;
    context.messages.note(&format!("Deleted the directory provisioning of {name}."));
    Ok(ExitCode::Done)
}
