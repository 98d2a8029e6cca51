//! `/connections/{id}/scim-configuration`: read, created, updated, deleted; and the list of all.

use std::ops::Bound;

use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::page::{self, PageRequest};
use crate::cause::Cause;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;
use crate::state::configuration::ApiTime;
use crate::state::connection::ConnectionRecord;
use crate::state::scim::{ScimChange, ScimConfiguration};
use crate::state::scim_mapping;
use crate::state::strategy;

pub(super) fn get(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let tenant = state.name.clone();
    let connection = state.connection(call.id(), call.now)?;
    Ok(Response::json(StatusCode::OK, &view(&tenant, connection)?))
}

pub(super) fn create(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let change = acceptable_change(call)?;
    let tenant = state.name.clone();
    let connection = state.connection(call.id(), call.now)?;
    if !strategy::supports_scim(&connection.strategy) {
        return Err(Cause::ScimUnsupported.into());
    }
    if connection.scim.is_some() {
        return Err(Cause::ScimAlreadyConfigured.into());
    }
    connection.scim = Some(ScimConfiguration::new(&connection.strategy, change, call.now));
    Ok(Response::json(StatusCode::CREATED, &view(&tenant, connection)?))
}

pub(super) fn update(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let change = acceptable_change(call)?;
    let tenant = state.name.clone();
    let connection = state.connection(call.id(), call.now)?;
    connection.scim.as_mut().ok_or(Cause::ScimConfigurationNotFound)?.apply(change, call.now);
    Ok(Response::json(StatusCode::OK, &view(&tenant, connection)?))
}

pub(super) fn delete(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let connection = state.connection(call.id(), call.now)?;
    connection.scim.take().ok_or(Cause::ScimConfigurationNotFound)?;
    Ok(Response::no_content())
}

pub(super) fn default_mapping(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let connection = state.connection(call.id(), call.now)?;
    if connection.scim.is_none() {
        return Err(Cause::ScimConfigurationNotFound.into());
    }
    Ok(Response::json(StatusCode::OK, &json!({ "mapping": scim_mapping::default_mapping(&connection.strategy) })))
}

/// `GET /connections-scim-configurations`
pub(super) fn list_all(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let request = PageRequest::read(call)?;
    let start = request.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let connections = state.connections.range::<str, _>((start, Bound::Unbounded)).map(|(_, known)| known);
    let configured = connections.filter(|connection| connection.scim.is_some());
    let (connections, next) = request.fill(call, configured, |connection| connection.id.clone());
    let found: Result<Vec<_>, _> = connections.into_iter().map(|connection| view(&state.name, connection)).collect();
    Ok(page::response("scim_configurations", found?, next))
}

fn acceptable_change(call: &Call<'_>) -> Result<ScimChange, Rejection> {
    let change: ScimChange = if call.body.is_some() { call.read_body()? } else { ScimChange::default() };
    if change.is_valid() { Ok(change) } else { Err(Cause::InvalidScimMapping.into()) }
}

fn view(tenant: &str, connection: &ConnectionRecord) -> Result<Value, Cause> {
    let configuration = connection.scim.as_ref().ok_or(Cause::ScimConfigurationNotFound)?;
    Ok(json!({
        "tenant_name": tenant,
        "connection_id": connection.id,
        "connection_name": connection.name,
        "strategy": connection.strategy,
        "user_id_attribute": configuration.user_id_attribute,
        "mapping": configuration.mapping,
        "created_at": ApiTime(configuration.created_at),
        "updated_on": ApiTime(configuration.updated_on),
    }))
}
