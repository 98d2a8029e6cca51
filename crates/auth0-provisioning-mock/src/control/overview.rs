//! The data of the page, in one response.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::reply::{Problem, Reply};
use super::{faults, features, rate_limits, requests};
use crate::lock::lock;
use crate::query::Query;
use crate::shared::Shared;
use crate::state::TenantState;
use crate::state::configuration::ApiTime;
use crate::state::connection::ConnectionRecord;

/// The default and the largest number of connections, events and requests.
const DEFAULT_TAKE: usize = 50;
const LARGEST_TAKE: usize = 500;

pub(super) fn show(shared: &Shared, query: &Query) -> Result<Reply, Problem> {
    let (mut take, mut skip, mut wanted) = (DEFAULT_TAKE, 0, "");
    for (name, value) in query.pairs().unwrap_or_default() {
        match name.as_str() {
            "take" => {
                let size = value.parse().ok().filter(|size| (1..=LARGEST_TAKE).contains(size));
                let invalid = || Problem::not_acceptable(format!("`take` is a number from 1 to {LARGEST_TAKE}"));
                take = size.ok_or_else(invalid)?;
            }
            "skip" => {
                let skipped = value.parse();
                skip = skipped.map_err(|_| Problem::not_acceptable("`skip` is a number of connections"))?;
            }
            "connections" => wanted = value,
            other => return Err(Problem::not_acceptable(format!("there is no parameter `{other}`"))),
        }
    }
    let now = shared.clock.now();
    let mut overview = {
        let mut state = shared.state();
        state.settle(now);
        overview(&state, wanted, skip, take)
    };
    overview["now"] = json!(ApiTime(now));
    overview["frozen"] = shared.clock.is_frozen().into();
    let latest = lock(&shared.log).latest(take);
    overview["requests"] = latest.iter().map(requests::view).collect();
    overview["faults"] = faults::waiting(&lock(&shared.faults))["faults"].take();
    overview["rate_limits"] = rate_limits::view(lock(&shared.rate_limits).settings());
    Ok(Reply::Json(overview))
}

/// Returns the connections whose id or name contains the wanted text, and the latest events, in descending order.
fn overview(state: &TenantState, wanted: &str, skip: usize, take: usize) -> Value {
    let wanted = wanted.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&wanted);
    let found =
        || state.connections.values().filter(|known| wanted.is_empty() || holds(&known.id) || holds(&known.name));
    let mut arrived: HashMap<&str, (u64, u64)> = HashMap::new();
    for user in state.people.users.values() {
        arrived.entry(&user.connection_id).or_default().0 += 1;
    }
    for group in state.people.groups.values() {
        arrived.entry(&group.connection_id).or_default().1 += 1;
    }
    let connections = found().skip(skip).take(take).map(|known| {
        let mut view = connection(known);
        let (users, groups) = arrived.get(known.id.as_str()).copied().unwrap_or_default();
        view["arrived"] = json!({ "users": users, "groups": groups });
        view
    });
    json!({
        "tenant_name": state.name,
        "features": features::view(state),
        "connection_count": state.connections.len(),
        "found_count": found().count(),
        "connections": connections.collect::<Vec<_>>(),
        "logs": state.logs.all().rev().take(take).map(|(_, event)| event).collect::<Vec<_>>(),
    })
}

fn connection(known: &ConnectionRecord) -> Value {
    let last = known.runs.last();
    let configuration = known.configuration.as_ref().map(|configuration| {
        json!({
            "synchronize_automatically": configuration.synchronize_automatically,
            "synchronize_groups": configuration.synchronize_groups,
            "mapping_rows": configuration.mapping.rows().len(),
            "selected_groups": known.selection.len(),
            "last_synchronization_at": last.map(|run| ApiTime(run.at)),
            "last_synchronization_status": last.map(|run| &run.status),
            "last_synchronization_error": last.and_then(|run| run.error.as_ref()),
        })
    });
    let running = known.runs.current().map(|run| {
        json!({
            "synchronization_id": run.id,
            "started_at": ApiTime(run.started_at),
            "ends_at": run.ends_at().map(ApiTime),
        })
    });
    let directory = known.directory.as_ref();
    json!({
        "id": known.id,
        "name": known.name,
        "strategy": known.strategy,
        "is_set_up": known.is_set_up,
        "directory_provisioning": configuration,
        "running": running,
        "directory": directory.map(|known| json!({ "users": known.users.len(), "groups": known.groups.len() })),
        "scim_tokens": known.scim.as_ref().map(|scim| scim.tokens.len()),
    })
}
