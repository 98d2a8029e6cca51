//! Connections: listed, read, created, changed, deleted.

use std::ops::Bound;

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::listing;
use super::projection::project;
use crate::cause::Cause;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::scopes;
use crate::state::TenantState;
use crate::state::configuration::ApiTime;
use crate::state::connection::ConnectionRecord;
use crate::state::defaults::TenantDefaults;
use crate::state::features::Feature;
use crate::state::groups::Selection;
use crate::state::ids;
use crate::state::runs::{Runs, Synchronization};
use crate::state::settings::{Settings, SettingsChange};
use crate::state::setup::Requirement;
use crate::state::strategy;

#[derive(Deserialize)]
struct NewConnection {
    name: String,
    strategy: String,
    #[serde(flatten)]
    settings: SettingsChange,
}

pub(super) fn list(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let strategies: Vec<_> = call.query.get_all("strategy").collect();
    let wanted = |connection: &&ConnectionRecord| {
        call.parameter("name").is_none_or(|name| connection.name == name)
            && (strategies.is_empty() || strategies.contains(&connection.strategy.as_str()))
    };
    let items = |after: Option<String>| {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        state.connections.range((start, Bound::Unbounded)).map(|(_, known)| known).filter(wanted)
    };
    listing::list(call, "connections", items, |known| known.id.clone(), |known| view(known, &state.defaults, call))
}

pub(super) fn get(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let connection = state.connections.get(call.id()).ok_or(Cause::ConnectionNotFound)?;
    let mut view = view(connection, &state.defaults, call);
    project(call, &mut view);
    Ok(Response::json(StatusCode::OK, &view))
}

pub(super) fn create(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let new: NewConnection = call.read_body()?;
    if state.connections.values().any(|known| known.name == new.name) {
        return Err(Cause::ConnectionNameTaken.into());
    }
    let takes = |known: &ConnectionRecord| known.realms().iter().any(|realm| new.settings.realms().contains(realm));
    if state.connections.values().any(takes) {
        return Err(Cause::RealmTaken.into());
    }
    require_cross_app_access(state, &new.settings, &new.strategy, new.settings.text_option("type"))?;
    let asks_for_button = new.settings.names_button();
    let mut settings = Settings::new(&new.strategy, new.settings, state.defaults.option_defaults.get(&new.strategy));
    if !asks_for_button {
        let has_button = state.defaults.has_button.unwrap_or_else(|| strategy::has_button(&new.strategy));
        settings.show_as_button = has_button.then_some(false);
    }
    let has_ticket = state.defaults.has_provisioning_ticket;
    if has_ticket.unwrap_or_else(|| strategy::has_provisioning_ticket(&new.strategy)) {
        let ticket = ids::new_id(&mut state.random, "");
        settings.provisioning_ticket_url =
            Some(format!("https://{}.auth0.test/p/{}/{}", state.name, new.strategy, &ticket[..8]));
    }
    if state.features.has(Feature::ConnectionPurposes) && strategy::has_button(&new.strategy) {
        settings.others.entry("authentication").or_insert_with(|| json!({ "active": true }));
        settings.others.entry("connected_accounts").or_insert_with(|| json!({ "active": false }));
    }
    let connection = ConnectionRecord {
        id: state.new_id("con_"),
        name: new.name,
        strategy: new.strategy,
        settings,
        is_set_up: true,
        configuration: None,
        selection: Selection::default(),
        runs: Runs::new(Synchronization::default()),
        scim: None,
        directory: None,
    };
    let response = Response::json(StatusCode::CREATED, &view(&connection, &state.defaults, call));
    state.connections.insert(connection.id.clone(), connection);
    Ok(response)
}

