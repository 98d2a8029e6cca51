//! What a seed file says of a connection.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::SeedError;
use super::past_run::SeedRun;
use crate::connection::Connection;
use crate::contract::contract;
use crate::state::configuration::ConfigurationChange;
use crate::state::directory::Directory;
use crate::state::groups::Group;
use crate::state::runs::Synchronization;
use crate::state::scim::{MOST_TOKENS, PastToken, ScimChange};

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedConnection {
    /// `con_` and then letters and digits.
    id: String,
    /// The id unless told.
    name: Option<String>,
    /// One that the contract knows.
    #[schemars(schema_with = "strategies")]
    strategy: String,
    #[serde(default)]
    options: Map<String, Value>,
    /// Whether an administrator of the other side has done what there is to do.
    #[serde(default = "yes")]
    is_set_up: bool,
    /// Ids of applications that may use it.
    #[serde(default)]
    enabled_clients: Vec<String>,
    /// How long before the tenant's start its configurations were created; at the start unless told.
    configured_seconds_ago: Option<u64>,
    /// The configuration, with defaults for what is left out; none unless told.
    directory_provisioning: Option<SeedConfiguration>,
    #[serde(default)]
    selected_groups: Vec<SeedGroup>,
    /// The SCIM configuration, with defaults for what is left out; none unless told.
    scim_configuration: Option<SeedScim>,
    /// How its runs go; they complete after two seconds unless told.
    synchronization: Option<Synchronization>,
    /// What runs find.
    directory: Option<Directory>,
    /// Runs of the past, the earliest first. Each has brought what the directory holds, and is in the log.
    #[serde(default)]
    past_runs: Vec<SeedRun>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedConfiguration {
    /// Rows with `auth0` and `idp`.
    mapping: Option<Vec<BTreeMap<String, String>>>,
    synchronize_automatically: Option<bool>,
    /// `all`, `off` or `selected`.
    #[schemars(extend("enum" = ["all", "off", "selected", null]))]
    synchronize_groups: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedScim {
    user_id_attribute: Option<String>,
    /// Rows with `auth0` and `scim`.
    mapping: Option<Vec<BTreeMap<String, String>>>,
    /// At most two. Nobody knows their secrets: they are there to be listed and replaced.
    #[serde(default)]
    tokens: Vec<SeedToken>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedToken {
    /// How long before the tenant's start it was created.
    created_seconds_ago: u64,
    /// How long it is valid from its creation on; without an end unless told.
    lifetime_seconds: Option<u64>,
    /// What it allows; everything unless told.
    scopes: Option<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedGroup {
    id: String,
    name: Option<String>,
    email: Option<String>,
    direct_members_count: Option<u64>,
}

fn strategies(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": contract().strategies() })
}

fn yes() -> bool {
    true
}

impl SeedToken {
    fn past_token(&self) -> PastToken {
        PastToken {
            created_ago: Duration::from_secs(self.created_seconds_ago),
            lifetime: self.lifetime_seconds.map(Duration::from_secs),
            scopes: self.scopes.clone(),
        }
    }
}

impl SeedConnection {
    /// The connection; `place` is where the seed file has it.
    pub(super) fn connection(&self, place: &str) -> Result<Connection, SeedError> {
        let wrong = |what: String, below: &str| SeedError::at(format!("{place}.{below}"), what);
        let known = contract().strategies();
        if !known.contains(&self.strategy.as_str()) {
            return Err(wrong(format!("`{}` is none of {}", self.strategy, known.join(", ")), "strategy"));
        }
        let mut connection = Connection::with_strategy(self.id.clone(), self.strategy.clone());
        connection.name.clone_from(&self.name);
        connection.options.extend(self.options.clone());
        connection.enabled_clients.clone_from(&self.enabled_clients);
        if !self.is_set_up {
            connection = connection.setup_incomplete();
        }
        if let Some(told) = &self.directory_provisioning {
            let change = json!({
                "mapping": told.mapping,
                "synchronize_automatically": told.synchronize_automatically,
                "synchronize_groups": told.synchronize_groups,
            });
            let change = ConfigurationChange::deserialize(change);
            connection.configuration =
                Some(change.map_err(|error| wrong(error.to_string(), "directory_provisioning"))?);
        }
        for told in &self.selected_groups {
            let mut group = json!({ "id": told.id });
            for (name, value) in [
                ("name", json!(told.name)),
                ("email", json!(told.email)),
                ("direct_members_count", json!(told.direct_members_count)),
            ] {
                group[name] = value;
            }
            let group = Group::deserialize(group).map_err(|error| wrong(error.to_string(), "selected_groups"))?;
            connection.groups.push(group);
        }
        if let Some(told) = &self.scim_configuration {
            let change = json!({ "user_id_attribute": told.user_id_attribute, "mapping": told.mapping });
            let change = ScimChange::deserialize(change);
            connection.scim = Some(change.map_err(|error| wrong(error.to_string(), "scim_configuration"))?);
            if told.tokens.len() > MOST_TOKENS {
                return Err(wrong(
                    format!("a connection has at most {MOST_TOKENS} tokens"),
                    "scim_configuration.tokens",
                ));
            }
            connection.scim_tokens = told.tokens.iter().map(SeedToken::past_token).collect();
        }
        connection.configured_ago = self.configured_seconds_ago.map(Duration::from_secs).unwrap_or_default();
        if let Some(run) = &self.synchronization {
            connection = connection.synchronization(run.clone());
        }
        connection.directory.clone_from(&self.directory);
        for (index, told) in self.past_runs.iter().enumerate() {
            connection.past_runs.push(told.past_run(&format!("{place}.past_runs[{index}]"))?);
        }
        Ok(connection)
    }
}
