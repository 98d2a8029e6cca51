//! Connections: their setup at the provider, their directory, and their next run.

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::reply::{Problem, Reply, read};
use crate::contract::contract;
use crate::operations::Operation;
use crate::shared::Shared;
use crate::state::connection::ConnectionRecord;
use crate::state::directory::{Directory, DirectoryGroup, DirectoryUser};
use crate::state::runs::Synchronization;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setup {
    is_set_up: bool,
}

/// Calls `action` with the present state of a connection.
fn with<T>(shared: &Shared, id: &str, action: impl FnOnce(&mut ConnectionRecord) -> T) -> Result<T, Problem> {
    let now = shared.clock.now();
    let mut state = shared.state();
    let connection = state.connection(id, now).map_err(|_| Problem::not_found(format!("there is no `{id}`")))?;
    Ok(action(connection))
}

fn with_directory<T>(shared: &Shared, id: &str, action: impl FnOnce(&mut Directory) -> T) -> Result<T, Problem> {
    with(shared, id, |connection| action(connection.directory.get_or_insert_default()))
}

pub(super) fn set_up(shared: &Shared, id: &str, body: &Bytes) -> Result<Reply, Problem> {
    let setup: Setup = read(body)?;
    with(shared, id, |connection| connection.is_set_up = setup.is_set_up)?;
    Ok(Reply::Done)
}

pub(super) fn next_run(shared: &Shared, id: &str, body: &Bytes) -> Result<Reply, Problem> {
    let next: Synchronization = read(body)?;
    with(shared, id, |connection| connection.runs.next = Some(next))?;
    Ok(Reply::Done)
}

/// Requests a run as a client does, but without faults and rate limits.
pub(super) fn synchronize(shared: &Shared, id: &str) -> Result<Reply, Problem> {
    let operation = Operation::Synchronize.id();
    let requested = shared.state().request_run(id, shared.clock.now());
    requested.map(|id| Reply::Json(json!({ "synchronization_id": id }))).map_err(|cause| {
        let known = contract().operation(operation).and_then(|operation| operation.error_response(cause));
        let status = known.map_or(StatusCode::BAD_REQUEST, |known| known.status);
        let message = known.and_then(|known| known.body["message"].as_str());
        Problem::new(status, message.unwrap_or_else(|| cause.name()))
    })
}

pub(super) fn directory(shared: &Shared, id: &str) -> Result<Reply, Problem> {
    let directory = with(shared, id, |connection| connection.directory.clone().unwrap_or_default())?;
    Ok(Reply::Json(json!(directory)))
}

pub(super) fn replace_directory(shared: &Shared, id: &str, body: &Bytes) -> Result<Reply, Problem> {
    let new: Directory = read(body)?;
    with_directory(shared, id, |directory| *directory = new)?;
    Ok(Reply::Done)
}

pub(super) fn put_user(shared: &Shared, id: &str, user: &str, body: &Bytes) -> Result<Reply, Problem> {
    let new: DirectoryUser = read(body)?;
    with_directory(shared, id, |directory| directory.users.insert(user.to_owned(), new))?;
    Ok(Reply::Done)
}

pub(super) fn delete_user(shared: &Shared, id: &str, user: &str) -> Result<Reply, Problem> {
    let deleted = with_directory(shared, id, |directory| directory.users.remove(user))?;
    deleted.map(|_| Reply::Done).ok_or_else(|| Problem::not_found(format!("the directory has no user `{user}`")))
}

pub(super) fn put_group(shared: &Shared, id: &str, group: &str, body: &Bytes) -> Result<Reply, Problem> {
    let new: DirectoryGroup = read(body)?;
    with_directory(shared, id, |directory| directory.groups.insert(group.to_owned(), new))?;
    Ok(Reply::Done)
}

/// Creates or replaces a group, as the provider does through SCIM.
pub(super) fn put_scim_group(shared: &Shared, id: &str, group: &str, body: &Bytes) -> Result<Reply, Problem> {
    let new: DirectoryGroup = read(body)?;
    let put = shared.state().put_scim_group(id, group, &new, shared.clock.now());
    put.map(|id| Reply::Json(json!({ "id": id }))).map_err(|_| Problem::not_found(format!("there is no `{id}`")))
}

pub(super) fn delete_group(shared: &Shared, id: &str, group: &str) -> Result<Reply, Problem> {
    let deleted = with_directory(shared, id, |directory| directory.groups.remove(group))?;
    deleted.map(|_| Reply::Done).ok_or_else(|| Problem::not_found(format!("the directory has no group `{group}`")))
}
