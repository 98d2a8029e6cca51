//! The state in which a tenant repeats recorded calls.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::recording::Recording;
use crate::connection::Connection;
use crate::connection_id::is_connection_id;
use crate::operations::Operation;
use crate::router::{Route, route};
use crate::start_error::StartError;
use crate::state::configuration::ConfigurationChange;
use crate::state::groups::Group;
use crate::state::runs::FinishedRun;
use crate::state::scim::ScimChange;
use crate::state::settings::Settings;
use crate::tenant::MockTenant;

/// The state of a connection before the first call, as far as the recordings show it.
#[derive(Default)]
struct Traces {
    exists: bool,
    name: Option<String>,
    strategy: Option<String>,
    configuration: Found<ConfigurationChange>,
    last_run: Option<FinishedRun>,
    /// The selected groups, from pages.
    groups: Vec<Group>,
    /// Whether a call has changed the selection since.
    groups_changed: bool,
    settings: Option<Settings>,
    scim: Found<ScimChange>,
}

/// A part of a connection before the first call.
#[derive(Default)]
enum Found<T> {
    #[default]
    Unknown,
    Absent,
    Present(T),
}

impl<T> Found<T> {
    fn present(self) -> Option<T> {
        match self {
            Self::Present(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }
}

/// Starts a tenant with the connections in the recordings, except those that only get 404.
pub(super) async fn tenant(recordings: &[Recording]) -> Result<MockTenant, StartError> {
    let mut traces: BTreeMap<String, Traces> = BTreeMap::new();
    let mut created = HashSet::new();
    let mut tenant_name = None;
    for recording in recordings {
        let Route::Operation { operation, ids } = route(&recording.method, recording.path_alone()) else {
            continue;
        };
        let body: Value = serde_json::from_str(&recording.response).unwrap_or_default();
        tenant_name = tenant_name.or_else(|| body["tenant_name"].as_str().map(String::from));
        if operation == Operation::CreateConnection {
            // The call creates the connection.
            created.extend(body["id"].as_str().map(String::from));
        } else if operation == Operation::ListConfigurations {
            for item in body["directory_provisionings"].as_array().into_iter().flatten() {
                if let Some(id) = item["connection_id"].as_str() {
                    traces.entry(id.to_owned()).or_default().read(Operation::GetConfiguration, 200, item);
                }
            }
        } else if let Some(id) = ids.into_iter().flatten().next().filter(|id| !created.contains(id)) {
            traces.entry(id).or_default().read(operation, recording.status, &body);
        }
    }
    let known = traces.into_iter().filter(|(id, traces)| traces.exists && is_connection_id(id));
    let mut connections: Vec<_> = known.map(|(id, traces)| traces.into_connection(id)).collect();
    if connections.is_empty() {
        // A tenant without connections would start with a default connection, which lists would contain.
        connections.push(Connection::google_apps("con_none"));
    }
    let builder = MockTenant::builder();
    let builder = match tenant_name {
        Some(name) => builder.tenant_name(name),
        None => builder,
    };
    builder
        .connections(connections)
        .frozen_at(Utc::now())
        .token_lifetime(Duration::from_secs(10 * 365 * 86_400))
        .request_log(0)
        .check_responses(true)
        .start()
        .await
}

impl Traces {
    fn read(&mut self, operation: Operation, status: u16, body: &Value) {
        use Operation as Op;

        if status == 404 && body["errorCode"] == "inexistent_connection" {
            return;
        }
        self.exists = true;
        let text = |name: &str| body[name].as_str().map(String::from);
        if matches!(operation, Op::GetConnection | Op::UpdateConnection) && status == 200 {
            self.name = self.name.take().or_else(|| text("name"));
            self.settings = self.settings.take().or_else(|| Settings::from_response(body));
        }
        self.name = self.name.take().or_else(|| text("connection_name"));
        if matches!(self.scim, Found::Unknown) {
            self.scim = match (operation, status) {
                (Op::CreateScimConfiguration, 201) | (Op::GetScimConfiguration, 404) => Found::Absent,
                (Op::GetScimConfiguration | Op::UpdateScimConfiguration, 200) => {
                    ScimChange::deserialize(body).map_or(Found::Absent, Found::Present)
                }
                (
                    Op::DeleteScimConfiguration
                    | Op::GetScimDefaultMapping
                    | Op::ListScimTokens
                    | Op::CreateScimToken
                    | Op::DeleteScimToken,
                    200..=299,
                ) => Found::Present(ScimChange::default()),
                _ => Found::Unknown,
            };
        }
        self.strategy = self.strategy.take().or_else(|| text("strategy"));
        if matches!(self.configuration, Found::Unknown) && provisions(operation) {
            self.configuration = match (operation, status) {
                (Op::CreateConfiguration, 201) | (_, 404) => Found::Absent,
                (Op::GetConfiguration, 200) => {
                    self.last_run = last_run(body);
                    ConfigurationChange::deserialize(body).map_or(Found::Absent, Found::Present)
                }
                (_, 200..=299 | 409) => Found::Present(ConfigurationChange::default()),
                _ => Found::Unknown,
            };
        }
        match (operation, status) {
            (Op::ListSynchronizedGroups, 200) if !self.groups_changed => {
                self.groups.extend(Vec::deserialize(&body["groups"]).unwrap_or_default());
            }
            (
                Op::CreateConfiguration
                | Op::DeleteConfiguration
                | Op::ReplaceSynchronizedGroups
                | Op::AddSynchronizedGroups
                | Op::RemoveSynchronizedGroups,
                201 | 204,
            ) => self.groups_changed = true,
            _ => {}
        }
    }

    fn into_connection(self, id: String) -> Connection {
        let mut connection = match self.strategy {
            Some(strategy) => Connection::with_strategy(id, strategy),
            None => Connection::google_apps(id),
        };
        connection.name = self.name;
        connection.configuration = self.configuration.present();
        connection.settings = self.settings;
        connection.scim = self.scim.present();
        connection.last_run = self.last_run;
        connection.groups = self.groups;
        connection
    }
}

/// Whether the operation belongs to directory provisioning.
fn provisions(operation: Operation) -> bool {
    operation.id().contains("directory") || operation.id().contains("synchroniz")
}

fn last_run(body: &Value) -> Option<FinishedRun> {
    let text = |name: &str| body[name].as_str().map(String::from);
    Some(FinishedRun {
        at: body["last_synchronization_at"].as_str()?.parse::<DateTime<Utc>>().ok()?,
        status: text("last_synchronization_status")?,
        error: text("last_synchronization_error"),
    })
}

/// Moves the clock and the runs so that the recorded response is possible. Recordings contain no times.
pub(super) fn let_time_pass(tenant: &MockTenant, recording: &Recording, operation: Operation, connection: &str) {
    let now = tenant.clock().now();
    match (operation, recording.status) {
        (Operation::Synchronize, 201) => {
            let free = tenant.with_connection(connection, |known| known.runs.free_at());
            let wait = free.flatten().and_then(|free| (free - now).to_std().ok());
            tenant.clock().advance(wait.unwrap_or_default());
        }
        (Operation::GetConfiguration | Operation::UpdateConfiguration, 200) => {
            let body: Value = serde_json::from_str(&recording.response).unwrap_or_default();
            if let Some(run) = last_run(&body) {
                tenant.with_connection(connection, |known| known.runs.end_as(run.status, run.error, now));
            }
        }
        _ => {}
    }
}
