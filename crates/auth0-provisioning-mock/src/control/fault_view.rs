//! A fault that waits, in the shape in which it is added.

use serde_json::{Map, Value, json};

use super::pattern;
use crate::fault::distortion::Distortion;
use crate::fault::{Cut, Effect, Fault};

/// The fault as it could be added again: `times` is what is left of it.
pub(super) fn view(fault: &Fault) -> Value {
    let mut view = effect(&fault.effect);
    view["times"] = fault.left().map_or_else(|| "always".into(), Value::from);
    if !fault.delay.is_zero() {
        view["delay_seconds"] = fault.delay.as_secs_f64().into();
    }
    if !fault.headers.is_empty() {
        let headers = fault.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
        view["headers"] = headers.collect::<Map<_, _>>().into();
    }
    if let Some(requests) = fault.requests() {
        pattern::write(requests, &mut view);
    }
    view
}

fn effect(effect: &Effect) -> Value {
    match effect {
        Effect::None => json!({ "kind": "none" }),
        Effect::Cut(cut) => json!({ "kind": "cut", "at": place(*cut) }),
        Effect::Status { status, carried_out } => {
            json!({ "kind": "status", "status": status.as_u16(), "after_effect": carried_out })
        }
        Effect::ErrorResponse(cause) => json!({ "kind": "error_response", "cause": cause }),
        Effect::RateLimited { retry_after: None } => json!({ "kind": "rate_limited" }),
        Effect::RateLimited { retry_after: Some(wait) } => {
            json!({ "kind": "rate_limited", "retry_after_seconds": wait.as_secs() })
        }
        Effect::RevokeToken => json!({ "kind": "token_revoked" }),
        Effect::TokenExpiresEarly(after) => json!({ "kind": "token_expires_early", "after_seconds": after.as_secs() }),
        Effect::Truncate => json!({ "kind": "truncated_body" }),
        Effect::Body(body) => json!({ "kind": "body", "body": String::from_utf8_lossy(body) }),
        Effect::ContentType(name) => json!({ "kind": "content_type", "content_type": name }),
        Effect::Slow { pieces, pause } => {
            json!({ "kind": "slow_body", "pieces": pieces, "pause_seconds": pause.as_secs_f64() })
        }
        Effect::Distort(Distortion::UnknownEnumValues) => json!({ "kind": "unknown_enum_values" }),
        Effect::Distort(Distortion::ExtraFields) => json!({ "kind": "extra_fields" }),
        Effect::Distort(Distortion::NullsForAbsent) => json!({ "kind": "nulls_for_absent" }),
        Effect::Distort(Distortion::NextCursor(cursor)) => json!({ "kind": "next_cursor", "cursor": cursor }),
        Effect::EmptyPage => json!({ "kind": "empty_page" }),
    }
}

fn place(cut: Cut) -> &'static str {
    match cut {
        Cut::BeforeRequest => "before_request",
        Cut::BeforeResponse => "before_response",
        Cut::WithinResponse => "within_response",
        Cut::AfterResponse => "after_response",
    }
}
