//! `delete`: turns off directory provisioning for a connection.

use super::written::{self, Written};
use crate::{context::Context, failure::Failure, resolve};

pub(super) async fn run(given: &str, is_confirmed: bool, context: &mut Context) -> Result<(), Failure> {
    context.results.check(written::COLUMNS)?;
    let client = context.client().await?;
    let connection = resolve::connection(&client, given).await?;
    let handle = client.directory_provisioning(&connection);
    let found = handle.get().await?;
    let name = &found.connection_name;
    if !is_confirmed {
        let question = format!(
            "Delete the directory provisioning of {name} ({connection}) and its selected groups? Users stay. Continue?"
        );
        context.confirm(&question, "--yes", "nothing was deleted").await?;
    }
    let work = context.begin(written::COLUMNS, vec![Written::directory("delete", name, &connection)]);
    work.write(0, handle.delete()).await?;
    context.report_unless_table()?;
    context.messages.note(format!("Deleted the directory provisioning of {name}."));
    Ok(())
}
