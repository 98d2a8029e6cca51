//! The state of the tenant: reset, seeded, saved, loaded.

use bytes::Bytes;
use serde_json::json;

use super::reply::{self, Problem, Reply, read};
use crate::application::{Application, Applications};
use crate::lock::lock;
use crate::persistence::Snapshot;
use crate::rate_limit::RateLimits;
use crate::seed::{Seed, SeedError};
use crate::seeding::{DEFAULT_NAME, state};
use crate::shared::Shared;
use crate::token_quota::TokenQuotas;

/// Restores the state, rate limits and applications of the start, and clears faults, stubs and requests. Tokens stay valid,
/// and the clock continues.
pub(super) fn reset(shared: &Shared) -> Result<Reply, Problem> {
    let control = shared.control.as_ref().ok_or_else(|| Problem::not_found("there is no control API"))?;
    let initial = &control.initial;
    *shared.state() = initial.state.clone().into_state();
    *lock(&shared.rate_limits) = RateLimits::new(&initial.limits);
    *lock(&shared.applications) = initial.applications.clone();
    *lock(&shared.token_quotas) = TokenQuotas::default();
    lock(&shared.faults).clear();
    lock(&shared.stubs).clear();
    lock(&shared.log).clear();
    Ok(Reply::Done)
}

/// Replaces the state, the rate limits, and all applications except the tenant's own by those of a seed.
pub(super) fn seed(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    reply::require_body(body)?;
    let text = std::str::from_utf8(body).map_err(|_| Problem::not_acceptable("a seed is UTF-8"))?;
    let seed = Seed::read(text).map_err(|error| Problem::not_acceptable(error.to_string()))?;
    let wrong = |error: SeedError| Problem::not_acceptable(error.to_string());
    let connections = seed.seeded_connections().map_err(wrong)?;
    let limits = seed.limits().map_err(wrong)?;
    let applications = seed.seeded_applications().map_err(wrong)?;
    let name = seed.tenant_name.as_deref().unwrap_or(DEFAULT_NAME);
    let mut seeded = state(name, connections, shared.seed, shared.clock.now())
        .map_err(|error| Problem::not_acceptable(error.to_string()))?;
    seed.settle_into(&mut seeded);
    let ids: Vec<_> = seeded.connections.keys().cloned().collect();
    *shared.state() = seeded;
    *lock(&shared.rate_limits) = RateLimits::new(&limits);
    let own = Application::new(shared.client_id.clone()).secret(shared.client_secret.clone());
    *lock(&shared.applications) = Applications::new(applications, own);
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
