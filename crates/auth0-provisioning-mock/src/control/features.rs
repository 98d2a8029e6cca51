//! What is enabled for the tenant.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::reply::{self, Problem, Reply, read};
use crate::shared::Shared;
use crate::state::TenantState;
use crate::state::features::Feature;

pub(super) fn show(shared: &Shared) -> Reply {
    Reply::Json(view(&shared.state()))
}

pub(super) fn view(state: &TenantState) -> Value {
    let features: BTreeMap<_, _> =
        Feature::ALL.into_iter().map(|feature| (feature, state.features.has(feature))).collect();
    json!(features)
}

pub(super) fn change(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    reply::require_body(body)?;
    let changes: BTreeMap<Feature, bool> = read(body)?;
    for (feature, enabled) in changes {
        shared.state().features.set(feature, enabled);
    }
    Ok(show(shared))
}
