//! `POST /connections/{id}/directory-provisioning/synchronizations`

use http::StatusCode;
use serde_json::json;

use super::call::Call;
use crate::answer::Answer;
use crate::denial::Denial;
use crate::state::TenantState;

pub(super) fn request(state: &mut TenantState, call: &Call<'_>) -> Result<Answer, Denial> {
    let answer = json!({
        "connection_id": call.id(),
        "synchronization_id": state.request_run(call.id(), call.now)?,
        "status": "pending",
    });
    Ok(Answer::json(StatusCode::CREATED, &answer))
}
