//! Seed files: what a tenant starts with, in JSON or YAML.

pub(crate) mod plan;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::application::Application;
use crate::connection::Connection;
use crate::operations::Operation;
use crate::rate_limit::RateLimit;
use crate::request_pattern::RequestPattern;
use crate::state::TenantState;
use crate::state::configuration::ConfigurationChange;
use crate::state::directory::{Directory, DirectoryGroup, DirectoryUser};
use crate::state::features::Feature;
use crate::state::groups::Group;
use crate::state::runs::FinishedRun;
use crate::state::scim::ScimChange;
use plan::Plan;

/// What a tenant starts with. Everything may be left out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Seed {
    /// The tenant's name, as groups and SCIM configurations tell it.
    pub(crate) tenant_name: Option<String>,
    /// The rate limits of this plan.
    plan: Option<Plan>,
    /// Rate limits of classes of requests, before those of the plan.
    rate_limits: Vec<SeedRateLimit>,
    /// Features that are on or off; on unless told.
    #[schemars(with = "BTreeMap<String, bool>")]
    pub(crate) features: BTreeMap<Feature, bool>,
    pub(crate) connections: Vec<SeedConnection>,
    pub(crate) roles: Vec<SeedRole>,
    /// Applications that may ask for tokens. They are decided at the start.
    pub(crate) applications: Vec<SeedApplication>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedRateLimit {
    /// An operation id of the contract; or else method and path.
    operation: Option<String>,
    /// A method; any unless told.
    method: Option<String>,
    /// A path from its first slash on, with `{id}` or `*` for any one segment.
    path: Option<String>,
    /// How many requests may come at once.
    burst: u32,
    /// How many requests are added in each period.
    requests: u32,
    /// The period in seconds.
    #[serde(default = "one")]
    seconds: u64,
}

fn one() -> u64 {
    1
}

