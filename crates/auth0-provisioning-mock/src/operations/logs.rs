//! `/logs`: a search, the events after an event, and one event.

use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::page::DEFAULT_SIZE;
use super::projection::project;
use crate::cause::Cause;
use crate::log_search::LogSearch;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;

/// The largest number of events of a page.
const LARGEST_SIZE: usize = 100;

pub(super) fn list(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    if let Some(from) = call.parameter("from") {
        let size = call.number("take").unwrap_or(DEFAULT_SIZE).min(LARGEST_SIZE);
        let events = state.logs.all().filter(|(id, _)| *id > from).take(size);
        return Ok(Response::json(StatusCode::OK, &shown(call, events.map(|(_, event)| event))));
    }
    let search = match call.parameter("search") {
        Some(search) => Some(LogSearch::parse(search).ok_or(Cause::InvalidQuery)?),
        None => None,
    };
    let mut found: Vec<_> = state.logs.all().map(|(_, event)| event).rev().collect();
    found.retain(|event| search.as_ref().is_none_or(|search| search.matches(event)));
    if let Some(sort) = call.parameter("sort") {
        let (field, upwards) = match sort.split_once(':') {
            Some((field, "1")) => (field, true),
            Some((field, "-1")) => (field, false),
            _ => return Err(Rejection::new(Cause::InvalidQuery, "`sort` is a field, a colon, and `1` or `-1`")),
        };
        found.sort_by(|one, two| one[field].as_str().cmp(&two[field].as_str()));
        if !upwards {
            found.reverse();
        }
    }
    let (page, size) = (call.number("page").unwrap_or(0), call.number("per_page").unwrap_or(DEFAULT_SIZE));
    let start = page.saturating_mul(size);
    let total = found.len();
    let logs = shown(call, found.into_iter().skip(start).take(size));
    if call.parameter("include_totals") != Some("true") {
        return Ok(Response::json(StatusCode::OK, &logs));
    }
    let response = json!({ "start": start, "limit": size, "length": logs.len(), "total": total, "logs": logs });
    Ok(Response::json(StatusCode::OK, &response))
}

pub(super) fn get(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.settle(call.now);
    let event = state.logs.get(call.id()).ok_or(Cause::LogNotFound)?;
    Ok(Response::json(StatusCode::OK, event))
}

fn shown<'a>(call: &Call<'_>, events: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    events
        .cloned()
        .map(|mut event| {
            project(call, &mut event);
            event
        })
        .collect()
}
