//! `GET /connections/{id}/directory-provisioning`

use http::StatusCode;

use super::Call;
use crate::answer::Answer;
use crate::cause::Cause;
use crate::state::TenantState;

pub(crate) fn get(state: &TenantState, call: &Call<'_>) -> Result<Answer, Cause> {
    let connection = state.connections.get(call.connection).ok_or(Cause::ConnectionNotFound)?;
    let view = connection.view().ok_or(Cause::ConfigurationNotFound)?;
    Ok(Answer::json(StatusCode::OK, &view))
}
