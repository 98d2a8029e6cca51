//! `GET /connections/{id}/directory-provisioning/default-mapping`

use http::StatusCode;
use serde_json::json;

use super::call::Call;
use crate::cause::Cause;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;
use crate::state::default_mapping::default_mapping;
use crate::state::features::Feature;

pub(super) fn get(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    state.features.require(Feature::DirectoryProvisioning)?;
    let connection = state.connection(call.id(), call.now)?;
    connection.require_strategy()?;
    if connection.configuration.is_none() {
        return Err(Cause::ConfigurationNotFound.into());
    }
    Ok(Response::json(StatusCode::OK, &json!({ "mapping": default_mapping() })))
}
