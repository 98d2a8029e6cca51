//! As much of the connections resource as it takes to look connections up. The contract does not describe it.

use std::ops::Bound;

use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::page::PageRequest;
use crate::answer::Answer;
use crate::cause::Cause;
use crate::denial::Denial;
use crate::state::TenantState;
use crate::state::connection::ConnectionRecord;

pub(super) fn get(state: &mut TenantState, call: &Call<'_>) -> Result<Answer, Denial> {
    let connection = state.connections.get(call.id()).ok_or(Cause::ConnectionNotFound)?;
    Ok(Answer::json(StatusCode::OK, &view(connection)))
}

/// With `from` or `take` a page by cursor, else a page by number; `name` and `strategy` narrow both down.
pub(super) fn list(state: &mut TenantState, call: &Call<'_>) -> Result<Answer, Denial> {
    let strategies: Vec<_> = call.query.iter().filter(|(name, _)| name == "strategy").map(|(_, value)| value).collect();
    let wanted = |connection: &&ConnectionRecord| {
        call.parameter("name").is_none_or(|name| connection.name == name)
            && (strategies.is_empty() || strategies.contains(&&connection.strategy))
    };
    if call.parameter("from").is_some() || call.parameter("take").is_some() {
        let page = PageRequest::read(call)?;
        let start = page.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let connections = state.connections.range::<str, _>((start, Bound::Unbounded)).map(|(_, known)| known);
        let (connections, next) = page.fill(call, connections.filter(wanted), |known| known.id.clone());
        let mut answer = json!({ "connections": connections.into_iter().map(view).collect::<Vec<_>>() });
        if let Some(next) = next {
            answer["next"] = next.into();
        }
        return Ok(Answer::json(StatusCode::OK, &answer));
    }
    let number = |name: &str, usual: usize| call.parameter(name).and_then(|value| value.parse().ok()).unwrap_or(usual);
    let (page, size) = (number("page", 0), number("per_page", 50).min(100));
    let found = state.connections.values().filter(wanted);
    let connections: Vec<_> = found.clone().skip(page.saturating_mul(size)).take(size).map(view).collect();
    let answer = if call.parameter("include_totals") == Some("true") {
        json!({
            "start": page.saturating_mul(size),
            "limit": size,
            "length": connections.len(),
            "total": found.count(),
            "connections": connections,
        })
    } else {
        Value::Array(connections)
    };
    Ok(Answer::json(StatusCode::OK, &answer))
}

fn view(connection: &ConnectionRecord) -> Value {
    json!({
        "id": connection.id,
        "name": connection.name,
        "display_name": connection.name,
        "strategy": connection.strategy,
        "options": {},
        "enabled_clients": [],
        "is_domain_connection": false,
        "realms": [connection.name],
    })
}
