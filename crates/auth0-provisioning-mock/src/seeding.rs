//! The state of a tenant from the connections that it is seeded with.

use std::collections::BTreeMap;
use std::mem;

use chrono::{DateTime, Utc};

use crate::connection::Connection;
use crate::connection_id::is_connection_id;
use crate::start_error::StartError;
use crate::state::TenantState;
use crate::state::defaults::TenantDefaults;
use crate::state::features::FeatureSet;
use crate::state::logs::Logs;
use crate::state::people::People;

/// The default name of a tenant.
pub(crate) const DEFAULT_NAME: &str = "acme";

/// Returns the state of a tenant with this name and these connections, and with defaults for the rest.
pub(crate) fn state(
    name: &str,
    seeded: Vec<Connection>,
    seed: u64,
    now: DateTime<Utc>,
) -> Result<TenantState, StartError> {
    let mut connections = BTreeMap::new();
    let mut past_runs = Vec::new();
    for mut connection in seeded {
        if !is_connection_id(connection.id()) {
            return Err(StartError::ConnectionId(connection.id().to_owned()));
        }
        let id = connection.id().to_owned();
        past_runs.extend(mem::take(&mut connection.past_runs).into_iter().map(|run| (id.clone(), run)));
        let record = connection.into_record(now);
        if let Some(other) = connections.insert(record.id.clone(), record) {
            return Err(StartError::DuplicateConnection(other.id));
        }
    }
    let mut state = TenantState {
        name: name.to_owned(),
        connections,
        people: People::default(),
        roles: BTreeMap::new(),
        logs: Logs::default(),
        defaults: TenantDefaults::default(),
        features: FeatureSet::default(),
        random: fastrand::Rng::with_seed(seed),
    };
    for (id, run) in past_runs {
        state.add_past_run(&id, run, now);
    }
    Ok(state)
}
