//! Seed files: the initial state of a tenant, in JSON or YAML.

mod application;
mod connection;
mod error;
mod past_run;
pub(crate) mod plan;
pub(crate) mod rate_limits;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::application::Application;
use crate::connection::Connection;
use crate::rate_limit::LimitSettings;
use crate::state::TenantState;
use crate::state::features::Feature;
use application::SeedApplication;
use connection::SeedConnection;
pub use error::SeedError;
use plan::Plan;
use rate_limits::{SeedClassLimit, SeedLimit};

/// The initial state of a tenant. Every property is optional.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Seed {
    /// The name of the tenant in groups, log events and SCIM configurations.
    pub(crate) tenant_name: Option<String>,
    /// The rate limits of this plan.
    plan: Option<Plan>,
    /// The rate limit of requests without a class. Replaces that of the plan.
    rate_limit: Option<SeedLimit>,
    /// Rate limits of classes of requests. They take precedence over those of the plan.
    rate_limits: Vec<SeedClassLimit>,
    /// Features to enable or disable. All are enabled by default.
    #[schemars(with = "BTreeMap<String, bool>")]
    pub(crate) features: BTreeMap<Feature, bool>,
    connections: Vec<SeedConnection>,
    pub(crate) roles: Vec<SeedRole>,
    /// Applications that can request tokens, besides the one that every tenant has.
    applications: Vec<SeedApplication>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedRole {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: String,
}

impl Seed {
    /// Reads a seed in JSON or YAML.
    pub(crate) fn read(text: &str) -> Result<Self, SeedError> {
        // The YAML parser would read JSON much more slowly. A text that starts as JSON gets the error of JSON.
        if text.trim_start().starts_with('{') {
            match serde_json::from_str(text) {
                Ok(seed) => return Ok(seed),
                Err(error) if error.is_data() => return Err(SeedError::Shape(error.to_string())),
                Err(_) => {}
            }
        }
        serde_yaml_ng::from_str(text).map_err(|error| SeedError::Shape(error.to_string()))
    }

    /// Returns the default seed: a small company.
    pub(crate) fn company() -> Result<Self, SeedError> {
        Self::read(include_str!("../../assets/company.yaml"))
    }

    /// Returns the JSON Schema of seed files.
    pub(crate) fn schema() -> Value {
        schemars::schema_for!(Self).to_value()
    }

    /// Adds the features and roles of the seed to a state with its connections.
    pub(crate) fn settle_into(&self, state: &mut TenantState) {
        for (feature, enabled) in &self.features {
            state.features.set(*feature, *enabled);
        }
        let roles = self.roles.iter().map(|role| (role.id.clone(), (role.name.clone(), role.description.clone())));
        state.roles = roles.collect();
    }

    pub(crate) fn limits(&self) -> Result<LimitSettings, SeedError> {
        rate_limits::settings(self.plan, self.rate_limit.as_ref(), &self.rate_limits, ["rate_limit", "rate_limits"])
    }

    pub(crate) fn seeded_connections(&self) -> Result<Vec<Connection>, SeedError> {
        let connections = self.connections.iter().enumerate();
        connections.map(|(index, seed)| seed.connection(&format!("connections[{index}]"))).collect()
    }

    pub(crate) fn seeded_applications(&self) -> Result<Vec<Application>, SeedError> {
        let applications = self.applications.iter().enumerate();
        applications.map(|(index, seed)| seed.application(&format!("applications[{index}]"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_is_acceptable() {
        let company = Seed::company().unwrap();
        assert!(company.seeded_connections().unwrap().len() > 1);
        assert!(company.limits().unwrap().general.is_none(), "the company has no limits");
        let enterprise = Seed::read("plan: enterprise").unwrap();
        assert_eq!(enterprise.limits().unwrap().classes.len(), 8);
    }

    #[test]
    fn errors_have_their_place() {
        let problem = |text: &str| match Seed::read(text) {
            Ok(seed) => seed.limits().and_then(|_| seed.seeded_connections()).map(|_| ()).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        assert!(problem("connectoins: []").contains("unknown field `connectoins`"));
        let mode = r#"{ "connections": [{ "id": "con_1", "strategy": "google-apps",
            "directory_provisioning": { "synchronize_groups": "some" } }] }"#;
        let message = problem(mode);
        assert!(message.contains("connections[0].directory_provisioning") && message.contains("some"), "{message}");
        let message = problem("rate_limits: [{ operation: get_fire, burst: 1, requests: 1 }]");
        assert!(message.contains("`rate_limits[0]` is not acceptable: no operation is called `get_fire`"), "{message}");
        assert!(
            problem("rate_limit: { burst: 0, requests: 1 }")
                .contains("`rate_limit.burst` is not acceptable: it must be at least 1")
        );
        let message = problem("connections: [{ id: con_1, strategy: google-apps, past_runs: [{ error: x }] }]");
        assert!(message.contains("`connections[0].past_runs[0]` is not acceptable: either `ended_at`"), "{message}");
    }

    #[test]
    fn schema_contains_every_property() {
        let schema = Seed::schema();
        for name in
            ["tenant_name", "plan", "rate_limit", "rate_limits", "features", "connections", "roles", "applications"]
        {
            assert!(schema["properties"].get(name).is_some(), "{name}");
        }
    }
}
