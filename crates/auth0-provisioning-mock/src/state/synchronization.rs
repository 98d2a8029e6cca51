//! What a run does: users, groups and members as the mapping says, and what the log tells of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::configuration::{ApiTime, GroupMode};
use super::connection::ConnectionRecord;
use super::directory::{Directory, DirectoryUser, set};
use super::ids;
use super::logs::Logs;
use super::mapping::Mapping;
use super::people::{GroupRecord, People, UserRecord};
use super::runs::{FinishedRun, Run};
use super::strategy;

/// How many failed users an event tells at most.
const MOST_USER_ERRORS: usize = 100;

/// What runs change besides the connection.
pub(crate) struct Surroundings<'a> {
    pub(crate) tenant_name: &'a str,
    pub(crate) people: &'a mut People,
    pub(crate) logs: &'a mut Logs,
    pub(crate) random: &'a mut fastrand::Rng,
}

/// A user whom a run failed for.
#[derive(Serialize)]
struct UserError {
    identity_user_id: String,
    operation: &'static str,
    reason: String,
}

/// Brings a connection up to this time: runs that are due have started, those that are over have ended.
pub(crate) fn settle(connection: &mut ConnectionRecord, around: &mut Surroundings<'_>, now: DateTime<Utc>) {
    loop {
        if let Some((run, ended_at)) = connection.runs.take_ended(now) {
            end(connection, around, &run, ended_at);
            continue;
        }
        let automatic = connection.configuration.as_ref().and_then(|known| known.automatic_since);
        let due = automatic.and_then(|since| connection.runs.due_at(since)).filter(|due| *due <= now);
        let Some(due) = due else { break };
        let id = ids::new_id(around.random, "sync_");
        let run = connection.runs.start_due(id, due).clone();
        tell_start(connection, around, &run);
    }
}

/// Writes that a run has started.
pub(crate) fn tell_start(connection: &ConnectionRecord, around: &mut Surroundings<'_>, run: &Run) {
    let event = event(connection, around, "directory_sync_started", "Directory synchronization started", &details(run));
    around.logs.write(run.started_at, event);
}

/// Writes a run of the past into the tenant: what it brought, and what the log tells of it.
pub(crate) fn remember(
    connection: &mut ConnectionRecord,
    around: &mut Surroundings<'_>,
    run: &Run,
    ended_at: DateTime<Utc>,
) {
    tell_start(connection, around, run);
    end(connection, around, run, ended_at);
}

fn end(connection: &mut ConnectionRecord, around: &mut Surroundings<'_>, run: &Run, at: DateTime<Utc>) {
    let mut failed = Vec::new();
    let mut message = run.plan.error.clone();
    if message.is_none() {
        failed = users(connection, around, run);
        let skipped = groups(connection, around, at);
        message = match (failed.len(), skipped.is_empty()) {
            (0, true) => None,
            (0, false) => Some(format!("groups skipped, their names are taken: {}", skipped.join(", "))),
            (1, _) => Some("1 user could not be synchronized".to_owned()),
            (count, _) => Some(format!("{count} users could not be synchronized")),
        };
    }
    let mut finished = FinishedRun::new(at, message.clone());
    if let Some(status) = &run.plan.status {
        finished.status.clone_from(status);
    }
    let mut told = details(run);
    told["sync_status"] = finished.status.as_str().into();
    let (kind, description) = match message {
        None => {
            told["completed_at"] = json!(ApiTime(at));
            ("directory_sync_completed", "Directory synchronization completed")
        }
        Some(message) => {
            told["error"] = error(&message, &failed);
            ("directory_sync_failed", "Directory synchronization failed")
        }
    };
    let event = event(connection, around, kind, description, &told);
    around.logs.write(at, event);
    connection.runs.finish(finished);
}

fn error(message: &str, failed: &[UserError]) -> Value {
    let mut error = json!({ "message": message });
    if !failed.is_empty() {
        let mut summary: BTreeMap<&str, u64> = BTreeMap::new();
        for failed in failed {
            *summary.entry(failed.operation).or_default() += 1;
        }
        error["user_errors"] = json!(failed.iter().take(MOST_USER_ERRORS).collect::<Vec<_>>());
        error["user_errors_summary"] = json!(summary);
        error["user_errors_truncated"] = (failed.len() > MOST_USER_ERRORS).into();
    }
    error
}

fn details(run: &Run) -> Value {
    json!({
        "synchronization_id": run.id,
        "scheduled": run.scheduled,
        "created_at": ApiTime(run.started_at),
        "started_at": ApiTime(run.started_at),
    })
}