fn yes() -> bool {
    true
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedRole {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: String,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedApplication {
    client_id: String,
    client_secret: Option<String>,
    /// A public key in PEM, for applications that prove who they are with a JWT.
    public_key_pem: Option<String>,
    /// Every scope unless told.
    scopes: Option<Vec<String>>,
    /// Tokens an hour.
    token_quota: Option<u32>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedConnection {
    /// `con_` and then letters and digits.
    id: String,
    /// The id unless told.
    name: Option<String>,
    strategy: String,
    #[serde(default)]
    options: Map<String, Value>,
    /// Whether an administrator of the other side has done what there is to do.
    #[serde(default = "yes")]
    is_set_up: bool,
    /// Ids of applications that may use it.
    #[serde(default)]
    enabled_clients: Vec<String>,
    /// The configuration, with defaults for what is left out; none unless told.
    directory_provisioning: Option<SeedConfiguration>,
    #[serde(default)]
    selected_groups: Vec<SeedGroup>,
    /// The SCIM configuration, with defaults for what is left out; none unless told.
    scim_configuration: Option<SeedScim>,
    /// What runs find.
    directory: Option<SeedDirectory>,
    /// How the last run ended.
    last_run: Option<SeedRun>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedConfiguration {
    /// Rows with `auth0` and `idp`.
    mapping: Option<Vec<BTreeMap<String, String>>>,
    synchronize_automatically: Option<bool>,
    /// `all`, `off` or `selected`.
    synchronize_groups: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedScim {
    user_id_attribute: Option<String>,
    /// Rows with `auth0` and `scim`.
    mapping: Option<Vec<BTreeMap<String, String>>>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedGroup {
    id: String,
    name: Option<String>,
    email: Option<String>,
    direct_members_count: Option<u64>,
}

/// Users and groups by the ids that they have in the directory.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SeedDirectory {
    users: BTreeMap<String, SeedUser>,
    groups: BTreeMap<String, SeedDirectoryGroup>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SeedUser {
    /// As the directory tells them, such as `primaryEmail`, and `name` with `givenName` in it.
    attributes: Map<String, Value>,
    /// Why runs fail for this user, if they do.
    fails: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SeedDirectoryGroup {
    name: String,
    /// Ids of users in the directory.
    members: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedRun {
    #[schemars(with = "String")]
    ended_at: DateTime<Utc>,
    /// `completed` or `failed` unless told.
    status: Option<String>,
    error: Option<String>,
}

/// What is wrong with a seed file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SeedError {
    /// It is not of the shape of a seed file.
    #[error("the seed is not acceptable: {0}")]
    Shape(String),
    /// A value in it means nothing.
    #[error("the seed is not acceptable at {place}: {what}")]
    Value {
        /// Where, such as `connections[0].directory_provisioning`.
        place: String,
        /// What is wrong there.
        what: String,
    },
}

impl Seed {
    /// Reads a seed in JSON or YAML, of which JSON is a part.
    pub(crate) fn read(text: &str) -> Result<Self, SeedError> {
        serde_yaml_ng::from_str(text).map_err(|error| SeedError::Shape(error.to_string()))
    }

    /// A small company, for those who bring no seed.
    pub(crate) fn company() -> Result<Self, SeedError> {
        Self::read(include_str!("../../assets/company.yaml"))
    }

    /// The JSON Schema of seed files.
    pub(crate) fn schema() -> Value {
        schemars::schema_for!(Self).to_value()
    }

    /// Gives a state made of the seed's connections the rest of the seed.
    pub(crate) fn settle_into(&self, state: &mut TenantState) {
        state.name = self.tenant_name.clone().unwrap_or_else(|| state.name.clone());
        for (feature, enabled) in &self.features {
            state.features.set(*feature, *enabled);
        }
        let roles = self.roles.iter().map(|role| (role.id.clone(), (role.name.clone(), role.description.clone())));
        state.roles = roles.collect();
    }

    pub(crate) fn general_limit(&self) -> Option<RateLimit> {
        self.plan.map(Plan::general)
    }

    pub(crate) fn class_limits(&self) -> Result<Vec<(RequestPattern, RateLimit)>, SeedError> {
        let own = self.rate_limits.iter().enumerate().map(|(index, told)| {
            let limit = RateLimit::per(told.burst, told.requests, Duration::from_secs(told.seconds));
            let wrong = |what: &str| SeedError::Value { place: format!("rate_limits[{index}]"), what: what.to_owned() };
            match (&told.operation, &told.path) {
                (Some(id), None) => {
                    let operation =
                        Operation::named(id).ok_or_else(|| wrong(&format!("no operation is called {id}")))?;
                    Ok((operation.into(), limit))
                }
                (None, Some(path)) => Ok((RequestPattern::new(told.method.as_deref().unwrap_or("*"), path), limit)),
                _ => Err(wrong("either `operation` or `path` has to be told")),
            }
        });
        let own: Vec<_> = own.collect::<Result<_, _>>()?;
        Ok(own.into_iter().chain(self.plan.into_iter().flat_map(Plan::classes)).collect())
    }

    pub(crate) fn seeded_connections(&self) -> Result<Vec<Connection>, SeedError> {
        let connections = self.connections.iter().enumerate();
        connections.map(|(index, told)| told.connection(&format!("connections[{index}]"))).collect()
    }

    pub(crate) fn seeded_applications(&self) -> Result<Vec<Application>, SeedError> {
        let applications = self.applications.iter().enumerate().map(|(index, told)| {
            let mut application = Application::new(told.client_id.clone());
            if let Some(secret) = &told.client_secret {
                application = application.secret(secret.clone());
            }
            if let Some(pem) = &told.public_key_pem {
                application = application.public_key_pem(pem).map_err(|error| SeedError::Value {
                    place: format!("applications[{index}].public_key_pem"),
                    what: error.to_string(),
                })?;
            }
            if let Some(scopes) = &told.scopes {
                application = application.scopes(&scopes.iter().map(String::as_str).collect::<Vec<_>>());
            }
            if let Some(quota) = told.token_quota {
                application = application.token_quota(quota);
            }
            Ok(application)
        });
        applications.collect()
    }
}

impl SeedConnection {
    fn connection(&self, place: &str) -> Result<Connection, SeedError> {
        let wrong = |what: String, below: &str| SeedError::Value { place: format!("{place}.{below}"), what };
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
        }
        connection.directory = self.directory.as_ref().map(SeedDirectory::directory);
        connection.last_run = self.last_run.as_ref().map(|told| {
            let mut run = FinishedRun::new(told.ended_at, told.error.clone());
            run.status = told.status.clone().unwrap_or(run.status);
            run
        });
        Ok(connection)
    }
}

impl SeedDirectory {
    pub(crate) fn directory(&self) -> Directory {
        Directory {
            users: self.users.iter().map(|(id, user)| (id.clone(), user.user())).collect(),
            groups: self.groups.iter().map(|(id, group)| (id.clone(), group.group())).collect(),
        }
    }
}

impl SeedUser {
    pub(crate) fn user(&self) -> DirectoryUser {
        DirectoryUser { attributes: self.attributes.clone(), fails: self.fails.clone() }
    }
}

impl SeedDirectoryGroup {
    pub(crate) fn group(&self) -> DirectoryGroup {
        DirectoryGroup::new(self.name.clone()).members(self.members.iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_company_is_acceptable() {
        let company = Seed::company().unwrap();
        assert!(company.seeded_connections().unwrap().len() > 1);
        assert!(company.general_limit().is_none(), "nobody expects limits");
        let enterprise = Seed::read("plan: enterprise").unwrap();
        assert_eq!(enterprise.class_limits().unwrap().len(), 8);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let told = |text: &str| match Seed::read(text) {
            Ok(seed) => seed.seeded_connections().map(|_| ()).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        assert!(told("connectoins: []").contains("unknown field `connectoins`"));
        let mode = r#"{ "connections": [{ "id": "con_1", "strategy": "google-apps",
            "directory_provisioning": { "synchronize_groups": "some" } }] }"#;
        let words = told(mode);
        assert!(words.contains("connections[0].directory_provisioning") && words.contains("some"), "{words}");
    }

    #[test]
    fn the_schema_names_every_field() {
        let schema = Seed::schema();
        for name in ["tenant_name", "plan", "rate_limits", "features", "connections", "roles", "applications"] {
            assert!(schema["properties"].get(name).is_some(), "{name}");
        }
    }
}
