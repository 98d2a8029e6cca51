//! The state of the tenant.

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

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Map;

use crate::cause::Cause;
use connection::ConnectionRecord;
use defaults::TenantDefaults;
use directory::DirectoryGroup;
use features::FeatureSet;
use logs::Logs;
use people::{People, UserRecord};
use runs::PastRun;
use setup::Requirement;
use synchronization::RunContext;

/// Everything that changes as the tenant is used, except tokens and the rate limit.
#[derive(Debug)]
pub(crate) struct TenantState {
    /// The name of the tenant in SCIM configurations, groups and events.
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
    /// Returns the connection with this id, in its state at this time.
    pub(crate) fn connection(&mut self, id: &str, now: DateTime<Utc>) -> Result<&mut ConnectionRecord, Cause> {
        let (connections, mut context) = self.parts();
        let connection = connections.get_mut(id).ok_or(Cause::ConnectionNotFound)?;
        synchronization::settle(connection, &mut context, now);
        Ok(connection)
    }

    /// Starts and ends the runs of every connection up to this time.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        let (connections, mut context) = self.parts();
        for connection in connections.values_mut() {
            synchronization::settle(connection, &mut context, now);
        }
    }

    fn start_run(&mut self, id: &str, now: DateTime<Utc>) -> Result<String, Cause> {
        let (connections, mut context) = self.parts();
        let connection = connections.get_mut(id).ok_or(Cause::ConnectionNotFound)?;
        let run = connection.runs.request(ids::new_id(context.random, "sync_"), now)?.clone();
        synchronization::log_start(connection, &mut context, &run);
        Ok(run.id)
    }

    /// Starts a run of a connection that is configured and set up, and returns its id.
    pub(crate) fn request_run(&mut self, id: &str, now: DateTime<Utc>) -> Result<String, Cause> {
        let connection = self.connection(id, now)?;
        if connection.configuration.is_none() {
            return Err(Cause::ConfigurationNotFound);
        }
        connection.require(&[Requirement::Setup])?;
        self.start_run(id, now)
    }

    /// Carries out a past run.
    pub(crate) fn add_past_run(&mut self, id: &str, past: PastRun, now: DateTime<Utc>) {
        let (connections, mut context) = self.parts();
        let Some(connection) = connections.get_mut(id) else { return };
        let (run, ended_at) = past.into_run(ids::new_id(context.random, "sync_"), now);
        synchronization::carry_out_past_run(connection, &mut context, &run, ended_at);
    }

    /// Creates or updates a group of a connection, as the provider does through SCIM, and returns its id in the tenant.
    /// Members that are not users of the connection become users.
    pub(crate) fn put_scim_group(
        &mut self,
        connection_id: &str,
        external_id: &str,
        group: &DirectoryGroup,
        now: DateTime<Utc>,
    ) -> Result<String, Cause> {
        let connection = self.connections.get(connection_id).ok_or(Cause::ConnectionNotFound)?;
        let mut members = BTreeSet::new();
        for member in &group.members {
            let id = format!("{}|{member}", connection.strategy);
            self.people.users.entry(id.clone()).or_insert_with(|| UserRecord {
                connection_id: connection_id.to_owned(),
                external_id: member.clone(),
                profile: Map::new(),
            });
            members.insert(id);
        }
        Ok(self.people.put_group(connection_id, (external_id, &group.name), members, &mut self.random, now))
    }

    pub(crate) fn new_id(&mut self, prefix: &str) -> String {
        ids::new_id(&mut self.random, prefix)
    }

    fn parts(&mut self) -> (&mut BTreeMap<String, ConnectionRecord>, RunContext<'_>) {
        let Self { name, connections, people, logs, random, .. } = self;
        (connections, RunContext { tenant_name: name, people, logs, random })
    }
}
