//! The groups of the tenant, their members, and the groups of a user.

use std::ops::Bound;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::listing;
use super::page::{self, PageRequest};
use super::projection::project;
use crate::cause::Cause;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;
use crate::state::configuration::ApiTime;
use crate::state::people::GroupRecord;

pub(super) fn list(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    let equals = |name: &str, value: &str| call.parameter(name).is_none_or(|wanted| wanted == value);
    let search = call.parameter("search").map(str::to_lowercase);
    let wanted = |group: &&GroupRecord| {
        let holds = |text: &str| search.as_ref().is_none_or(|search| text.to_lowercase().contains(search));
        equals("connection_id", &group.connection_id)
            && equals("name", &group.name)
            && equals("external_id", &group.external_id)
            && (holds(&group.name) || holds(&group.external_id))
    };
    let items = |after: Option<String>| {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        state.people.groups.range((start, Bound::Unbounded)).map(|(_, group)| group).filter(wanted)
    };
    listing::list(call, "groups", items, |group| group.id.clone(), |group| view(&state.name, group))
}

pub(super) fn get(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    let group = state.people.groups.get(call.id()).ok_or(Cause::GroupNotFound)?;
    Ok(Response::json(StatusCode::OK, &view(&state.name, group)))
}

pub(super) fn delete(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    state.people.groups.remove(call.id()).ok_or(Cause::GroupNotFound)?;
    Ok(Response::no_content())
}

pub(super) fn members(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    let request = PageRequest::read(call)?;
    let group = state.people.groups.get(call.id()).ok_or(Cause::GroupNotFound)?;
    let start = request.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let members = group.members.range::<str, _>((start, Bound::Unbounded));
    let (members, next) = request.fill(call, members, |(id, _)| (*id).clone());
    let view = |(id, since): (&String, &DateTime<Utc>)| {
        let mut view = json!({
            "id": id,
            "member_type": "user",
            "type": "connection",
            "connection_id": group.connection_id,
            "created_at": ApiTime(*since),
        });
        project(call, &mut view);
        view
    };
    Ok(page::response("members", members.into_iter().map(view).collect(), next))
}

/// `GET /users/{id}/groups`
pub(super) fn of_user(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    if !state.people.users.contains_key(call.id()) {
        return Err(Cause::UserNotFound.into());
    }
    let items = |after: Option<String>| {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let groups = state.people.groups.range((start, Bound::Unbounded)).map(|(_, group)| group);
        groups.filter_map(|group| group.members.get(call.id()).map(|since| (group, *since)))
    };
    listing::list(
        call,
        "groups",
        items,
        |(group, _)| group.id.clone(),
        |(group, since)| {
            let mut view = view(&state.name, group);
            view["membership_created_at"] = json!(ApiTime(*since));
            view
        },
    )
}

fn view(tenant: &str, group: &GroupRecord) -> Value {
    json!({
        "id": group.id,
        "name": group.name,
        "external_id": group.external_id,
        "connection_id": group.connection_id,
        "tenant_name": tenant,
        "created_at": ApiTime(group.created_at),
        "updated_at": ApiTime(group.updated_at),
    })
}
