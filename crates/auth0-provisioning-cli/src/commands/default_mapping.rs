//! `default-mapping`: the mapping that a new configuration gets.

use super::{Outcome, get};
use crate::{arguments, context::Context, exit_code::ExitCode, resolve};

pub(super) async fn run(arguments: &arguments::Get, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let rows = client.directory_provisioning(&connection).default_mapping().await?;
    let now = context.now();
    context.results.list(get::MAPPING, &rows, now)?;
    Ok(ExitCode::Done)
}
