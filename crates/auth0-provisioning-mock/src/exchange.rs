//! One request and its response.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::header::{ALLOW, DATE, HeaderValue};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tokio::sync::Notify;

use crate::answer::Answer;
use crate::answer_body::AnswerBody;
use crate::cursor::Cursor;
use crate::fault::{Cut, Effect, Fault};
use crate::gate::{self, Received};
use crate::lock::lock;
use crate::operations::Operation;
use crate::request_log::RecordedRequest;
use crate::router::{Route, route};
use crate::shared::Shared;
use crate::token_endpoint;

/// More than any request needs; a body beyond it is not read to its end.
const LARGEST_BODY: usize = 16 << 20;

/// The status that the log has for a request whose connection was cut before the response.
const NO_STATUS: u16 = 0;

pub(crate) async fn respond(
    shared: Arc<Shared>,
    request: Request<Incoming>,
    close: Arc<Notify>,
) -> io::Result<Response<AnswerBody>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LARGEST_BODY).collect().await.map_err(io::Error::other)?.to_bytes();
    #[cfg(feature = "control")]
    if let Some(answer) = crate::control::answer(&shared, &parts, &body) {
        return Ok(sent(answer.status, answer.headers, AnswerBody::whole(answer.body)));
    }
    let route = route(parts.method.as_str(), parts.uri.path());
    let operation = match route {
        Route::Operation { operation, .. } => Some(operation),
        _ => None,
    };
    let fault = lock(&shared.faults).draw(operation, parts.method.as_str(), target(&parts));
    let fault = fault.unwrap_or_else(Fault::none);
    if !fault.delay.is_zero() {
        tokio::time::sleep(fault.delay).await;
    }

    // After the wait: that is when the request is carried out.
    let now = shared.clock.now();
    let mut answer = match &fault.effect {
        Effect::Cut(Cut::BeforeRequest) => Answer::no_content(),
        _ => answer(&shared, &route, &parts, &body, &fault, now),
    };
    answer.headers.insert(DATE, shared.date.at(now));
    fault.distort(operation, &mut answer);
    let script = fault.script(answer.body, close);
    record(&shared, now, operation, &parts, body, script.as_ref().map_or(NO_STATUS, |_| answer.status.as_u16()));
    Ok(sent(answer.status, answer.headers, script?))
}

/// The path, and the query if there is one.
fn target(parts: &Parts) -> &str {
    parts.uri.path_and_query().map_or("/", PathAndQuery::as_str)
}

fn sent(status: StatusCode, headers: HeaderMap, body: AnswerBody) -> Response<AnswerBody> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Returns the right response, or the one of the fault.
fn answer(shared: &Shared, route: &Route, parts: &Parts, body: &Bytes, fault: &Fault, now: DateTime<Utc>) -> Answer {
    let operation = match route {
        Route::Operation { operation, .. } => Some(*operation),
        _ => None,
    };
    let received = Received { operation, parts, body, now };
    let right = || right_answer(shared, route, &received, &fault.effect);
    match &fault.effect {
        Effect::Status { status, carried_out } => {
            let headers = if *carried_out { right() } else { gate::count(shared, &received) }.headers;
            let message = status.canonical_reason().unwrap_or("Error");
            Answer { headers, ..Answer::error(*status, message, None) }
        }
        Effect::Refusal(name) => gate::refuse_by_name(shared, &received, name),
        Effect::RateLimited { retry_after } => gate::rate_limited(shared, &received, *retry_after),
        Effect::RevokeToken => {
            if let Some(token) = gate::bearer_token(&parts.headers) {
                shared.tokens.revoke(token);
            }
            right()
        }
        Effect::EmptyPage => emptied(right(), route, &received),
        _ => right(),
    }
}

fn right_answer(shared: &Shared, route: &Route, received: &Received<'_>, effect: &Effect) -> Answer {
    let Received { parts, body, now, .. } = *received;
    let stub = {
        let (method, path) = (parts.method.as_str(), target(parts));
        let stubs = lock(&shared.stubs);
        stubs.iter().rev().find(|stub| stub.matches(received.operation, method, path)).cloned()
    };
    if let Some(stub) = stub {
        return gate::pass_stub(shared, received, &stub);
    }
    match (route, effect) {
        (Route::Operation { operation: Operation::IssueToken, .. }, Effect::TokenExpiresEarly(after)) => {
            token_endpoint::issue(shared, parts, body, now, Some(*after))
        }
        (Route::Operation { operation: Operation::IssueToken, .. }, _) => {
            token_endpoint::issue(shared, parts, body, now, None)
        }
        (Route::Operation { operation, ids }, _) => gate::pass(shared, received, *operation, ids.as_deref()),
        (Route::OtherMethods(methods), _) => {
            Answer::error(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", None).with(ALLOW, methods.clone())
        }
        (Route::Unknown, _) => Answer::error(StatusCode::NOT_FOUND, "Not Found", None),
    }
}

/// The page without its items, and with a cursor that leads to where it started.
fn emptied(mut answer: Answer, route: &Route, received: &Received<'_>) -> Answer {
    let Route::Operation { operation, ids } = route else { return answer };
    let id = ids.as_ref().and_then(|ids| ids.first()).map_or("", String::as_str);
    let Ok(mut page) = serde_json::from_slice::<serde_json::Value>(&answer.body) else { return answer };
    let query = crate::query::parameters(received.parts.uri.query().unwrap_or_default()).unwrap_or_default();
    let from = query.into_iter().find(|(name, _)| name == "from").map(|(_, from)| from).unwrap_or_default();
    let start = Cursor::decode(&from, operation.id(), id, received.now).map(|cursor| cursor.after);
    let Some(items) = page.as_object_mut().and_then(|page| page.values_mut().find(|value| value.is_array())) else {
        return answer;
    };
    *items = serde_json::Value::Array(Vec::new());
    let soon = received.now + TimeDelta::minutes(5);
    let next = Cursor::new(operation.id(), id, start.unwrap_or_default(), soon);
    page["next"] = next.encode().into();
    answer.body = page.to_string().into();
    answer
}

fn record(shared: &Shared, at: DateTime<Utc>, operation: Option<Operation>, parts: &Parts, body: Bytes, status: u16) {
    let mut log = lock(&shared.log);
    if !log.keeps_any() {
        return;
    }
    // Nearly every value is UTF-8, which is found out faster than what is not is replaced.
    let text = |value: &HeaderValue| match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(value.as_bytes()).into_owned(),
    };
    log.push(RecordedRequest {
        at,
        operation,
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.into(),
        status,
    });
}
