//! Seed files: what a tenant starts with, in JSON or YAML.

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

/// What a tenant starts with. Everything may be left out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Seed {
    /// The tenant's name, as groups, log events and SCIM configurations tell it.
    pub(crate) tenant_name: Option<String>,
    /// The rate limits of this plan.
    plan: Option<Plan>,
    /// The rate limit of everything that has none of its own, in place of the plan's.
    rate_limit: Option<SeedLimit>,
    /// Rate limits of classes of requests, before those of the plan.
    rate_limits: Vec<SeedClassLimit>,
    /// Features that are on or off; on unless told.
    #[schemars(with = "BTreeMap<String, bool>")]
    pub(crate) features: BTreeMap<Feature, bool>,
    connections: Vec<SeedConnection>,
    pub(crate) roles: Vec<SeedRole>,
    /// Applications that may ask for tokens, besides the one that every tenant has.
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
        // JSON is a part of YAML, and is read much faster as itself. What is neither is told in the words of the language
        // that it looks like.
        if text.trim_start().starts_with('{') {
            match serde_json::from_str(text) {
                Ok(seed) => return Ok(seed),
                Err(error) if error.is_data() => return Err(SeedError::Shape(error.to_string())),
                Err(_) => {}
            }
        }
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
        connections.map(|(index, told)| told.connection(&format!("connections[{index}]"))).collect()
    }

    pub(crate) fn seeded_applications(&self) -> Result<Vec<Application>, SeedError> {
        let applications = self.applications.iter().enumerate();
        applications.map(|(index, told)| told.application(&format!("applications[{index}]"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_company_is_acceptable() {
        let company = Seed::company().unwrap();
        assert!(company.seeded_connections().unwrap().len() > 1);
        assert!(company.limits().unwrap().general.is_none(), "nobody expects limits");
        let enterprise = Seed::read("plan: enterprise").unwrap();
        assert_eq!(enterprise.limits().unwrap().classes.len(), 8);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let told = |text: &str| match Seed::read(text) {
            Ok(seed) => seed.limits().and_then(|_| seed.seeded_connections()).map(|_| ()).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        assert!(told("connectoins: []").contains("unknown field `connectoins`"));
        let mode = r#"{ "connections": [{ "id": "con_1", "strategy": "google-apps",
            "directory_provisioning": { "synchronize_groups": "some" } }] }"#;
        let words = told(mode);
        assert!(words.contains("connections[0].directory_provisioning") && words.contains("some"), "{words}");
        let words = told("rate_limits: [{ operation: get_fire, burst: 1, requests: 1 }]");
        assert!(words.contains("`rate_limits[0]` is not acceptable: no operation is called `get_fire`"), "{words}");
        assert!(
            told("rate_limit: { burst: 0, requests: 1 }")
                .contains("`rate_limit.burst` is not acceptable: it has to be at least 1")
        );
        let words = told("connections: [{ id: con_1, strategy: google-apps, past_runs: [{ error: x }] }]");
        assert!(words.contains("`connections[0].past_runs[0]` is not acceptable: either `ended_at`"), "{words}");
    }

    #[test]
    fn the_schema_names_every_field() {
        let schema = Seed::schema();
        for name in
            ["tenant_name", "plan", "rate_limit", "rate_limits", "features", "connections", "roles", "applications"]
        {
            assert!(schema["properties"].get(name).is_some(), "{name}");
        }
    }
}
