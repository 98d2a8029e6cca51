//! `GET /connections-directory-provisionings`

use std::ops::Bound;

use http::StatusCode;
use serde::Serialize;

use super::call::Call;
use super::page::PageRequest;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;
use crate::state::connection::{ConfigurationView, ConnectionRecord};
use crate::state::features::Feature;

#[derive(Serialize)]
struct ConfigurationPage<'a> {
    directory_provisionings: Vec<ConfigurationView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

pub(super) fn list(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.features.require(Feature::DirectoryProvisioning)?;
    let page = PageRequest::read(call)?;
    let start = page.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let connections = state.connections.range::<str, _>((start, Bound::Unbounded)).map(|(_, connection)| connection);
    let configured = connections.filter(|connection| connection.configuration.is_some());
    let (ids, next) = page.fill(call, configured.map(|connection| connection.id.clone()), String::clone);
    for id in &ids {
        // Runs of the connection end.
        state.connection(id, call.now)?;
    }
    let connections = ids.iter().filter_map(|id| state.connections.get(id));
    let directory_provisionings = connections.map(ConnectionRecord::view).collect::<Result<_, _>>()?;
    Ok(Response::json(StatusCode::OK, &ConfigurationPage { directory_provisionings, next }))
}
