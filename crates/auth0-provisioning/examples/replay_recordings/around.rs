//! Calls of connections, SCIM, groups and logs.

use auth0_provisioning::{
    Client, ConnectionHandle, ConnectionStatus, GroupFilter, LogsHandle, NewScimToken, ScimDesired, ScimHandle,
    TenantGroupHandle,
};
use serde_json::{Value, json};

use super::{
    Failure,
    exchange::Exchange,
    outcome::{Outcome, json as read, no_operation, read_page},
};

pub(crate) async fn connections(client: &Client, exchange: &Exchange, body: Value) -> Result<Outcome, Failure> {
    match exchange.method.as_str() {
        "GET" => {
            let strategies = exchange.parameters("strategy").into_iter().map(|strategy| strategy.parse());
            let strategies = strategies.collect::<Result<Vec<_>, _>>()?;
            let all =
                if strategies.is_empty() { client.connections() } else { client.connections_by_strategy(strategies) };
            Ok(read_page(all, exchange).await)
        }
        "POST" => Ok(client.create_connection(serde_json::from_value(body)?).await.map(read)),
        _ => Err(no_operation()),
    }
}

pub(crate) async fn connection(
    connection: &ConnectionHandle,
    exchange: &Exchange,
    rest: &[&str],
    body: Value,
) -> Result<Outcome, Failure> {
    match (exchange.method.as_str(), rest) {
        ("GET", []) => Ok(connection.get().await.map(read)),
        ("PATCH", []) => Ok(connection.update(serde_json::from_value(body)?).await.map(read)),
        ("DELETE", []) => Ok(connection.delete().await.map(|began| began.map(|began| json!({ "deleted_at": began })))),
        // A connection that is not ready is a valid outcome.
        ("GET", ["status"]) => match connection.status().await {
            Ok(ConnectionStatus::Offline) if exchange.status == 404 => Ok(Ok(None)),
            Ok(ConnectionStatus::Online) if exchange.status == 200 => Ok(Ok(None)),
            Ok(status) => Err(format!("a {} was read as {status}", exchange.status).into()),
            Err(error) => Ok(Err(error)),
        },
        ("GET", ["clients"]) => Ok(read_page(connection.clients(), exchange).await),
        ("PATCH", ["clients"]) => {
            let change = |change: &Value| Some((change["client_id"].as_str()?.to_owned(), change["status"].as_bool()?));
            let changes = body.as_array().into_iter().flatten().filter_map(change);
            Ok(connection.change_clients(changes).await.map(|()| None))
        }
        _ => Err(no_operation()),
    }
}

pub(crate) async fn scim(
    scim: &ScimHandle,
    exchange: &Exchange,
    rest: &[&str],
    body: &Value,
) -> Result<Outcome, Failure> {
    let desired = || -> Result<ScimDesired, Failure> {
        Ok(if body.is_null() { ScimDesired::default() } else { serde_json::from_value(body.clone())? })
    };
    match (exchange.method.as_str(), rest) {
        ("GET", []) => Ok(scim.get().await.map(read)),
        ("POST", []) => Ok(scim.create(desired()?).await.map(read)),
        ("PATCH", []) => Ok(scim.update(desired()?).await.map(read)),
        ("DELETE", []) => Ok(scim.delete().await.map(|()| None)),
        ("GET", ["default-mapping"]) => {
            Ok(scim.default_mapping().await.map(|mapping| Some(json!({ "mapping": mapping }))))
        }
        ("GET", ["tokens"]) => Ok(scim.tokens().await.map(read)),
        // The secret is in a type that does not print it.
        ("POST", ["tokens"]) => Ok(scim.create_token(token(body)).await.map(|_| None)),
        ("DELETE", ["tokens", id]) => Ok(scim.delete_token(*id).await.map(|()| None)),
        _ => Err(no_operation()),
    }
}

fn token(body: &Value) -> NewScimToken {
    let mut token = NewScimToken::default();
    if let Some(scopes) = body["scopes"].as_array() {
        token = token.scopes(scopes.iter().filter_map(Value::as_str));
    }
    if let Some(seconds) = body["token_lifetime"].as_u64() {
        token = token.lifetime(std::time::Duration::from_secs(seconds));
    }
    token
}

pub(crate) async fn groups(client: &Client, exchange: &Exchange) -> Result<Outcome, Failure> {
    let mut filter = GroupFilter::default();
    if let Some(connection) = exchange.parameter("connection_id") {
        filter = filter.connection(&connection.parse()?);
    }
    if let Some(name) = exchange.parameter("name") {
        filter = filter.name(name);
    }
    if let Some(id) = exchange.parameter("external_id") {
        filter = filter.external_id(id);
    }
    if let Some(search) = exchange.parameter("search") {
        filter = filter.search(search);
    }
    Ok(read_page(client.groups(filter), exchange).await)
}

pub(crate) async fn group(
    group: &TenantGroupHandle,
    exchange: &Exchange,
    rest: &[&str],
    body: &Value,
) -> Result<Outcome, Failure> {
    let roles = || body["roles"].as_array().into_iter().flatten().filter_map(Value::as_str);
    match (exchange.method.as_str(), rest) {
        ("GET", []) => Ok(group.get().await.map(read)),
        ("DELETE", []) => Ok(group.delete().await.map(|()| None)),
        ("GET", ["members"]) => Ok(read_page(group.members(), exchange).await),
        ("GET", ["roles"]) => Ok(read_page(group.roles(), exchange).await),
        ("POST", ["roles"]) => Ok(group.add_roles(roles()).await.map(|()| None)),
        ("DELETE", ["roles"]) => Ok(group.remove_roles(roles()).await.map(|()| None)),
        _ => Err(no_operation()),
    }
}

pub(crate) async fn logs(logs: &LogsHandle, exchange: &Exchange, rest: &[&str]) -> Result<Outcome, Failure> {
    match (exchange.method.as_str(), rest) {
        ("GET", []) => {
            let found = match (exchange.parameter("from"), exchange.parameter("search")) {
                (Some(event), _) => logs.after(event),
                (None, Some(search)) => logs.search(search),
                (None, None) => logs.latest(),
            };
            Ok(read_page(found, exchange).await)
        }
        ("GET", [id]) => Ok(logs.get(*id).await.map(read)),
        _ => Err(no_operation()),
    }
}
