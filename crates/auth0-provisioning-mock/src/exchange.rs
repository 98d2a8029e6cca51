//! One request and its answer, from the wire to the wire.

use std::io;
use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{ALLOW, AUTHORIZATION, DATE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tokio::sync::Notify;

use crate::access_token::Claims;
use crate::answer::Answer;
use crate::answer_body::AnswerBody;
use crate::cause::Cause;
use crate::contract::{OperationContract, contract};
use crate::operation::Operation;
use crate::operations::{self, Call};
use crate::rate_limit::Quota;
use crate::request_log::RecordedRequest;
use crate::router::{Route, route};
use crate::tenant::Shared;
use crate::{scopes, token_endpoint};

/// More than any request needs; a body beyond it is not read to its end.
const LARGEST_BODY: usize = 16 << 20;

pub(crate) async fn respond(
    shared: Arc<Shared>,
    request: Request<Incoming>,
    _close: Arc<Notify>,
) -> Result<Response<AnswerBody>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LARGEST_BODY).collect().await.map_err(io::Error::other)?.to_bytes();
    let now = shared.clock.now();
    let route = route(parts.method.as_str(), parts.uri.path());
    let operation = match route {
        Route::Operation { operation, .. } => Some(operation),
        _ => None,
    };

    let mut answer = match &route {
        Route::Operation { operation: Operation::IssueToken, .. } => token_endpoint::issue(&shared, &parts, &body, now),
        Route::Operation { operation, connection } => {
            limited(&shared, *operation, connection.as_deref(), &parts, &body, now)
        }
        Route::OtherMethods(methods) => Answer::error(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", None)
            .with(ALLOW, HeaderValue::from_static(methods)),
        Route::Unknown => Answer::error(StatusCode::NOT_FOUND, "Not Found", None),
    };
    if let Ok(date) = HeaderValue::try_from(now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
        answer.headers.insert(DATE, date);
    }

    record(&shared, operation, &parts, body, answer.status.as_u16());
    let mut response = Response::new(AnswerBody::whole(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

/// Takes the request out of the rate limit's bucket, and answers it if it fits.
fn limited(
    shared: &Shared,
    operation: Operation,
    connection: Option<&str>,
    parts: &Parts,
    body: &Bytes,
    now: DateTime<Utc>,
) -> Answer {
    let (fits, quota) = {
        let mut bucket = shared.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        bucket.take(shared.clock.precise_now())
    };
    let answer = if fits {
        judged(shared, operation, connection, parts, body, now)
    } else {
        refuse(operation, Cause::RateLimited)
    };
    with_quota(answer, quota)
}

fn with_quota(answer: Answer, quota: Quota) -> Answer {
    answer
        .with(HeaderName::from_static("x-ratelimit-limit"), quota.limit.into())
        .with(HeaderName::from_static("x-ratelimit-remaining"), quota.remaining.into())
        .with(HeaderName::from_static("x-ratelimit-reset"), quota.reset.into())
}

/// Checks the token, its scope and the request's form, and then lets the operation do its work.
fn judged(
    shared: &Shared,
    operation: Operation,
    connection: Option<&str>,
    parts: &Parts,
    _body: &Bytes,
    now: DateTime<Utc>,
) -> Answer {
    let outcome = (|| {
        let claims = authenticate(shared, parts, now)?;
        let contract = contract().operation(operation);
        let scope = contract.map_or(scopes::READ_CONNECTIONS, |contract| contract.scope.as_str());
        if !claims.scope.split(' ').any(|granted| granted == scope) {
            return Err(Cause::InsufficientScope);
        }
        let connection = connection.ok_or(Cause::InvalidPath)?;
        operations::carry_out(shared, Call { operation, connection, now })
    })();
    outcome.unwrap_or_else(|cause| refuse(operation, cause))
}

fn authenticate(shared: &Shared, parts: &Parts, now: DateTime<Utc>) -> Result<Claims, Cause> {
    let value = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or(Cause::InvalidToken)?;
    let (scheme, token) = value.split_once(' ').ok_or(Cause::InvalidToken)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Cause::InvalidToken);
    }
    shared.tokens.judge(token.trim(), now)
}

/// The contract's own words for a refusal.
fn refuse(operation: Operation, cause: Cause) -> Answer {
    // The connections resource is not in the contract; what it shares with the operations there, it borrows.
    let described = contract().operation(operation).or_else(|| contract().operation(Operation::GetConfiguration));
    match described.and_then(|operation: &OperationContract| operation.refusal(cause)) {
        Some(refusal) => match StatusCode::from_u16(refusal.status) {
            Ok(status) => Answer::new(status, refusal.text.clone()),
            Err(error) => Answer::fault_of_the_mock(&error.to_string()),
        },
        None => Answer::fault_of_the_mock(&format!("{} knows no cause {}", operation.id(), cause.name())),
    }
}

fn record(shared: &Shared, operation: Option<Operation>, parts: &Parts, body: Bytes, status: u16) {
    let mut log = shared.log.lock().unwrap_or_else(PoisonError::into_inner);
    if !log.keeps_any() {
        return;
    }
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    log.push(RecordedRequest {
        operation,
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.into(),
        status,
    });
}
