//! A connection as the tenant knows it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::configuration::{Configuration, GroupMode, as_api_time};
use super::mapping::Mapping;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ConnectionRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) strategy: String,
    pub(crate) configuration: Option<Configuration>,
}

/// A configuration as the API tells it.
#[derive(Serialize)]
pub(crate) struct ConfigurationView<'a> {
    connection_id: &'a str,
    connection_name: &'a str,
    strategy: &'a str,
    mapping: &'a Mapping,
    synchronize_automatically: bool,
    #[serde(serialize_with = "as_api_time")]
    created_at: DateTime<Utc>,
    #[serde(serialize_with = "as_api_time")]
    updated_at: DateTime<Utc>,
    synchronize_groups: GroupMode,
}

impl ConnectionRecord {
    /// The configuration as the API tells it; `None` where the connection has none.
    pub(crate) fn view(&self) -> Option<ConfigurationView<'_>> {
        let configuration = self.configuration.as_ref()?;
        Some(ConfigurationView {
            connection_id: &self.id,
            connection_name: &self.name,
            strategy: &self.strategy,
            mapping: &configuration.mapping,
            synchronize_automatically: configuration.synchronize_automatically,
            created_at: configuration.created_at,
            updated_at: configuration.updated_at,
            synchronize_groups: configuration.synchronize_groups,
        })
    }
}
