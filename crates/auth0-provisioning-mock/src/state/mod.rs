//! What the tenant remembers.

pub(crate) mod configuration;
pub(crate) mod connection;
pub(crate) mod default_mapping;
pub(crate) mod defaults;
pub(crate) mod directory;
pub(crate) mod features;
pub(crate) mod groups;
pub(crate) mod ids;
pub(crate) mod logs;
pub(crate) mod mapping;
pub(crate) mod options;
pub(crate) mod people;
pub(crate) mod runs;
pub(crate) mod scim;
pub(crate) mod scim_mapping;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod strategy;
pub(crate) mod synchronization;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::cause::Cause;
use connection::ConnectionRecord;
use defaults::TenantDefaults;
use features::FeatureSet;
use logs::Logs;
use people::People;
use runs::PastRun;
use setup::Requirement;
use synchronization::Surroundings;

/// Everything that changes as the tenant is used, except tokens and the rate limit.
#[derive(Debug)]
pub(crate) struct TenantState {
    /// The tenant's name, as SCIM configurations and groups tell it.
    pub(crate) name: String,
    pub(crate) connections: BTreeMap<String, ConnectionRecord>,
    pub(crate) people: People,
    /// Roles by id: name and description.
    pub(crate) roles: BTreeMap<String, (String, String)>,
    pub(crate) logs: Logs,
    pub(crate) defaults: TenantDefaults,
    pub(crate) features: FeatureSet,
    pub(crate) random: fastrand::Rng,
}

impl TenantState {
    /// The connection with this id, as it is at this time.
    pub(crate) fn connection(&mut self, id: &str, now: DateTime<Utc>) -> Result<&mut ConnectionRecord, Cause> {
        let (connections, mut around) = self.parts();
        let connection = connections.get_mut(id).ok_or(Cause::ConnectionNotFound)?;
        synchronization::settle(connection, &mut around, now);
        Ok(connection)
    }

    /// Brings every connection up to this time, as far as runs are under way or due.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        let (connections, mut around) = self.parts();
        for connection in connections.values_mut() {
            synchronization::settle(connection, &mut around, now);
        }
    }

    fn start_run(&mut self, id: &str, now: DateTime<Utc>) -> Result<String, Cause> {
        let (connections, mut around) = self.parts();
        let connection = connections.get_mut(id).ok_or(Cause::ConnectionNotFound)?;
        let run = connection.runs.request(ids::new_id(around.random, "sync_"), now)?.clone();
        synchronization::tell_start(connection, &mut around, &run);
        Ok(run.id)
    }

    /// Requests a run of a connection that is configured and set up, and tells its id.
    pub(crate) fn request_run(&mut self, id: &str, now: DateTime<Utc>) -> Result<String, Cause> {
        let connection = self.connection(id, now)?;
        if connection.configuration.is_none() {
            return Err(Cause::ConfigurationNotFound);
        }
        connection.require(&[Requirement::Setup])?;
        self.start_run(id, now)
    }

    /// Remembers a run of the past.
    pub(crate) fn remember_run(&mut self, id: &str, past: PastRun, now: DateTime<Utc>) {
        let (connections, mut around) = self.parts();
        let Some(connection) = connections.get_mut(id) else { return };
        let (run, ended_at) = past.into_run(ids::new_id(around.random, "sync_"), now);
        synchronization::remember(connection, &mut around, &run, ended_at);
    }

    pub(crate) fn new_id(&mut self, prefix: &str) -> String {
        ids::new_id(&mut self.random, prefix)
    }

    fn parts(&mut self) -> (&mut BTreeMap<String, ConnectionRecord>, Surroundings<'_>) {
        let Self { name, connections, people, logs, random, .. } = self;
        (connections, Surroundings { tenant_name: name, people, logs, random })
    }
}
