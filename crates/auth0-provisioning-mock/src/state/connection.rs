//! The state of a connection.

use serde::{Deserialize, Serialize};

use super::configuration::{ApiTime, Configuration, GroupMode};
use super::directory::Directory;
use super::groups::Selection;
use super::mapping::Mapping;
use super::runs::Runs;
use super::scim::ScimConfiguration;
use super::settings::Settings;
use super::setup::Requirement;
use super::strategy::GOOGLE_APPS;
use crate::cause::Cause;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ConnectionRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) strategy: String,
    pub(crate) settings: Settings,
    /// Whether an administrator has completed the setup at the provider.
    pub(crate) is_set_up: bool,
    pub(crate) configuration: Option<Configuration>,
    pub(crate) selection: Selection,
    pub(crate) runs: Runs,
    pub(crate) scim: Option<ScimConfiguration>,
    /// The directory that runs read, if the test has one.
    pub(crate) directory: Option<Directory>,
}

/// A configuration in the format of the API.
#[derive(Serialize)]
pub(crate) struct ConfigurationView<'a> {
    connection_id: &'a str,
    connection_name: &'a str,
    strategy: &'a str,
    mapping: &'a Mapping,
    synchronize_automatically: bool,
    created_at: ApiTime,
    updated_at: ApiTime,
    synchronize_groups: GroupMode,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_synchronization_at: Option<ApiTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_synchronization_status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_synchronization_error: Option<&'a str>,
}

impl ConnectionRecord {
    /// Returns the configuration in the format of the API.
    pub(crate) fn view(&self) -> Result<ConfigurationView<'_>, Cause> {
        let configuration = self.configuration.as_ref().ok_or(Cause::ConfigurationNotFound)?;
        let last = self.runs.last();
        Ok(ConfigurationView {
            connection_id: &self.id,
            connection_name: &self.name,
            strategy: &self.strategy,
            mapping: &configuration.mapping,
            synchronize_automatically: configuration.synchronize_automatically,
            created_at: ApiTime(configuration.created_at),
            updated_at: ApiTime(configuration.updated_at),
            synchronize_groups: configuration.synchronize_groups,
            last_synchronization_at: last.map(|run| ApiTime(run.at)),
            last_synchronization_status: last.map(|run| run.status.as_str()),
            last_synchronization_error: last.and_then(|run| run.error.as_deref()),
        })
    }

    /// Returns the realms, which default to the name.
    pub(crate) fn realms(&self) -> &[String] {
        self.settings.realms.as_deref().unwrap_or(std::slice::from_ref(&self.name))
    }

    /// Returns the cause of the first requirement that is not met.
    pub(crate) fn require(&self, requirements: &[Requirement]) -> Result<(), Cause> {
        let is_met = |requirement: Requirement| match requirement.option() {
            Some(option) => self.settings.option(option),
            None => self.is_set_up,
        };
        match requirements.iter().find(|&&requirement| !is_met(requirement)) {
            Some(requirement) => Err(requirement.cause()),
            None => Ok(()),
        }
    }

    pub(crate) fn require_strategy(&self) -> Result<(), Cause> {
        if self.strategy == GOOGLE_APPS { Ok(()) } else { Err(Cause::UnsupportedStrategy) }
    }

    /// Removes the configuration, and with it the selection and the runs.
    pub(crate) fn deconfigure(&mut self) {
        self.configuration = None;
        self.selection.clear();
        self.runs.forget();
    }
}
