//! Connections from the other side: their setup, their directory, and how the next run goes.

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::reply::{Problem, Reply, read};
use crate::contract::contract;
use crate::operations::Operation;
use crate::seed::directory::{SeedDirectory, SeedDirectoryGroup, SeedUser};
use crate::seed::synchronization::SeedSynchronization;
use crate::shared::Shared;
use crate::state::connection::ConnectionRecord;
use crate::state::directory::Directory;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setup {
    is_set_up: bool,
}

/// Does something with a connection as it is at present.
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
    let next = read::<SeedSynchronization>(body)?.synchronization();
    with(shared, id, |connection| connection.runs.next = Some(next))?;
    Ok(Reply::Done)
}

/// Requests a run as a client does, with the API's error responses, and without its faults and rate limits.
pub(super) fn synchronize(shared: &Shared, id: &str) -> Result<Reply, Problem> {
    let operation = Operation::Synchronize.id();
    let requested = shared.state().request_run(id, shared.clock.now());
    requested.map(|id| Reply::Json(json!({ "synchronization_id": id }))).map_err(|cause| {
        let error_response = contract().operation(operation).and_then(|operation| operation.error_response(cause));
        let status = error_response.map_or(StatusCode::BAD_REQUEST, |error_response| error_response.status);
        let words = error_response.and_then(|error_response| error_response.body["message"].as_str());
        Problem::new(status, words.unwrap_or_else(|| cause.name()))
    })
}

pub(super) fn directory(shared: &Shared, id: &str) -> Result<Reply, Problem> {
    let directory = with(shared, id, |connection| connection.directory.clone().unwrap_or_default())?;
    Ok(Reply::Json(json!(directory)))
}

pub(super) fn replace_directory(shared: &Shared, id: &str, body: &Bytes) -> Result<Reply, Problem> {
    let told: SeedDirectory = read(body)?;
    with_directory(shared, id, |directory| *directory = told.directory())?;
    Ok(Reply::Done)
}

pub(super) fn put_user(shared: &Shared, id: &str, user: &str, body: &Bytes) -> Result<Reply, Problem> {
    let told: SeedUser = read(body)?;
    with_directory(shared, id, |directory| directory.users.insert(user.to_owned(), told.user()))?;
    Ok(Reply::Done)
}

pub(super) fn delete_user(shared: &Shared, id: &str, user: &str) -> Result<Reply, Problem> {
    let deleted = with_directory(shared, id, |directory| directory.users.remove(user))?;
    deleted.map(|_| Reply::Done).ok_or_else(|| Problem::not_found(format!("the directory has no user `{user}`")))
}

pub(super) fn put_group(shared: &Shared, id: &str, group: &str, body: &Bytes) -> Result<Reply, Problem> {
    let told: SeedDirectoryGroup = read(body)?;
    with_directory(shared, id, |directory| directory.groups.insert(group.to_owned(), told.group()))?;
    Ok(Reply::Done)
}

pub(super) fn delete_group(shared: &Shared, id: &str, group: &str) -> Result<Reply, Problem> {
    let deleted = with_directory(shared, id, |directory| directory.groups.remove(group))?;
    deleted.map(|_| Reply::Done).ok_or_else(|| Problem::not_found(format!("the directory has no group `{group}`")))
}
