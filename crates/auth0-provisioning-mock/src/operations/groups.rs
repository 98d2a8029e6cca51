//! The synchronized groups of a connection: listed, replaced, added, removed.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::page::PageRequest;
use crate::cause::Cause;
use crate::lucene_prefix::LucenePrefix;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;
use crate::state::connection::ConnectionRecord;
use crate::state::features::Feature;
use crate::state::groups::{Group, GroupMetadata, Selection};
use crate::state::setup::Requirement;

#[derive(Serialize)]
struct GroupPage {
    groups: Vec<Group>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct GroupList {
    groups: Vec<Group>,
}

pub(super) fn list(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let query = match call.parameter("q") {
        Some(query) => Some(LucenePrefix::parse(query).ok_or(Cause::InvalidQuery)?),
        None => None,
    };
    let page = PageRequest::read(call)?;
    let connection = ready(state, call)?;
    let groups = connection.selection.after(page.after.as_deref());
    let matching = groups.filter(|group| query.as_ref().is_none_or(|query| query.matches(&group.metadata)));
    let (groups, next) = page.fill(call, matching, |group| group.id.clone());
    Ok(Response::json(StatusCode::OK, &GroupPage { groups, next }))
}

pub(super) fn replace(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    change(state, call, Selection::replace)
}

pub(super) fn add(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    change(state, call, Selection::add)
}

pub(super) fn remove(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    ready(state, call)?;
    state.features.require(Feature::GroupRemoval)?;
    change(state, call, Selection::remove)
}

fn change(
    state: &mut TenantState,
    call: &Call<'_>,
    apply: impl FnOnce(&mut Selection, Vec<Group>),
) -> Result<Response, Rejection> {
    let groups = match &call.body {
        Some(body) => {
            GroupList::deserialize(body).map_err(|error| Rejection::new(Cause::InvalidBody, error.to_string()))?.groups
        }
        None => return Err(Cause::InvalidBody.into()),
    };
    let has_metadata = groups.iter().any(|group| group.metadata != GroupMetadata::default());
    let features = state.features.clone();
    let connection = ready(state, call)?;
    if has_metadata {
        features.require(Feature::GroupMetadata)?;
    }
    apply(&mut connection.selection, groups);
    Ok(Response::no_content())
}

/// Returns the connection, if it and the tenant can synchronize groups.
fn ready<'a>(state: &'a mut TenantState, call: &Call<'_>) -> Result<&'a mut ConnectionRecord, Cause> {
    for feature in [Feature::DirectoryProvisioning, Feature::GroupSynchronization] {
        state.features.require(feature)?;
    }
    let connection = state.connection(call.id(), call.now)?;
    if connection.configuration.is_none() {
        return Err(Cause::ConfigurationNotFound);
    }
    connection.require(&[Requirement::Setup, Requirement::GroupsApi])?;
    Ok(connection)
}