fn event(
    connection: &ConnectionRecord,
    around: &Surroundings<'_>,
    kind: &str,
    description: &str,
    details: &Value,
) -> Value {
    json!({
        "type": kind,
        "description": description,
        "connection": connection.name,
        "connection_id": connection.id,
        "strategy": connection.strategy,
        "strategy_type": strategy::class(&connection.strategy),
        "tenant_name": around.tenant_name,
        "environment_name": "mock",
        "details": details,
    })
}

/// Creates, updates and removes the users of the connection, and tells for whom that failed.
fn users(connection: &ConnectionRecord, around: &mut Surroundings<'_>, run: &Run) -> Vec<UserError> {
    let (Some(directory), Some(configuration)) = (&connection.directory, &connection.configuration) else {
        return Vec::new();
    };
    let mut failed = Vec::new();
    let users = &mut around.people.users;
    users.retain(|_, user| user.connection_id != connection.id || directory.users.contains_key(&user.external_id));
    for (external_id, user) in &directory.users {
        let id = user_id(connection, external_id, user);
        let operation = if users.contains_key(&id) { "update" } else { "create" };
        if let Some(reason) = run.plan.user_errors.get(external_id).or(user.fails.as_ref()) {
            failed.push(UserError { identity_user_id: external_id.clone(), operation, reason: reason.clone() });
            continue;
        }
        let profile = profile(&configuration.mapping, user);
        let connection_id = connection.id.clone();
        users.insert(id, UserRecord { connection_id, external_id: external_id.clone(), profile });
    }
    failed
}

/// The id that a user has in the tenant: made of the email address, unless the connection takes the directory's id.
fn user_id(connection: &ConnectionRecord, external_id: &str, user: &DirectoryUser) -> String {
    let email = user.get("primaryEmail").and_then(Value::as_str);
    let own = match email {
        Some(email) if !connection.settings.option("map_user_id_to_id") => email,
        _ => external_id,
    };
    format!("{}|{own}", connection.strategy)
}

fn profile(mapping: &Mapping, user: &DirectoryUser) -> Map<String, Value> {
    let mut profile = Map::new();
    for row in mapping.rows() {
        if let Some(value) = user.get(&row.idp) {
            set(&mut profile, &row.auth0, value.clone());
        }
    }
    profile
}

/// Creates, updates and removes the groups of the connection and their members, and tells the ids of those that were
/// skipped over their names.
fn groups(connection: &mut ConnectionRecord, around: &mut Surroundings<'_>, at: DateTime<Utc>) -> Vec<String> {
    let Some(directory) = &connection.directory else { return Vec::new() };
    // A selected group that is gone at Google leaves the selection by itself.
    connection.selection.retain(|id| directory.groups.contains_key(id));
    let mode = connection.configuration.as_ref().map_or(GroupMode::Off, |known| known.synchronize_groups);
    let (selection, mut names, mut skipped) = (&connection.selection, HashSet::new(), Vec::new());
    let mut arrived = HashSet::new();
    for (external_id, group) in &directory.groups {
        let is_wanted = match mode {
            GroupMode::All => true,
            GroupMode::Selected => selection.contains(external_id),
            GroupMode::Off => false,
        };
        if !is_wanted {
            continue;
        }
        // Names are unique regardless of case; a second group of one name is skipped, and that fails the run.
        if !names.insert(group.name.to_lowercase()) {
            skipped.push(external_id.clone());
            continue;
        }
        let members = members(connection, directory, &around.people.users, external_id);
        let known = around
            .people
            .groups
            .values()
            .find(|known| known.connection_id == connection.id && known.external_id == *external_id);
        let id = known.map_or_else(|| ids::new_group_id(around.random), |known| known.id.clone());
        arrived.insert(id.clone());
        let record = around.people.groups.entry(id.clone()).or_insert_with(|| GroupRecord {
            id,
            name: String::new(),
            external_id: external_id.clone(),
            connection_id: connection.id.clone(),
            created_at: at,
            updated_at: at,
            members: BTreeMap::new(),
            roles: BTreeSet::new(),
        });
        if record.name != group.name {
            record.name.clone_from(&group.name);
            record.updated_at = at;
        }
        record.members.retain(|id, _| members.contains(id));
        for member in members {
            record.members.entry(member).or_insert(at);
        }
    }
    around.people.groups.retain(|id, group| group.connection_id != connection.id || arrived.contains(id));
    skipped
}

/// The users of the tenant who are members of a group of the directory.
fn members(
    connection: &ConnectionRecord,
    directory: &Directory,
    users: &BTreeMap<String, UserRecord>,
    group: &str,
) -> HashSet<String> {
    let members = directory.groups.get(group).map(|group| &group.members);
    let members = members.into_iter().flatten();
    let ids = members.filter_map(|id| directory.users.get(id).map(|user| user_id(connection, id, user)));
    ids.filter(|id| users.contains_key(id)).collect()
}
