//! `scim`: SCIM configurations.

use auth0_provisioning::types::ScimConfiguration;
use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{cells, scim_events, scim_token};
use crate::{
    arguments::ScimCommand,
    context::Context,
    failure::Failure,
    output::{Column, Tone},
    resolve,
};

type Field = Column<ScimConfiguration>;

pub(super) const COLUMNS: &[Field] = &[
    Field::shown("connection_name", |it| json!(it.connection_name)).title("NAME").tone(Tone::Strong),
    Field::shown("connection_id", |it| json!(it.connection_id)).title("ID").spare(),
    Field::shown("strategy", |it| json!(it.strategy)),
    Field::shown("user_id_attribute", |it| json!(it.user_id_attribute)).title("USER ID"),
    Field::hidden("created_at", |it| json!(it.created_at)),
    Field::shown("updated_at", |it| json!(it.updated_on))
        .title("UPDATED")
        .cell(|it, now| cells::time(Some(it.updated_on), now)),
    Field::hidden("mapping", |it| json!(it.mapping)).long(),
];

/// A configuration, with the URL to enter at the identity provider.
pub(super) struct WithEndpoint {
    configuration: ScimConfiguration,
    endpoint_url: String,
}

type EndpointField = Column<WithEndpoint>;

pub(super) const ONE: &[EndpointField] = &[
    EndpointField::shown("connection_name", |it| json!(it.configuration.connection_name))
        .title("NAME")
        .tone(Tone::Strong),
    EndpointField::shown("connection_id", |it| json!(it.configuration.connection_id)).title("ID"),
    EndpointField::shown("strategy", |it| json!(it.configuration.strategy)),
    EndpointField::shown("endpoint_url", |it| json!(it.endpoint_url)).title("ENDPOINT"),
    EndpointField::shown("user_id_attribute", |it| json!(it.configuration.user_id_attribute)).title("USER ID"),
    EndpointField::hidden("created_at", |it| json!(it.configuration.created_at)),
    EndpointField::shown("updated_at", |it| json!(it.configuration.updated_on))
        .title("UPDATED")
        .cell(|it, now| cells::time(Some(it.configuration.updated_on), now)),
    EndpointField::hidden("mapping", |it| json!(it.configuration.mapping)).long(),
];

pub(super) async fn run(command: ScimCommand, context: &mut Context) -> Result<(), Failure> {
    match command {
        ScimCommand::List => list(context).await,
        ScimCommand::Get { connection } => get(&connection, context).await,
        ScimCommand::Events(arguments) => scim_events::run(&arguments, context).await,
        ScimCommand::Token(command) => scim_token::run(command, context).await,
    }
}

async fn get(given: &str, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let scim = client.scim(&resolve::connection(&client, given).await?);
    let configuration = scim.get().await?;
    let is_entra_id = configuration.strategy == "waad";
    let endpoint_url = if is_entra_id { scim.entra_endpoint_url() } else { scim.endpoint_url() };
    context.show(ONE, &WithEndpoint { configuration, endpoint_url })
}

async fn list(context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let mut found: Vec<ScimConfiguration> = client.scim_configurations().items().try_collect().await?;
    found.sort_by(|one, other| one.connection_name.cmp(&other.connection_name));
    context.list(COLUMNS, &found)?;
    if found.is_empty() {
        context.messages.note("No connection has a SCIM configuration.");
    }
    Ok(())
}