pub(super) fn update(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let change: SettingsChange = call.read_body()?;
    if change.names_options() && !call.claims.grants(scopes::UPDATE_CONNECTIONS_OPTIONS) {
        let message = format!("Insufficient scope, expected any of: {}", scopes::UPDATE_CONNECTIONS_OPTIONS);
        return Err(Rejection::new(Cause::InsufficientScope, message));
    }
    let connection = state.connection(call.id(), call.now)?;
    require_options_in_use(connection, &change)?;
    let strategy = connection.strategy.clone();
    let kept = connection.settings.text_option("type").map(str::to_owned);
    let kind = if change.names_options() { change.text_option("type") } else { kept.as_deref() };
    require_cross_app_access(state, &change, &strategy, kind)?;
    let defaults = state.defaults.clone();
    let connection = state.connection(call.id(), call.now)?;
    connection.settings.apply(&strategy, change, defaults.option_defaults.get(&strategy));
    Ok(Response::json(StatusCode::OK, &view(connection, &defaults, call)))
}

/// Rejects a change of options that the provisioning of the connection needs.
fn require_options_in_use(connection: &ConnectionRecord, change: &SettingsChange) -> Result<(), Cause> {
    let users = Requirement::UsersApi.option().unwrap_or_default();
    let was_on = connection.settings.option(users);
    if connection.configuration.is_some() && was_on && change.option(users) == Some(false) {
        return Err(Cause::UsersApiInUse);
    }
    if connection.strategy == "waad" && connection.scim.is_some() && change.option("useCommonEndpoint") == Some(true) {
        return Err(Cause::CommonEndpointWithScim);
    }
    Ok(())
}

/// Rejects settings of cross-app access if the tenant lacks the feature, or if the connection cannot request it: a connection
/// of strategy `oidc` must be a back channel.
fn require_cross_app_access(
    state: &TenantState,
    change: &SettingsChange,
    strategy: &str,
    kind: Option<&str>,
) -> Result<(), Cause> {
    if change.names_cross_app_access() {
        state.features.require(Feature::CrossAppAccess)?;
    }
    let is_front_channel = strategy == "oidc" && kind != Some("back_channel");
    if is_front_channel && change.requests_cross_app_access() {
        return Err(Cause::CrossAppAccessUnsupported);
    }
    Ok(())
}

#[allow(clippy::unnecessary_wraps)] // the signature of all operations
pub(super) fn delete(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    if state.connections.remove(call.id()).is_none() {
        return Ok(Response::no_content());
    }
    state.people.remove_connection(call.id());
    Ok(Response::json(StatusCode::ACCEPTED, &json!({ "deleted_at": ApiTime(call.now) })))
}

pub(super) fn status(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    if state.connection(call.id(), call.now)?.is_set_up {
        return Ok(Response { body: Bytes::new(), ..Response::json(StatusCode::OK, &json!({})) });
    }
    Err(Cause::ConnectionNotReady.into())
}

/// Returns the connection in the format of the API, with options only if the scopes allow it.
fn view(connection: &ConnectionRecord, defaults: &TenantDefaults, call: &Call<'_>) -> Value {
    let settings = &connection.settings;
    let mut view = json!({
        "id": connection.id,
        "strategy": connection.strategy,
        "name": connection.name,
        "display_name": settings.display_name.as_ref().unwrap_or(&connection.name),
        "is_domain_connection": settings.is_domain_connection,
        "realms": connection.realms(),
    });
    if let Value::Object(fields) = &mut view {
        if defaults.lists_clients.unwrap_or(true) {
            fields.insert("enabled_clients".to_owned(), json!(settings.enabled_clients));
        }
        fields.extend(settings.others.clone());
        if call.claims.grants(scopes::READ_CONNECTIONS_OPTIONS) {
            fields.insert("options".to_owned(), settings.options.as_map().clone().into());
        }
        if let Some(show) = settings.show_as_button {
            fields.insert("show_as_button".to_owned(), show.into());
        }
        if let Some(url) = &settings.provisioning_ticket_url {
            fields.insert("provisioning_ticket_url".to_owned(), url.as_str().into());
        }
    }
    view
}
