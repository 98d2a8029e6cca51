//! `POST /connections/{id}/directory-provisioning/synchronizations`

use http::StatusCode;
use serde_json::json;

use super::call::Call;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;

pub(super) fn request(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let response = json!({
        "connection_id": call.id(),
        "synchronization_id": state.request_run(call.id(), call.now)?,
        "status": "pending",
    });
    Ok(Response::json(StatusCode::CREATED, &response))
}
