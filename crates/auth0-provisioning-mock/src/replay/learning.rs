//! What a recording tells of the tenant that it was made with: what it adds to the options of connections, and what new
//! connections are for. The mock knows the first for some strategies and days only.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::recording::Recording;
use crate::operations::Operation;
use crate::state::defaults::TenantDefaults;
use crate::state::features::Feature;
use crate::state::strategy;
use crate::tenant::MockTenant;

/// Tells the tenant what the recorded one adds in the call that comes next; the names of what the tenant would have added
/// otherwise, or not at all.
pub(super) fn prepare(tenant: &MockTenant, operation: Operation, id: &str, recording: &Recording) -> Vec<String> {
    let answers_connection = match operation {
        Operation::CreateConnection => recording.status == 201,
        Operation::GetConnection | Operation::UpdateConnection => recording.status == 200,
        _ => false,
    };
    if !answers_connection {
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
    let (sent, told) = (request["options"].as_object(), response["options"].as_object());
    let (Some(told), true) = (told, sent.is_some() || operation == Operation::CreateConnection) else {
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
    let theirs = added(sent, told);
    let mut known = sent.clone();
    strategy::add_defaults(&strategy, &mut known);
    let ours = added(sent, &known);
    let names: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    let options = names.into_iter().filter(|name| theirs.get(*name) != ours.get(*name));
    learned.extend(options.map(|name| format!("options.{name}")));
    defaults.option_defaults.insert(strategy, theirs);
    tenant.set_defaults(defaults);
    learned
}

/// Lets the tenant add what it knows alone.
pub(super) fn forget(tenant: &MockTenant) {
    tenant.set_defaults(TenantDefaults::default());
}

/// What is told and was not sent, in objects within objects, too.
fn added(sent: &Map<String, Value>, told: &Map<String, Value>) -> Map<String, Value> {
    let mut found = Map::new();
    for (name, value) in told {
        match (sent.get(name), value) {
            (None, value) => {
                found.insert(name.clone(), value.clone());
            }
            (Some(Value::Object(sent)), Value::Object(told)) => {
                let within = added(sent, told);
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
    fn what_was_sent_is_not_added_and_what_lies_within_may_be() {
        let sent = json!({ "a": 1, "map": { "scope": "x" } });
        let told = json!({ "a": 2, "map": { "scope": "x", "mode": "y" }, "b": true });
        let added = added(sent.as_object().unwrap(), told.as_object().unwrap());
        assert_eq!(Value::from(added), json!({ "map": { "mode": "y" }, "b": true }));
    }
}
