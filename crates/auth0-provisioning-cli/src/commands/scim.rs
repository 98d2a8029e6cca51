//! `scim`: SCIM configurations.

use auth0_provisioning::{Client, ConnectionId, types::ScimConfiguration};
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

/// A configuration, with the URL to enter at the identity provider.
pub(super) struct Scim {
    configuration: ScimConfiguration,
    endpoint_url: String,
}

impl Scim {
    fn new(client: &Client, configuration: ScimConfiguration) -> Self {
        let scim = client.scim(&ConnectionId::from_response(&configuration.connection_id));
        let is_entra_id = configuration.strategy == "waad";
        let endpoint_url = if is_entra_id { scim.entra_endpoint_url() } else { scim.endpoint_url() };
        Self { configuration, endpoint_url }
    }
}

type Field = Column<Scim>;

pub(super) const COLUMNS: &[Field] = &[
    Field::shown("connection_name", |it| json!(it.configuration.connection_name)).title("NAME").tone(Tone::Strong),
    Field::shown("connection_id", |it| json!(it.configuration.connection_id)).title("ID").spare(),
    Field::shown("strategy", |it| json!(it.configuration.strategy)),
    Field::shown("endpoint_url", |it| json!(it.endpoint_url)).title("ENDPOINT").spare(),
    Field::shown("user_id_attribute", |it| json!(it.configuration.user_id_attribute)).title("USER ID"),
    Field::hidden("created_at", |it| json!(it.configuration.created_at)),
    Field::shown("updated_at", |it| json!(it.configuration.updated_on))
        .title("UPDATED")
        .cell(|it, now| cells::time(Some(it.configuration.updated_on), now)),
    Field::hidden("mapping", |it| json!(it.configuration.mapping)).long(),
];

pub(super) async fn run(command: ScimCommand, context: &mut Context) -> Result<(), Failure> {
    match command {
        ScimCommand::List => list(context).await,
        ScimCommand::Get { connection } => {
            let client = context.client().await?;
            let connection = resolve::connection(&client, &connection).await?;
            let configuration = client.scim(&connection).get().await?;
            context.show(COLUMNS, &Scim::new(&client, configuration))
        }
        ScimCommand::Events(arguments) => scim_events::run(&arguments, context).await,
        ScimCommand::Token(command) => scim_token::run(command, context).await,
    }
}

async fn list(context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let configurations = client.scim_configurations().items();
    let mut found: Vec<Scim> = configurations.map_ok(|it| Scim::new(&client, it)).try_collect().await?;
    found.sort_by(|one, other| one.configuration.connection_name.cmp(&other.configuration.connection_name));
    context.list(COLUMNS, &found)?;
    if found.is_empty() {
        context.messages.note("No connection has a SCIM configuration.");
    }
    Ok(())
}
