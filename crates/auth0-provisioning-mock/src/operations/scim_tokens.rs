//! `/connections/{id}/scim-configuration/tokens`: listed, created, deleted.

use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use crate::cause::Cause;
use crate::clock::later;
use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;
use crate::state::configuration::ApiTime;
use crate::state::ids;
use crate::state::scim::{ScimToken, every_scope};

#[derive(Default, Deserialize)]
struct NewToken {
    scopes: Option<Vec<String>>,
    token_lifetime: Option<u64>,
}

pub(super) fn list(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let connection = state.connection(call.id(), call.now)?;
    let configuration = connection.scim.as_mut().ok_or(Cause::ScimConfigurationNotFound)?;
    configuration.has_room(call.now);
    Ok(Response::json(StatusCode::OK, &configuration.tokens.iter().map(view).collect::<Vec<_>>()))
}

pub(super) fn create(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let new: NewToken = if call.body.is_some() { call.read_body()? } else { NewToken::default() };
    if new.token_lifetime.is_some_and(|seconds| seconds <= 900) {
        let message = "Payload validation error: 'Value has to be greater than 900' on property token_lifetime";
        return Err(Rejection::new(Cause::InvalidBody, message));
    }
    let token_id = state.new_id("tok_");
    let secret = ids::new_secret(&mut state.random, 64);
    let connection = state.connection(call.id(), call.now)?;
    let configuration = connection.scim.as_mut().ok_or(Cause::ScimConfigurationNotFound)?;
    if !configuration.has_room(call.now) {
        return Err(Cause::TooManyScimTokens.into());
    }
    let token = ScimToken {
        scopes: new.scopes.unwrap_or_else(every_scope),
        created_at: call.now,
        valid_until: new.token_lifetime.map(|seconds| later(call.now, Duration::from_secs(seconds))),
        token_id,
    };
    let mut response = view(&token);
    response["token"] = format!("{}.{secret}", token.token_id).into();
    configuration.tokens.push(token);
    Ok(Response::json(StatusCode::CREATED, &response))
}

pub(super) fn delete(state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
    let token_id = call.ids.get(1).map_or("", String::as_str);
    let connection = state.connection(call.id(), call.now)?;
    let revoked = connection.scim.as_mut().is_some_and(|configuration| configuration.revoke(token_id));
    if revoked { Ok(Response::no_content()) } else { Err(Cause::ScimTokenNotFound.into()) }
}

fn view(token: &ScimToken) -> Value {
    let mut view = json!({
        "token_id": token.token_id,
        "scopes": token.scopes,
        "created_at": ApiTime(token.created_at),
    });
    if let Some(end) = token.valid_until {
        view["valid_until"] = json!(ApiTime(end));
    }
    view
}
