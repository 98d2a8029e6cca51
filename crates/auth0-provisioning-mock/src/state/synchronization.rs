//! The effects of a run: users, groups, members, and log events.

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
use super::people::{People, UserRecord};
use super::runs::{FinishedRun, Run};
use super::strategy;

/// The largest number of failed users in an event.
const MOST_USER_ERRORS: usize = 100;

/// The parts of the tenant that runs change, besides the connection.
pub(crate) struct RunContext<'a> {
    pub(crate) tenant_name: &'a str,
    pub(crate) people: &'a mut People,
    pub(crate) logs: &'a mut Logs,
    pub(crate) random: &'a mut fastrand::Rng,
}

/// A user for whom a run failed.
#[derive(Serialize)]
struct UserError {
    identity_user_id: String,
    operation: &'static str,
    reason: String,
}

/// Starts the runs of a connection that are due at this time, and ends those that are over.
pub(crate) fn settle(connection: &mut ConnectionRecord, context: &mut RunContext<'_>, now: DateTime<Utc>) {
    loop {
        if let Some((run, ended_at)) = connection.runs.take_ended(now) {
            end(connection, context, &run, ended_at);
            continue;
        }
        let automatic = connection.configuration.as_ref().and_then(|known| known.automatic_since);
        let due = automatic.and_then(|since| connection.runs.due_at(since)).filter(|due| *due <= now);
        let Some(due) = due else { break };
        let id = ids::new_id(context.random, "sync_");
        let run = connection.runs.start_due(id, due).clone();
        log_start(connection, context, &run);
    }
}

/// Writes the event of a start.
pub(crate) fn log_start(connection: &ConnectionRecord, context: &mut RunContext<'_>, run: &Run) {
    let event =
        event(connection, context, "directory_sync_started", "Directory synchronization started", &details(run));
    context.logs.write(run.started_at, event);
}

/// Carries out a past run: its effects and its log events.
pub(crate) fn carry_out_past_run(
    connection: &mut ConnectionRecord,
    context: &mut RunContext<'_>,
    run: &Run,
    ended_at: DateTime<Utc>,
) {
    log_start(connection, context, run);
    end(connection, context, run, ended_at);
}

fn end(connection: &mut ConnectionRecord, context: &mut RunContext<'_>, run: &Run, at: DateTime<Utc>) {
    let mut failed = Vec::new();
    let mut message = run.plan.error.clone();
    if message.is_none() {
        failed = users(connection, context, run);
        let skipped = groups(connection, context, at);
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
    let mut details = details(run);
    details["sync_status"] = finished.status.as_str().into();
    let (kind, description) = match message {
        None => {
            details["completed_at"] = json!(ApiTime(at));
            ("directory_sync_completed", "Directory synchronization completed")
        }
        Some(message) => {
            details["error"] = error(&message, &failed);
            ("directory_sync_failed", "Directory synchronization failed")
        }
    };
    let event = event(connection, context, kind, description, &details);
    context.logs.write(at, event);
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
    context: &RunContext<'_>,
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
        "tenant_name": context.tenant_name,
        "environment_name": "mock",
        "details": details,
    })
}

/// Creates, updates and removes the users of the connection. Returns the users for whom that failed.
fn users(connection: &ConnectionRecord, context: &mut RunContext<'_>, run: &Run) -> Vec<UserError> {
    let (Some(directory), Some(configuration)) = (&connection.directory, &connection.configuration) else {
        return Vec::new();
    };
    let mut failed = Vec::new();
    let users = &mut context.people.users;
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

/// Returns the id of a user in the tenant: from the email address, or from the id in the directory if the connection
/// has `map_user_id_to_id`.
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

/// Creates, updates and removes the groups of the connection and their members. Returns the ids of groups that were
/// skipped because of their names.
fn groups(connection: &mut ConnectionRecord, context: &mut RunContext<'_>, at: DateTime<Utc>) -> Vec<String> {
    let Some(directory) = &connection.directory else { return Vec::new() };
    // A selected group that the directory no longer has leaves the selection.
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
        let members = members(connection, directory, &context.people.users, external_id);
        let group = (external_id.as_str(), group.name.as_str());
        arrived.insert(context.people.put_group(&connection.id, group, members, context.random, at));
    }
    context.people.groups.retain(|id, group| group.connection_id != connection.id || arrived.contains(id));
    skipped
}

/// Returns the users of the tenant who are members of a group of the directory.
fn members(
    connection: &ConnectionRecord,
    directory: &Directory,
    users: &BTreeMap<String, UserRecord>,
    group: &str,
) -> BTreeSet<String> {
    let members = directory.groups.get(group).map(|group| &group.members);
    let members = members.into_iter().flatten();
    let ids = members.filter_map(|id| directory.users.get(id).map(|user| user_id(connection, id, user)));
    ids.filter(|id| users.contains_key(id)).collect()
}
