//! A connection's configuration: read, created, updated, deleted.

use http::StatusCode;
use serde::Deserialize;

use super::call::Call;
use crate::cause::Cause;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;
use crate::state::configuration::{Configuration, ConfigurationChange, GroupMode};
use crate::state::connection::ConnectionRecord;
use crate::state::features::{Feature, FeatureSet};
use crate::state::setup::Requirement;

pub(super) fn get(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.features.require(Feature::DirectoryProvisioning)?;
    let connection = state.connection(call.id(), call.now)?;
    connection.require_strategy()?;
    Ok(Response::json(StatusCode::OK, &connection.view()?))
}

pub(super) fn create(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let change = acceptable_change(&state.features, call)?;
    let connection = state.connection(call.id(), call.now)?;
    connection.require_strategy()?;
    if connection.configuration.is_some() {
        return Err(Cause::AlreadyConfigured.into());
    }
    connection.require(&[Requirement::Setup, Requirement::UsersApi])?;
    require_groups_setup(connection, &change)?;
    let mut configuration = Configuration::new(call.now);
    configuration.apply(change, call.now);
    connection.configuration = Some(configuration);
    Ok(Response::json(StatusCode::CREATED, &connection.view()?))
}

pub(super) fn update(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let change = acceptable_change(&state.features, call)?;
    let connection = state.connection(call.id(), call.now)?;
    connection.require_strategy()?;
    if connection.configuration.is_none() {
        return Err(Cause::ConfigurationNotFound.into());
    }
    connection.require(&[Requirement::Setup])?;
    require_groups_setup(connection, &change)?;
    if let Some(configuration) = &mut connection.configuration {
        configuration.apply(change, call.now);
    }
    Ok(Response::json(StatusCode::OK, &connection.view()?))
}

pub(super) fn delete(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.features.require(Feature::DirectoryProvisioning)?;
    // The contract has no error response for a connection without a configuration.
    state.connection(call.id(), call.now)?.deconfigure();
    Ok(Response::no_content())
}

/// Reads the change, and rejects it if a feature is missing or its mapping is not valid.
fn acceptable_change(features: &FeatureSet, call: &Call<'_>) -> Result<ConfigurationChange, Rejection> {
    features.require(Feature::DirectoryProvisioning)?;
    let change = match &call.body {
        Some(body) => ConfigurationChange::deserialize(body)
            .map_err(|error| Rejection::new(Cause::InvalidBody, error.to_string()))?,
        None => ConfigurationChange::default(),
    };
    if change.mapping.as_ref().is_some_and(|mapping| !mapping.is_valid()) {
        return Err(Cause::InvalidMapping.into());
    }
    if synchronizes_groups(&change) {
        features.require(Feature::GroupSynchronization)?;
    }
    Ok(change)
}

fn require_groups_setup(connection: &ConnectionRecord, change: &ConfigurationChange) -> Result<(), Cause> {
    if synchronizes_groups(change) {
        connection.require(&[Requirement::GroupsApi])?;
    }
    Ok(())
}

fn synchronizes_groups(change: &ConfigurationChange) -> bool {
    change.synchronize_groups.is_some_and(|mode| mode != GroupMode::Off)
}
