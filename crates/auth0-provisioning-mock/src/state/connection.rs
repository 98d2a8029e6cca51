//! A connection as the tenant knows it.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::configuration::{ApiTime, Configuration, GroupMode};
use super::groups::Selection;
use super::mapping::Mapping;
use super::runs::{FinishedRun, Runs};
use super::setup::Setup;
use crate::cause::Cause;

/// The one strategy that has directory provisioning.
pub(crate) const GOOGLE_APPS: &str = "google-apps";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ConnectionRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) strategy: String,
    pub(crate) setup: Setup,
    pub(crate) configuration: Option<Configuration>,
    pub(crate) selection: Selection,
    pub(crate) runs: Runs,
    /// The groups at Google by id, with their names; absent where the test does not care.
    pub(crate) directory: Option<BTreeMap<String, String>>,
}

/// A configuration as the API tells it.
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
    /// The configuration as the API tells it.
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

    pub(crate) fn require_strategy(&self) -> Result<(), Cause> {
        if self.strategy == GOOGLE_APPS { Ok(()) } else { Err(Cause::UnsupportedStrategy) }
    }

    /// Removes the configuration, and with it the selection and the runs.
    pub(crate) fn deconfigure(&mut self) {
        self.configuration = None;
        self.selection.clear();
        self.runs.forget();
    }

    /// Brings the connection up to this time: runs that are due have started, those that are over have ended.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        loop {
            if let Some(run) = self.runs.take_ended(now) {
                self.end_run(run);
                continue;
            }
            let automatic = self.configuration.as_ref().and_then(|known| known.automatic_since);
            if !automatic.is_some_and(|since| self.runs.start_due(since, now)) {
                break;
            }
        }
    }

    fn end_run(&mut self, mut run: FinishedRun) {
        let mode = self.configuration.as_ref().map_or(GroupMode::Off, |known| known.synchronize_groups);
        if let (Some(directory), None) = (&self.directory, &run.error) {
            // A selected group that is gone at Google leaves the selection by itself.
            self.selection.retain(|id| directory.contains_key(id));
            let mut names = HashSet::new();
            let synchronized = directory.iter().filter(|(id, _)| match mode {
                GroupMode::All => true,
                GroupMode::Selected => self.selection.contains(id),
                GroupMode::Off => false,
            });
            // Names are unique regardless of case; a second group of one name is skipped, and that fails the run.
            let skipped: Vec<_> = synchronized
                .filter(|(_, name)| !names.insert(name.to_lowercase()))
                .map(|(id, _)| id.as_str())
                .collect();
            if !skipped.is_empty() {
                let error = format!("groups skipped, their names are taken: {}", skipped.join(", "));
                run = FinishedRun::new(run.at, Some(error));
            }
        }
        self.runs.finish(run);
    }
}
