//! `POST /connections/{id}/directory-provisioning/synchronizations`

use http::StatusCode;
use serde_json::json;

use super::call::Call;
use crate::answer::Answer;
use crate::cause::Cause;
use crate::denial::Denial;
use crate::state::TenantState;
use crate::state::setup::Requirement;

pub(super) fn request(state: &mut TenantState, call: &Call<'_>) -> Result<Answer, Denial> {
    let connection = state.connection(call.id(), call.now)?;
    if connection.configuration.is_none() {
        return Err(Cause::ConfigurationNotFound.into());
    }
    connection.require(&[Requirement::Setup])?;
    let answer = json!({
        "connection_id": call.id(),
        "synchronization_id": state.start_run(call.id(), call.now)?,
        "status": "pending",
    });
    Ok(Answer::json(StatusCode::CREATED, &answer))
}
