//! What every request to the Management API passes: the rate limit, the token, the scope, and the contract.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{AUTHORIZATION, HeaderName, RETRY_AFTER};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::access_token::Claims;
use crate::answer::Answer;
use crate::cause::Cause;
use crate::contract::{OperationContract, contract};
use crate::denial::Denial;
use crate::lock::lock;
use crate::operations::Operation;
use crate::operations::call::Call;
use crate::rate_limit::Quota;
use crate::shared::Shared;
use crate::stub::Stub;
use crate::validation;

/// A request as it came in.
pub(crate) struct Received<'a> {
    /// `None`: the tenant has no operation of this method and path.
    pub(crate) operation: Option<Operation>,
    pub(crate) parts: &'a Parts,
    pub(crate) body: &'a Bytes,
    pub(crate) now: DateTime<Utc>,
}

impl Received<'_> {
    /// Whether rate limits count it: the token endpoint, and what lies outside of the Management API, have none.
    fn is_limited(&self) -> bool {
        self.operation != Some(Operation::IssueToken) && self.parts.uri.path().starts_with("/api/v2/")
    }
}

/// Answers a request to an operation of the Management API as the API would. `ids` are those in its path; `None`: one
/// is not UTF-8.
pub(crate) fn pass(shared: &Shared, received: &Received<'_>, operation: Operation, ids: Option<&[String]>) -> Answer {
    let (fits, quota) = take(shared, received);
    let outcome = if fits { judge(shared, received, operation, ids) } else { Err(Cause::RateLimited.into()) };
    let answer = with_quota(outcome.unwrap_or_else(|denial| refuse(operation, &denial)), quota);
    match contract().operation(operation.id()) {
        Some(contract) if shared.checks_answers => match validation::answer(contract, &answer) {
            Ok(()) => answer,
            Err(breach) => Answer::fault_of_the_mock(&format!("{}: {breach}", operation.id())),
        },
        _ => answer,
    }
}

/// Answers a request as the stub says, if the rate limit and the token allow it.
pub(crate) fn pass_stub(shared: &Shared, received: &Received<'_>, stub: &Stub) -> Answer {
    if !received.is_limited() {
        return stub.answer();
    }
    let (fits, quota) = take(shared, received);
    let outcome = if fits { claims(shared, received).map(|_| stub.answer()) } else { Err(Cause::RateLimited) };
    with_quota(outcome.unwrap_or_else(|cause| refuse(UNDESCRIBED, &cause.into())), quota)
}

/// Takes the request out of the rate limit's bucket and tells what is left, and does nothing else.
pub(crate) fn count(shared: &Shared, received: &Received<'_>) -> Answer {
    if !received.is_limited() {
        return Answer::no_content();
    }
    let (_, quota) = take(shared, received);
    with_quota(Answer::no_content(), quota)
}

/// Refuses the request for a cause that has this name in the contract.
pub(crate) fn refuse_by_name(shared: &Shared, received: &Received<'_>, name: &str) -> Answer {
    let (_, quota) = take(shared, received);
    let answer = match Cause::named(name) {
        Some(cause) => refuse(received.operation.unwrap_or(UNDESCRIBED), &cause.into()),
        None => Answer::fault_of_the_mock(&format!("the contract knows no cause `{name}`")),
    };
    with_quota(answer, quota)
}

/// Refuses the request as if the rate limit were used up: the tenant's own, or another one with a time to wait.
pub(crate) fn rate_limited(shared: &Shared, received: &Received<'_>, retry_after: Option<Duration>) -> Answer {
    let (_, quota) = take(shared, received);
    let of_token_endpoint = received.operation == Some(Operation::IssueToken);
    let answer = if retry_after.is_some() || of_token_endpoint {
        let body = json!({ "error": "too_many_requests", "error_description": "Too many requests" });
        Answer::json(StatusCode::TOO_MANY_REQUESTS, &body)
    } else {
        refuse(received.operation.unwrap_or(UNDESCRIBED), &Cause::RateLimited.into())
    };
    let answer = match retry_after {
        Some(wait) => answer.with(RETRY_AFTER, wait.as_secs().into()),
        // The reset is told for another limit, and stays as it is.
        None => answer,
    };
    let spent = match retry_after {
        Some(_) => quota,
        None => Quota { remaining: 0, reset: received.now.timestamp() + 1, ..quota },
    };
    with_quota(answer, spent)
}

pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn take(shared: &Shared, received: &Received<'_>) -> (bool, Quota) {
    let target = received.parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let method = received.parts.method.as_str();
    lock(&shared.rate_limits).take(received.operation, method, target, shared.clock.precise_now())
}

fn with_quota(answer: Answer, quota: Quota) -> Answer {
    answer
        .with(HeaderName::from_static("x-ratelimit-limit"), quota.limit.into())
        .with(HeaderName::from_static("x-ratelimit-remaining"), quota.remaining.into())
        .with(HeaderName::from_static("x-ratelimit-reset"), quota.reset.into())
}

/// What the token says, if it is valid and of an application that may use the Management API.
fn claims(shared: &Shared, received: &Received<'_>) -> Result<Arc<Claims>, Cause> {
    let token = bearer_token(&received.parts.headers).ok_or(Cause::InvalidToken)?;
    let claims = shared.tokens.judge(token, received.now)?;
    if lock(&shared.applications).get(claims.client_id()).is_some_and(|application| !application.is_global) {
        return Err(Cause::ClientNotGlobal);
    }
    Ok(claims)
}

/// Checks the token, its scope and the request's form, in this order, and then lets the operation do its work.
fn judge(
    shared: &Shared,
    received: &Received<'_>,
    operation: Operation,
    ids: Option<&[String]>,
) -> Result<Answer, Denial> {
    let Some(described) = contract().operation(operation.id()) else {
        return Ok(Answer::fault_of_the_mock(&format!("the contract has no operation `{}`", operation.id())));
    };
    let claims = claims(shared, received)?;
    if !described.scopes.iter().any(|scope| claims.grants(scope)) {
        let message = format!("Insufficient scope, expected any of: {}", described.scopes.join(","));
        return Err(Denial::new(Cause::InsufficientScope, message));
    }
    let ids = ids.ok_or_else(|| unreadable(described, Cause::InvalidPath.into()))?;
    validation::ids(described, ids)?;
    let query = validation::query(described, received.parts.uri.query().unwrap_or_default())
        .map_err(|denial| unreadable(described, denial))?;
    let body = validation::body(described, &received.parts.headers, received.body)?;
    let (now, cursor_lifetime) = (received.now, shared.cursor_lifetime);
    let call = Call { operation: operation.id(), ids, query, body, claims: &claims, now, cursor_lifetime };
    operation.carry_out(&mut shared.state(), &call)
}

/// The one operation that knows no 400 reads a log event, and no event has a name that is no text.
fn unreadable(described: &OperationContract, denial: Denial) -> Denial {
    if described.refusal(denial.cause).is_some() { denial } else { Cause::LogNotFound.into() }
}

/// The operation whose refusals stand for those that the contract does not describe.
const UNDESCRIBED: Operation = Operation::ListSynchronizedGroups;

/// The contract's own words for a refusal, or words that name what was wrong.
fn refuse(operation: Operation, denial: &Denial) -> Answer {
    // The connections resource is not in the contract; what it can refuse, the list of groups can as well.
    let described = contract().operation(operation.id()).or_else(|| contract().operation(UNDESCRIBED.id()));
    let refusal = described.and_then(|operation: &OperationContract| operation.refusal(denial.cause));
    let Some(refusal) = refusal else {
        let what = format!("{} has no cause `{}` in the contract", operation.id(), denial.cause.name());
        return Answer::fault_of_the_mock(&what);
    };
    let body = match &denial.message {
        Some(message) => {
            let mut body = refusal.body.clone();
            body["message"] = message.as_str().into();
            body.to_string().into()
        }
        None => refusal.text.clone(),
    };
    Answer::new(refusal.status, body)
}
