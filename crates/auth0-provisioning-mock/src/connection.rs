//! A connection to seed a tenant with.

use chrono::{DateTime, Utc};

use crate::default_mapping::default_mapping;
use crate::state::configuration::{Configuration, GroupMode};
use crate::state::connection::ConnectionRecord;
use crate::state::mapping::Mapping;

/// A connection to seed a tenant with: its id, its name, and how far it is set up.
#[derive(Clone, Debug)]
#[must_use = "hand it to `MockTenantBuilder::connection`"]
pub struct Connection {
    id: String,
    name: Option<String>,
    strategy: String,
    configuration: Option<ConfigurationSeed>,
}

#[derive(Clone, Debug)]
struct ConfigurationSeed {
    mapping: Mapping,
    synchronize_automatically: bool,
    synchronize_groups: GroupMode,
}

impl Default for ConfigurationSeed {
    fn default() -> Self {
        Self { mapping: default_mapping(), synchronize_automatically: false, synchronize_groups: GroupMode::Off }
    }
}

impl Connection {
    /// A Google Workspace connection, the one strategy that has directory provisioning.
    ///
    /// The id is `con_` and then letters and digits. The name is the id until [`Connection::name`] says otherwise.
    pub fn google_apps(id: impl Into<String>) -> Self {
        Self::with_strategy(id, "google-apps")
    }

    /// A connection of another strategy, such as `okta`: directory provisioning is refused on it.
    pub fn with_strategy(id: impl Into<String>, strategy: impl Into<String>) -> Self {
        Self { id: id.into(), name: None, strategy: strategy.into(), configuration: None }
    }

    /// The connection's name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Has a configuration from the start, with the defaults that `POST {}` would give it.
    pub fn configured(mut self) -> Self {
        self.configuration.get_or_insert_default();
        self
    }

    /// Has a configuration with this mapping: pairs of directory attribute and user field.
    pub fn mapping(mut self, rows: &[(&str, &str)]) -> Self {
        self.configuration.get_or_insert_default().mapping = Mapping::from_rows(rows);
        self
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn into_record(self, now: DateTime<Utc>) -> ConnectionRecord {
        ConnectionRecord {
            name: self.name.unwrap_or_else(|| self.id.clone()),
            id: self.id,
            strategy: self.strategy,
            configuration: self.configuration.map(|seed| Configuration {
                mapping: seed.mapping,
                synchronize_automatically: seed.synchronize_automatically,
                synchronize_groups: seed.synchronize_groups,
                created_at: now,
                updated_at: now,
            }),
        }
    }
}
