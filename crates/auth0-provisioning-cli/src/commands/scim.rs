//! `scim`: SCIM configurations and their tokens.

use auth0_provisioning::types::ScimConfiguration;
use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{Outcome, scim_events, scim_token, shown};
use crate::{
    arguments::{Get, ScimCommand, ScimTokenCommand},
    context::Context,
    exit_code::ExitCode,
    output::{Cell, Column, Tone},
    resolve,
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

/// A configuration, with the URL to enter at the identity provider.
pub(super) struct Shown {
    configuration: ScimConfiguration,
    endpoint_url: String,
}

pub(super) const ONE: &[Column<Shown>] = &[
    Column::shown(
        "connection_name",
        |it| json!(it.configuration.connection_name),
        "NAME",
        |it, _| Cell::new(&it.configuration.connection_name, Tone::Strong),
    ),
    Column::shown(
        "connection_id",
        |it| json!(it.configuration.connection_id),
        "ID",
        |it, _| Cell::plain(&it.configuration.connection_id),
    ),
    Column::shown(
        "strategy",
        |it| json!(it.configuration.strategy),
        "STRATEGY",
        |it, _| Cell::plain(&it.configuration.strategy),
    ),
    Column::shown("endpoint_url", |it| json!(it.endpoint_url), "ENDPOINT", |it, _| Cell::plain(&it.endpoint_url)),
    Column::shown(
        "user_id_attribute",
        |it| json!(it.configuration.user_id_attribute),
        "USER ID",
        |it, _| Cell::plain(&it.configuration.user_id_attribute),
    ),
    Column::field("created_at", |it| json!(it.configuration.created_at)),
    Column::shown(
        "updated_at",
        |it| json!(it.configuration.updated_on),
        "UPDATED",
        |it, now| shown::time(Some(it.configuration.updated_on), now),
    ),
    Column::long("mapping", |it| json!(it.configuration.mapping)),
];

pub(super) async fn run(command: ScimCommand, context: &mut Context) -> Outcome {
    match command {
        ScimCommand::List => list(context).await,
        ScimCommand::Get(arguments) => get(&arguments, context).await,
        ScimCommand::Events(arguments) => scim_events::run(&arguments, context).await,
        ScimCommand::Token(token) => match token.command {
            ScimTokenCommand::List(arguments) => scim_token::list(&arguments, context).await,
            ScimTokenCommand::Create(arguments) => scim_token::create(&arguments, context).await,
            ScimTokenCommand::Revoke(arguments) => scim_token::revoke(&arguments, context).await,
            ScimTokenCommand::Rotate(arguments) => scim_token::rotate(&arguments, context).await,
        },
    }
}

async fn get(arguments: &Get, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let scim = client.scim(&connection);
    let configuration = scim.get().await?;
    let is_entra_id = configuration.strategy == "waad";
    let endpoint_url = if is_entra_id { scim.entra_endpoint_url() } else { scim.endpoint_url() };
    let now = context.now();
    context.results.one(ONE, &Shown { configuration, endpoint_url }, now)?;
    Ok(ExitCode::Done)
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
