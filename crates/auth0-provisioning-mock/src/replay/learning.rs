//! The defaults of the recorded tenant, learned from its responses. They differ between strategies and over time.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::recording::Recording;
use crate::operations::Operation;
use crate::state::defaults::TenantDefaults;
use crate::state::features::Feature;
use crate::state::strategy;
use crate::tenant::MockTenant;

/// Gives the tenant the defaults of the recorded tenant for the next call. Returns the names of those that differ.
pub(super) fn prepare(tenant: &MockTenant, operation: Operation, id: &str, recording: &Recording) -> Vec<String> {
    let returns_connection = match operation {
        Operation::CreateConnection => recording.status == 201,
        Operation::GetConnection | Operation::UpdateConnection => recording.status == 200,
        _ => false,
    };
    if !returns_connection {
        return Vec::new();
    }
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (request, response) = (json(recording.request.as_deref().unwrap_or_default()), json(&recording.response));
    let mut defaults = TenantDefaults::default();
    let mut learned = Vec::new();
    if response.get("enabled_clients").is_none() {
        defaults.lists_clients = Some(false);
        learned.push("enabled_clients".to_owned());
    }
    if operation == Operation::CreateConnection {
        tenant.set_feature(Feature::ConnectionPurposes, response.get("authentication").is_some());
    }
    let strategy = response["strategy"].as_str().map(String::from);
    let strategy = strategy.or_else(|| tenant.with_connection(id, |known| known.strategy.clone())).unwrap_or_default();
    let empty = Map::new();
    let (sent, received) = (request["options"].as_object(), response["options"].as_object());
    let (Some(received), true) = (received, sent.is_some() || operation == Operation::CreateConnection) else {
        tenant.set_defaults(defaults);
        return learned;
    };
    if operation == Operation::CreateConnection {
        let has_ticket = response.get("provisioning_ticket_url").is_some();
        if has_ticket != strategy::has_provisioning_ticket(&strategy) {
            defaults.has_provisioning_ticket = Some(has_ticket);
            learned.push("provisioning_ticket_url".to_owned());
        }
        let has_button = response.get("show_as_button").is_some();
        if request.get("show_as_button").is_none() && has_button != strategy::has_button(&strategy) {
            defaults.has_button = Some(has_button);
            learned.push("show_as_button".to_owned());
        }
    }
    let sent = sent.unwrap_or(&empty);
    let recorded = added(sent, received);
    let mut known = sent.clone();
    strategy::add_defaults(&strategy, &mut known);
    let own = added(sent, &known);
    let names: BTreeSet<&String> = recorded.keys().chain(own.keys()).collect();
    let options = names.into_iter().filter(|name| recorded.get(*name) != own.get(*name));
    learned.extend(options.map(|name| format!("options.{name}")));
    defaults.option_defaults.insert(strategy, recorded);
    tenant.set_defaults(defaults);
    learned
}

/// Restores the tenant's own defaults.
pub(super) fn forget(tenant: &MockTenant) {
    tenant.set_defaults(TenantDefaults::default());
}

/// Returns the received properties that were not sent, also within nested objects.
fn added(sent: &Map<String, Value>, received: &Map<String, Value>) -> Map<String, Value> {
    let mut found = Map::new();
    for (name, value) in received {
        match (sent.get(name), value) {
            (None, value) => {
                found.insert(name.clone(), value.clone());
            }
            (Some(Value::Object(sent)), Value::Object(received)) => {
                let within = added(sent, received);
                if !within.is_empty() {
                    found.insert(name.clone(), within.into());
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sent_properties_are_not_added_but_nested_ones_are() {
        let sent = json!({ "a": 1, "map": { "scope": "x" } });
        let received = json!({ "a": 2, "map": { "scope": "x", "mode": "y" }, "b": true });
        let added = added(sent.as_object().unwrap(), received.as_object().unwrap());
        assert_eq!(Value::from(added), json!({ "map": { "mode": "y" }, "b": true }));
    }
}
