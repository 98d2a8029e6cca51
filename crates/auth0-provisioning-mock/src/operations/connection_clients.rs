//! `/connections/{id}/clients`: the applications that may use a connection.

use serde::Deserialize;
use serde_json::json;

use super::call::Call;
use super::page::{self, PageRequest};
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;

#[derive(Deserialize)]
struct ClientChange {
    client_id: String,
    status: bool,
}

pub(super) fn list(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let request = PageRequest::read(call)?;
    let mut clients = state.connection(call.id(), call.now)?.settings.enabled_clients.clone();
    clients.sort();
    let after = clients.into_iter().filter(|client| request.after.as_ref().is_none_or(|after| client > after));
    let (clients, next) = request.fill(call, after, String::clone);
    Ok(page::response("clients", clients.into_iter().map(|client| json!({ "client_id": client })).collect(), next))
}

pub(super) fn update(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let changes: Vec<ClientChange> = call.read_body()?;
    let connection = state.connection(call.id(), call.now)?;
    for change in changes {
        connection.settings.set_client(&change.client_id, change.status);
    }
    Ok(Response::no_content())
}
