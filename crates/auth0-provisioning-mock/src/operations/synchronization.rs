//! `POST /connections/{id}/directory-provisioning/synchronizations`

use http::StatusCode;
use serde_json::json;

use super::Call;
use crate::answer::Answer;
use crate::cause::Cause;
use crate::denial::Denial;
use crate::state::TenantState;
use crate::state::setup::Requirement;

pub(super) fn request(state: &mut TenantState, call: &Call<'_>) -> Result<Answer, Denial> {
    let connection = state.connection(call.connection, call.now)?;
    if connection.configuration.is_none() {
        return Err(Cause::ConfigurationNotFound.into());
    }
    connection.setup.require(&[Requirement::Setup])?;
    connection.runs.request(call.now)?;
    let answer = json!({
        "connection_id": call.connection,
        "synchronization_id": state.new_id("sync_"),
        "status": "pending",
    });
    Ok(Answer::json(StatusCode::CREATED, &answer))
}
