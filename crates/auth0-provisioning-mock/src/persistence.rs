//! The tenant's state as a JSON file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::state::TenantState;
use crate::state::connection::ConnectionRecord;
use crate::state::defaults::TenantDefaults;
use crate::state::features::FeatureSet;
use crate::state::logs::Logs;
use crate::state::people::People;

/// The version of the format.
const VERSION: u32 = 3;

/// A saved state. Tokens stay valid, because the seed determines the key that signs them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    version: u32,
    pub(crate) seed: u64,
    /// The state of the random number generator of ids.
    random: u64,
    pub(crate) now: DateTime<Utc>,
    tenant_name: String,
    features: FeatureSet,
    connections: Vec<ConnectionRecord>,
    people: People,
    roles: BTreeMap<String, (String, String)>,
    logs: Logs,
    defaults: TenantDefaults,
}

/// A state could not be saved or loaded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StateError {
    /// The file cannot be read or written.
    #[error("cannot access the state file {}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file is not a state of this version.
    #[error("{} is not a saved state of a tenant", file.display())]
    Format {
        /// The file.
        file: PathBuf,
        /// The reason.
        source: serde_json::Error,
    },
}

impl Snapshot {
    pub(crate) fn of(state: &TenantState, seed: u64, now: DateTime<Utc>) -> Self {
        Self {
            version: VERSION,
            seed,
            random: state.random.get_seed(),
            now,
            tenant_name: state.name.clone(),
            features: state.features.clone(),
            connections: state.connections.values().cloned().collect(),
            people: state.people.clone(),
            roles: state.roles.clone(),
            logs: state.logs.clone(),
            defaults: state.defaults.clone(),
        }
    }

    /// Rejects a state of another version.
    pub(crate) fn require_present_version(&self) -> Result<(), String> {
        match self.version {
            VERSION => Ok(()),
            version => Err(format!("version {version} is not version {VERSION}")),
        }
    }

    pub(crate) fn into_state(self) -> TenantState {
        TenantState {
            connections: self.connections.into_iter().map(|known| (known.id.clone(), known)).collect(),
            name: self.tenant_name,
            people: self.people,
            roles: self.roles,
            logs: self.logs,
            defaults: self.defaults,
            features: self.features,
            random: fastrand::Rng::with_seed(self.random),
        }
    }
}

pub(crate) fn read(file: &Path) -> Result<Snapshot, StateError> {
    let text = fs::read(file).map_err(|source| StateError::File { file: file.to_owned(), source })?;
    let wrong = |source| StateError::Format { file: file.to_owned(), source };
    let snapshot: Snapshot = serde_json::from_slice(&text).map_err(wrong)?;
    snapshot.require_present_version().map_err(|reason| wrong(serde::de::Error::custom(reason)))?;
    Ok(snapshot)
}

/// Writes a new file and then renames it, so that the file is complete at any time.
pub(crate) fn write(file: &Path, snapshot: &Snapshot) -> Result<(), StateError> {
    let failed = |source| StateError::File { file: file.to_owned(), source };
    let text = serde_json::to_vec_pretty(snapshot).map_err(|error| failed(error.into()))?;
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    fs::write(&beside, text).and_then(|()| fs::rename(&beside, file)).map_err(failed)
}
