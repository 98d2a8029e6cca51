//! Connections in seed files.

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
    /// Defaults to the id.
    name: Option<String>,
    /// A strategy of the contract.
    #[schemars(schema_with = "strategies")]
    strategy: String,
    #[serde(default)]
    options: Map<String, Value>,
    /// Whether an administrator has completed the setup at the provider.
    #[serde(default = "yes")]
    is_set_up: bool,
    /// Ids of applications that can use it.
    #[serde(default)]
    enabled_clients: Vec<String>,
    /// The age of its configurations at the start of the tenant. Defaults to zero.
    configured_seconds_ago: Option<u64>,
    /// The configuration. Absent properties have their defaults.
    directory_provisioning: Option<SeedConfiguration>,
    #[serde(default)]
    selected_groups: Vec<SeedGroup>,
    /// The SCIM configuration. Absent properties have their defaults.
    scim_configuration: Option<SeedScim>,
    /// The course of its runs. They default to completing after two seconds.
    synchronization: Option<Synchronization>,
    /// The directory that runs read.
    directory: Option<Directory>,
    /// Past runs in ascending order. Each has brought the users and groups of the directory, and has its log events.
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
    /// At most two. Their secrets are unknown: tests list and replace them.
    #[serde(default)]
    tokens: Vec<SeedToken>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedToken {
    /// The age at the start of the tenant.
    created_seconds_ago: u64,
    /// The time from creation to expiry. Defaults to no expiry.
    lifetime_seconds: Option<u64>,
    /// Defaults to all scopes.
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
    /// Returns the connection. `place` is its place in the seed file.
    pub(super) fn connection(&self, place: &str) -> Result<Connection, SeedError> {
        let wrong = |reason: String, below: &str| SeedError::at(format!("{place}.{below}"), reason);
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
        if let Some(seed) = &self.directory_provisioning {
            let change = json!({
                "mapping": seed.mapping,
                "synchronize_automatically": seed.synchronize_automatically,
                "synchronize_groups": seed.synchronize_groups,
            });
            let change = ConfigurationChange::deserialize(change);
            connection.configuration =
                Some(change.map_err(|error| wrong(error.to_string(), "directory_provisioning"))?);
        }
        for seed in &self.selected_groups {
            let mut group = json!({ "id": seed.id });
            for (name, value) in [
                ("name", json!(seed.name)),
                ("email", json!(seed.email)),
                ("direct_members_count", json!(seed.direct_members_count)),
            ] {
                group[name] = value;
            }
            let group = Group::deserialize(group).map_err(|error| wrong(error.to_string(), "selected_groups"))?;
            connection.groups.push(group);
        }
        if let Some(seed) = &self.scim_configuration {
            let change = json!({ "user_id_attribute": seed.user_id_attribute, "mapping": seed.mapping });
            let change = ScimChange::deserialize(change);
            connection.scim = Some(change.map_err(|error| wrong(error.to_string(), "scim_configuration"))?);
            if seed.tokens.len() > MOST_TOKENS {
                return Err(wrong(
                    format!("a connection has at most {MOST_TOKENS} tokens"),
                    "scim_configuration.tokens",
                ));
            }
            connection.scim_tokens = seed.tokens.iter().map(SeedToken::past_token).collect();
        }
        connection.configured_ago = self.configured_seconds_ago.map(Duration::from_secs).unwrap_or_default();
        if let Some(run) = &self.synchronization {
            connection = connection.synchronization(run.clone());
        }
        connection.directory.clone_from(&self.directory);
        for (index, seed) in self.past_runs.iter().enumerate() {
            connection.past_runs.push(seed.past_run(&format!("{place}.past_runs[{index}]"))?);
        }
        Ok(connection)
    }
}
