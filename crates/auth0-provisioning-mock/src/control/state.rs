//! The whole state: reset, seeded, saved, loaded.

use bytes::Bytes;
use serde_json::json;

use super::reply::{Problem, Reply, read};
use crate::lock::lock;
use crate::persistence::Snapshot;
use crate::rate_limit::RateLimits;
use crate::seed::Seed;
use crate::seeding::state;
use crate::shared::Shared;

/// Goes back to the state at the start, and forgets faults, stubs and requests. The clock goes on.
pub(super) fn reset(shared: &Shared) -> Result<Reply, Problem> {
    let control = shared.control.as_ref().ok_or_else(|| Problem::not_found("there is no control API"))?;
    *shared.state() = control.initial.clone().into_state();
    lock(&shared.faults).clear();
    lock(&shared.stubs).clear();
    lock(&shared.log).clear();
    Ok(Reply::Done)
}

/// Puts what a seed file says in the place of the state and of the rate limits.
pub(super) fn seed(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::not_acceptable("a seed is UTF-8"))?;
    let seed = Seed::read(text).map_err(|error| Problem::not_acceptable(error.to_string()))?;
    if !seed.applications.is_empty() {
        return Err(Problem::not_acceptable("applications are decided when the tenant starts"));
    }
    let connections = seed.seeded_connections().map_err(|error| Problem::not_acceptable(error.to_string()))?;
    let classes = seed.class_limits().map_err(|error| Problem::not_acceptable(error.to_string()))?;
    let mut seeded = state(connections, shared.seed, shared.clock.now())
        .map_err(|error| Problem::not_acceptable(error.to_string()))?;
    seed.settle_into(&mut seeded);
    let ids: Vec<_> = seeded.connections.keys().cloned().collect();
    *shared.state() = seeded;
    *lock(&shared.rate_limits) = RateLimits::new(seed.general_limit(), classes);
    Ok(Reply::Json(json!({ "connections": ids })))
}

pub(super) fn save(shared: &Shared) -> Result<Reply, Problem> {
    let snapshot = Snapshot::of(&shared.state(), shared.seed, shared.clock.now());
    serde_json::to_value(snapshot).map(Reply::Json).map_err(|error| Problem::not_acceptable(error.to_string()))
}

pub(super) fn load(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let snapshot: Snapshot = read(body)?;
    snapshot.require_present_version().map_err(Problem::not_acceptable)?;
    *shared.state() = snapshot.into_state();
    Ok(Reply::Done)
}
