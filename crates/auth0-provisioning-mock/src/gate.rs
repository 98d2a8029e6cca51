//! The checks that every request to the Management API passes: rate limit, token, scope, and contract.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{AUTHORIZATION, HeaderName, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::access_token::Claims;
use crate::cause::Cause;
use crate::contract::{OperationContract, contract};
use crate::lock::lock;
use crate::operations::Operation;
use crate::operations::call::Call;
use crate::rate_limit::Quota;
use crate::rejection::Rejection;
use crate::request_line::RequestLine;
use crate::response::Response;
use crate::shared::Shared;
use crate::validation;

/// The operation whose error responses are sent for requests that select no operation of the contract.
const FALLBACK: Operation = Operation::ListSynchronizedGroups;

/// A request as it was received.
pub(crate) struct Received<'a> {
    pub(crate) line: &'a RequestLine<'a>,
    pub(crate) parts: &'a Parts,
    pub(crate) body: &'a Bytes,
    pub(crate) now: DateTime<Utc>,
}

/// Responds to a request to an operation of the Management API. `ids` are those of the path, or `None` if one of them is
/// not UTF-8.
pub(crate) fn pass(shared: &Shared, received: &Received<'_>, operation: Operation, ids: Option<&[String]>) -> Response {
    let (fits, quota) = take(shared, received);
    let outcome = if fits { carry_out(shared, received, operation, ids) } else { Err(Cause::RateLimited.into()) };
    let response = with_quota(outcome.unwrap_or_else(|rejection| reject(operation, &rejection)), quota);
    match contract().operation(operation.id()) {
        Some(contract) if shared.checks_responses => match validation::check_response(contract, &response) {
            Ok(()) => response,
            Err(deviation) => Response::fault_of_the_mock(&format!("{}: {deviation}", operation.id())),
        },
        _ => response,
    }
}

/// Sends the response of a stub, if the rate limit and the token allow it.
pub(crate) fn pass_stub(shared: &Shared, received: &Received<'_>, response: Response) -> Response {
    if !received.line.is_limited() {
        return response;
    }
    let (fits, quota) = take(shared, received);
    let outcome = if fits { claims(shared, received).map(|_| response) } else { Err(Cause::RateLimited) };
    with_quota(outcome.unwrap_or_else(|cause| reject(FALLBACK, &cause.into())), quota)
}

/// Counts the request against its rate limit, and does nothing else.
pub(crate) fn count(shared: &Shared, received: &Received<'_>) -> Response {
    if !received.line.is_limited() {
        return Response::no_content();
    }
    let (_, quota) = take(shared, received);
    with_quota(Response::no_content(), quota)
}

/// Rejects the request for a cause by its name in the contract.
pub(crate) fn reject_by_name(shared: &Shared, received: &Received<'_>, name: &str) -> Response {
    let (_, quota) = take(shared, received);
    let response = match Cause::named(name) {
        Some(cause) => reject(received.line.operation.unwrap_or(FALLBACK), &cause.into()),
        None => Response::fault_of_the_mock(&format!("the contract has no cause `{name}`")),
    };
    with_quota(response, quota)
}

/// Rejects the request as rate limited: by the tenant's own limit, or by another one with a time to wait.
pub(crate) fn rate_limited(shared: &Shared, received: &Received<'_>, retry_after_seconds: Option<u64>) -> Response {
    let (_, quota) = take(shared, received);
    let operation = received.line.operation;
    let mut response = if retry_after_seconds.is_some() || operation == Some(Operation::IssueToken) {
        let body = json!({ "error": "too_many_requests", "error_description": "Too many requests" });
        Response::json(StatusCode::TOO_MANY_REQUESTS, &body)
    } else {
        reject(operation.unwrap_or(FALLBACK), &Cause::RateLimited.into())
    };
    let Some(seconds) = retry_after_seconds else {
        return with_quota(response, Quota { remaining: 0, reset: received.now.timestamp() + 1, ..quota });
    };
    response.headers.insert(RETRY_AFTER, seconds.into());
    // The quota is that of the general limit, which has not rejected the request.
    with_quota(response, quota)
}

pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn take(shared: &Shared, received: &Received<'_>) -> (bool, Quota) {
    lock(&shared.rate_limits).take(received.line, shared.clock.precise_now())
}

fn with_quota(response: Response, quota: Quota) -> Response {
    response
        .with(HeaderName::from_static("x-ratelimit-limit"), quota.limit.into())
        .with(HeaderName::from_static("x-ratelimit-remaining"), quota.remaining.into())
        .with(HeaderName::from_static("x-ratelimit-reset"), quota.reset.into())
}

/// Returns the claims of the token, if it is valid and its application may use the Management API.
fn claims(shared: &Shared, received: &Received<'_>) -> Result<Arc<Claims>, Cause> {
    let token = bearer_token(&received.parts.headers).ok_or(Cause::InvalidToken)?;
    let claims = shared.tokens.verify(token, received.now)?;
    if lock(&shared.applications).get(claims.client_id()).is_some_and(|application| !application.is_global) {
        return Err(Cause::ClientNotGlobal);
    }
    Ok(claims)
}

/// Checks token, scope, ids, query and body, in this order, and then carries the operation out.
fn carry_out(
    shared: &Shared,
    received: &Received<'_>,
    operation: Operation,
    ids: Option<&[String]>,
) -> Result<Response, Rejection> {
    let Some(contract) = contract().operation(operation.id()) else {
        return Ok(Response::fault_of_the_mock(&format!("the contract has no operation `{}`", operation.id())));
    };
    let claims = claims(shared, received)?;
    if !contract.scopes.iter().any(|scope| claims.grants(scope)) {
        let message = format!("Insufficient scope, expected any of: {}", contract.scopes.join(","));
        return Err(Rejection::new(Cause::InsufficientScope, message));
    }
    // Reading a log event is the only operation without a 400.
    let bad_request = |rejection: Rejection| match contract.error_response(rejection.cause) {
        Some(_) => rejection,
        None => Cause::LogNotFound.into(),
    };
    let ids = ids.ok_or_else(|| bad_request(Cause::InvalidPath.into()))?;
    validation::check_ids(contract, ids)?;
    validation::check_query(contract, &received.line.query).map_err(bad_request)?;
    let body = validation::read_body(contract, &received.parts.headers, received.body)?;
    let call = Call {
        operation: operation.id(),
        ids,
        query: &received.line.query,
        body,
        claims: &claims,
        now: received.now,
        cursor_lifetime: shared.cursor_lifetime,
    };
    operation.carry_out(&mut shared.state(), &call)
}

/// Returns the error response that the contract has for the cause, with the message of the rejection if it has one.
fn reject(operation: Operation, rejection: &Rejection) -> Response {
    let contract = contract().operation(operation.id()).or_else(|| contract().operation(FALLBACK.id()));
    let known = contract.and_then(|operation: &OperationContract| operation.error_response(rejection.cause));
    let Some(known) = known else {
        let problem = format!("{} has no cause `{}` in the contract", operation.id(), rejection.cause.name());
        return Response::fault_of_the_mock(&problem);
    };
    let body = match &rejection.message {
        Some(message) => {
            let mut body = known.body.clone();
            body["message"] = message.as_str().into();
            body.to_string().into()
        }
        None => known.text.clone(),
    };
    Response::new(known.status, body)
}
