//! A connection's directory provisioning configuration.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::default_mapping::default_mapping;
use super::mapping::Mapping;

/// A configuration. The last run is part of the connection's runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Configuration {
    pub(crate) mapping: Mapping,
    pub(crate) synchronize_automatically: bool,
    /// The time at which automatic runs were enabled, while they are enabled.
    pub(crate) automatic_since: Option<DateTime<Utc>>,
    pub(crate) synchronize_groups: GroupMode,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

impl Configuration {
    pub(crate) fn new(created_at: DateTime<Utc>) -> Self {
        Self {
            mapping: default_mapping(),
            synchronize_automatically: false,
            automatic_since: None,
            synchronize_groups: GroupMode::Off,
            created_at,
            updated_at: created_at,
        }
    }

    /// Applies a change. A mapping replaces the whole mapping.
    pub(crate) fn apply(&mut self, change: ConfigurationChange, now: DateTime<Utc>) {
        if let Some(mapping) = change.mapping {
            self.mapping = mapping;
        }
        if let Some(automatically) = change.synchronize_automatically {
            self.synchronize_automatically = automatically;
            self.automatic_since = automatically.then_some(self.automatic_since.unwrap_or(now));
        }
        if let Some(groups) = change.synchronize_groups {
            self.synchronize_groups = groups;
        }
        self.updated_at = now;
    }
}

/// The body of a request to create or update.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ConfigurationChange {
    pub(crate) mapping: Option<Mapping>,
    pub(crate) synchronize_automatically: Option<bool>,
    pub(crate) synchronize_groups: Option<GroupMode>,
}

/// The groups that are synchronized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GroupMode {
    All,
    Off,
    Selected,
}

/// A time in the format of the API: UTC with milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApiTime(pub(crate) DateTime<Utc>);

impl Serialize for ApiTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}
