//! `scim`: SCIM configurations and their tokens.

use auth0_provisioning::types::ScimConfiguration;
use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{Outcome, scim_token, shown};
use crate::{
    arguments::{ScimCommand, ScimTokenCommand},
    context::Context,
    exit_code::ExitCode,
    output::{Cell, Column, Tone},
};

pub(super) const COLUMNS: &[Column<ScimConfiguration>] = &[
    Column::shown(
        "connection_name",
        |it| json!(it.connection_name),
        "NAME",
        |it, _| Cell::new(&it.connection_name, Tone::Strong),
    ),
    Column::spare("connection_id", |it| json!(it.connection_id), "ID", |it, _| Cell::plain(&it.connection_id)),
    Column::shown("strategy", |it| json!(it.strategy), "STRATEGY", |it, _| Cell::plain(&it.strategy)),
    Column::shown(
        "user_id_attribute",
        |it| json!(it.user_id_attribute),
        "USER ID",
        |it, _| Cell::plain(&it.user_id_attribute),
    ),
    Column::field("created_at", |it| json!(it.created_at)),
    Column::shown("updated_at", |it| json!(it.updated_on), "UPDATED", |it, now| shown::time(Some(it.updated_on), now)),
    Column::long("mapping", |it| json!(it.mapping)),
];

pub(super) async fn run(command: ScimCommand, context: &mut Context) -> Outcome {
    match command {
        ScimCommand::List => list(context).await,
        ScimCommand::Token(token) => match token.command {
            ScimTokenCommand::List(arguments) => scim_token::list(&arguments, context).await,
            ScimTokenCommand::Create(arguments) => scim_token::create(&arguments, context).await,
            ScimTokenCommand::Revoke(arguments) => scim_token::revoke(&arguments, context).await,
            ScimTokenCommand::Rotate(arguments) => scim_token::rotate(&arguments, context).await,
        },
    }
}

async fn list(context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let mut found: Vec<ScimConfiguration> = client.scim_configurations().items().try_collect().await?;
    found.sort_by(|one, other| one.connection_name.cmp(&other.connection_name));
    let now = context.now();
    context.results.list(COLUMNS, &found, now)?;
    if found.is_empty() {
        context.messages.note("No connection has a SCIM configuration.");
    }
    Ok(ExitCode::Done)
}
