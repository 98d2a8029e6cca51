//! `/groups/{id}/roles`: listed, added, removed.

use serde::Deserialize;
use serde_json::json;

use super::call::Call;
use super::page::{self, PageRequest};
use crate::cause::Cause;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;

/// The largest number of roles of a group.
const MOST_ROLES: usize = 10;

#[derive(Deserialize)]
struct Roles {
    roles: Vec<String>,
}

pub(super) fn list(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    let request = PageRequest::read(call)?;
    let group = state.people.groups.get(call.id()).ok_or(Cause::GroupNotFound)?;
    let after = group.roles.iter().filter(|role| request.after.as_ref().is_none_or(|after| *role > after));
    let (roles, next) = request.fill(call, after, |role| (*role).clone());
    let roles = roles.into_iter().filter_map(|id| {
        let (name, description) = state.roles.get(id)?;
        Some(json!({ "id": id, "name": name, "description": description, "type": "tenant" }))
    });
    Ok(page::response("roles", roles.collect(), next))
}

pub(super) fn add(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    let roles = call.read_body::<Roles>()?.roles;
    let group = state.people.groups.get_mut(call.id()).ok_or(Cause::GroupNotFound)?;
    if let Some(unknown) = roles.iter().find(|role| !state.roles.contains_key(*role)) {
        return Err(Rejection::new(Cause::RoleNotFound, format!("No role has the id {unknown}")));
    }
    let mut all = group.roles.clone();
    all.extend(roles);
    if all.len() > MOST_ROLES {
        return Err(Rejection::new(Cause::EntityLimitReached, format!("A group has at most {MOST_ROLES} roles")));
    }
    group.roles = all;
    Ok(Response::no_content())
}

pub(super) fn remove(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    let roles = call.read_body::<Roles>()?.roles;
    let group = state.people.groups.get_mut(call.id()).ok_or(Cause::GroupNotFound)?;
    group.roles.retain(|role| !roles.contains(role));
    Ok(Response::no_content())
}
