//! What a recording tells of the tenant that it was made with: what it adds to the options of connections, and what new
//! connections are for. The mock knows the first for some strategies and days only.

use serde_json::{Map, Value};

use super::recording::Recording;
use crate::operations::Operation;
use crate::state::features::Feature;
use crate::state::strategy;
use crate::tenant::MockTenant;

/// Tells the tenant what the recorded one adds in the call that comes next; the names of options that it did not know of.
pub(super) fn prepare(tenant: &MockTenant, operation: Operation, id: &str, recording: &Recording) -> Vec<String> {
    let is_write = match operation {
        Operation::CreateConnection => recording.status == 201,
        Operation::UpdateConnection => recording.status == 200,
        _ => false,
    };
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (request, answer) = (json(recording.request.as_deref().unwrap_or_default()), json(&recording.response));
    if !is_write {
        return Vec::new();
    }
    if operation == Operation::CreateConnection {
        tenant.set_feature(Feature::ConnectionPurposes, answer.get("authentication").is_some());
    } else if request.get("options").is_none() {
        return Vec::new();
    }
    let strategy = answer["strategy"].as_str().map(String::from);
    let strategy = strategy.or_else(|| tenant.with_connection(id, |known| known.strategy.clone())).unwrap_or_default();
    let empty = Map::new();
    let mut known = request["options"].as_object().unwrap_or(&empty).clone();
    strategy::add_defaults(&strategy, &mut known);
    let answered = answer["options"].as_object().unwrap_or(&empty);
    let added: Map<_, _> = answered
        .iter()
        .filter(|(name, _)| !known.contains_key(*name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let names = added.keys().cloned().collect();
    tenant.set_added_options(&strategy, added);
    names
}

/// Lets the tenant add what it knows alone.
pub(super) fn forget(tenant: &MockTenant) {
    tenant.clear_added_options();
}
