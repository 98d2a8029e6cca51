//! `POST /oauth/token`: the client credentials grant.

use std::collections::HashMap;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::answer::Answer;
use crate::tenant::Shared;

pub(crate) fn issue(shared: &Shared, parts: &Parts, body: &Bytes, now: DateTime<Utc>) -> Answer {
    grant(shared, parts, body, now).unwrap_or_else(|refusal| refusal)
}

fn grant(shared: &Shared, parts: &Parts, body: &Bytes, now: DateTime<Utc>) -> Result<Answer, Answer> {
    let form = read(parts, body).ok_or_else(|| refusal(StatusCode::BAD_REQUEST, "invalid_request", "Invalid body"))?;
    let parameter = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if parameter("grant_type") != "client_credentials" {
        let description = format!("Unsupported grant type: {}", parameter("grant_type"));
        return Err(refusal(StatusCode::FORBIDDEN, "unsupported_grant_type", &description));
    }
    if parameter("client_id") != shared.client_id || parameter("client_secret") != shared.client_secret {
        return Err(refusal(StatusCode::UNAUTHORIZED, "access_denied", "Unauthorized"));
    }
    let audience = parameter("audience");
    if !audience.ends_with("/api/v2/") {
        let description = format!("Service not found: {audience}");
        return Err(refusal(StatusCode::FORBIDDEN, "access_denied", &description));
    }
    let scopes: Vec<String> = crate::scopes::ALL.map(String::from).into();
    let token = shared
        .tokens
        .issue(&shared.issuer, &shared.client_id, audience, &scopes, now, shared.token_lifetime)
        .map_err(|error| Answer::fault_of_the_mock(&error.to_string()))?;
    let answer = json!({
        "access_token": token,
        "scope": scopes.join(" "),
        "expires_in": shared.token_lifetime.as_secs(),
        "token_type": "Bearer",
    });
    Ok(Answer::json(StatusCode::OK, &answer))
}

fn refusal(status: StatusCode, error: &str, description: &str) -> Answer {
    Answer::json(status, &json!({ "error": error, "error_description": description }))
}

/// The parameters, sent as a form or as JSON.
fn read(parts: &Parts, body: &Bytes) -> Option<HashMap<String, String>> {
    let content_type = parts.headers.get(CONTENT_TYPE)?.to_str().ok()?.to_ascii_lowercase();
    if content_type.starts_with("application/json") {
        return serde_json::from_slice(body).ok();
    }
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().ok().map(String::from);
    let pairs = std::str::from_utf8(body).ok()?.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        })
        .collect()
}
