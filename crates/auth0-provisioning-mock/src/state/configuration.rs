//! A connection's directory provisioning configuration.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::mapping::Mapping;

/// What is kept of a configuration. The last run is kept with the connection's runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Configuration {
    pub(crate) mapping: Mapping,
    pub(crate) synchronize_automatically: bool,
    pub(crate) synchronize_groups: GroupMode,
    #[serde(serialize_with = "as_api_time")]
    pub(crate) created_at: DateTime<Utc>,
    #[serde(serialize_with = "as_api_time")]
    pub(crate) updated_at: DateTime<Utc>,
}

/// Which groups are synchronized along with the users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GroupMode {
    All,
    Off,
    Selected,
}

/// Writes a time as the API does: UTC with milliseconds.
// serde calls it with a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub(crate) fn as_api_time<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&time.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
}

pub(crate) fn as_optional_api_time<S: Serializer>(
    time: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => as_api_time(time, serializer),
        None => serializer.serialize_none(),
    }
}
