//! One request and its response.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::header::{ALLOW, DATE, HeaderValue};
use http::request::Parts;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde_json::Value;
use tokio::sync::Notify;

use crate::cursor::Cursor;
use crate::fault::{Cut, Effect, Fault};
use crate::gate::{self, Received};
use crate::lock::lock;
use crate::operations::Operation;
use crate::request_line::RequestLine;
use crate::request_log::RecordedRequest;
use crate::response::Response;
use crate::response_body::ResponseBody;
use crate::router::{Route, route};
use crate::shared::Shared;
use crate::token_endpoint;

/// The size at which the tenant stops reading a body. No request of the API needs as much.
const LARGEST_BODY: usize = 16 << 20;

/// The status in the log for a request whose connection was cut before the response.
const NO_STATUS: u16 = 0;

/// Responds to a request. A notification on `close` ends the connection after the response.
pub(crate) async fn respond(
    shared: Arc<Shared>,
    request: Request<Incoming>,
    close: Arc<Notify>,
) -> io::Result<http::Response<ResponseBody>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LARGEST_BODY).collect().await.map_err(io::Error::other)?.to_bytes();
    let method = parts.method.as_str();
    let route = route(method, parts.uri.path());
    let query = parts.uri.query().unwrap_or_default();
    let line = RequestLine::new(route.operation(), method, parts.uri.path(), query);
    #[cfg(feature = "control")]
    if let Some(response) = crate::control::respond(&shared, &parts, &line.query, &body) {
        let body = ResponseBody::whole(response.body.clone());
        return Ok(into_http(response, body));
    }
    let fault = lock(&shared.faults).take(&line).unwrap_or_else(Fault::none);
    if !fault.delay.is_zero() {
        tokio::time::sleep(fault.delay).await;
    }

    // The request takes effect after the delay.
    let now = shared.clock.now();
    let received = Received { line: &line, parts: &parts, body: &body, now };
    let mut response = match &fault.effect {
        Effect::Cut { at: Cut::BeforeRequest } => Response::no_content(),
        effect => respond_with(&shared, &route, &received, effect),
    };
    response.headers.insert(DATE, shared.date.at(now));
    fault.distort(line.operation, &mut response);
    let script = fault.script(response.body.clone(), close);
    let status = script.as_ref().map_or(NO_STATUS, |_| response.status.as_u16());
    record(&shared, now, line.operation, &parts, &body, status);
    Ok(into_http(response, script?))
}

fn into_http(response: Response, body: ResponseBody) -> http::Response<ResponseBody> {
    let mut message = http::Response::new(body);
    *message.status_mut() = response.status;
    *message.headers_mut() = response.headers;
    message
}

/// Returns the regular response, or the one of the fault.
fn respond_with(shared: &Shared, route: &Route, received: &Received<'_>, effect: &Effect) -> Response {
    let regular = || regular_response(shared, route, received, effect);
    match effect {
        Effect::Status { status, after_effect } => {
            let headers = if *after_effect { regular() } else { gate::count(shared, received) }.headers;
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let message = status.canonical_reason().unwrap_or("Error");
            Response { headers, ..Response::error(status, message, None) }
        }
        Effect::ErrorResponse { cause } => gate::reject_by_name(shared, received, cause),
        Effect::RateLimited { retry_after_seconds } => gate::rate_limited(shared, received, *retry_after_seconds),
        Effect::TokenRevoked {} => {
            if let Some(token) = gate::bearer_token(&received.parts.headers) {
                shared.tokens.revoke(token);
            }
            regular()
        }
        Effect::EmptyPage {} => without_items(regular(), route, received),
        _ => regular(),
    }
}

fn regular_response(shared: &Shared, route: &Route, received: &Received<'_>, effect: &Effect) -> Response {
    let stub = lock(&shared.stubs).iter().rev().find(|stub| stub.requests.matches(received.line)).cloned();
    if let Some(stub) = stub {
        return gate::pass_stub(shared, received, stub.response);
    }
    match route {
        Route::Operation { operation: Operation::IssueToken, .. } => {
            let expires_early = match effect {
                Effect::TokenExpiresEarly { after } => Some(*after),
                _ => None,
            };
            token_endpoint::issue(shared, received, expires_early)
        }
        Route::Operation { operation, ids } => gate::pass(shared, received, *operation, ids.as_deref()),
        Route::OtherMethods(methods) => {
            Response::error(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", None).with(ALLOW, methods.clone())
        }
        Route::Unknown => Response::error(StatusCode::NOT_FOUND, "Not Found", None),
    }
}

/// Removes the items of a page, and makes its cursor lead to the same page.
fn without_items(mut response: Response, route: &Route, received: &Received<'_>) -> Response {
    let Route::Operation { operation, ids } = route else { return response };
    let id = ids.as_ref().and_then(|ids| ids.first()).map_or("", String::as_str);
    let Ok(mut page) = serde_json::from_slice::<Value>(&response.body) else { return response };
    let Some(items) = page.as_object_mut().and_then(|page| page.values_mut().find(|value| value.is_array())) else {
        return response;
    };
    *items = Value::Array(Vec::new());
    let from = received.line.query.get("from").unwrap_or_default();
    let start = Cursor::decode(from, operation.id(), id, received.now).map(|cursor| cursor.after);
    let expires_at = received.now + TimeDelta::minutes(5);
    page["next"] = Cursor::new(operation.id(), id, start.unwrap_or_default(), expires_at).encode().into();
    response.body = page.to_string().into();
    response
}

fn record(shared: &Shared, at: DateTime<Utc>, operation: Option<Operation>, parts: &Parts, body: &Bytes, status: u16) {
    let mut log = lock(&shared.log);
    if !log.keeps_any() {
        return;
    }
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    log.push(RecordedRequest {
        at,
        operation,
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.to_vec(),
        status,
    });
}
