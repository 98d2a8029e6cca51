//! Tokens: issued with any scopes, and revoked.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::reply::{Problem, Reply, read};
use crate::scopes;
use crate::shared::Shared;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// Defaults to all scopes.
    scopes: Option<Vec<String>>,
    lifetime_seconds: Option<u64>,
}

pub(super) fn issue(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let new: NewToken = read(body)?;
    let scopes = new.scopes.unwrap_or_else(|| scopes::all().to_vec());
    let lifetime = new.lifetime_seconds.map_or(shared.token_lifetime, Duration::from_secs);
    let token = shared.issue_token(&shared.client_id, &shared.audience, &scopes, shared.clock.now(), lifetime);
    Ok(Reply::Json(json!({ "access_token": token, "scope": scopes.join(" "), "expires_in": lifetime.as_secs() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    token: String,
}

pub(super) fn revoke(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let revocation: Revocation = read(body)?;
    if shared.tokens.revoke(&revocation.token) {
        Ok(Reply::Done)
    } else {
        Err(Problem::not_acceptable("`token` is not a token of this tenant"))
    }
}

pub(super) fn revoke_all(shared: &Shared) -> Reply {
    shared.tokens.revoke_all();
    Reply::Done
}
