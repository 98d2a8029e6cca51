//! What every request to the Management API passes: the rate limit, the token, the scope, and the contract.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{AUTHORIZATION, HeaderName, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::answer::Answer;
use crate::builder::is_connection_id;
use crate::cause::Cause;
use crate::contract::{OperationContract, contract};
use crate::denial::Denial;
use crate::operation::Operation;
use crate::operations::{self, Call};
use crate::rate_limit::Quota;
use crate::tenant::{Shared, lock};
use crate::{query, scopes, validation};

/// A request to a known operation, as it came in.
pub(crate) struct Received<'a> {
    pub(crate) operation: Operation,
    /// `None`: the id in the path is not UTF-8.
    pub(crate) connection: Option<&'a str>,
    pub(crate) parts: &'a Parts,
    pub(crate) body: &'a Bytes,
    pub(crate) now: DateTime<Utc>,
}

/// Answers the request as the API would.
pub(crate) fn pass(shared: &Shared, received: &Received<'_>) -> Answer {
    let (fits, quota) = take(shared);
    let outcome = if fits { judge(shared, received) } else { Err(Cause::RateLimited.into()) };
    let answer = outcome.unwrap_or_else(|denial| refuse(received.operation, &denial));
    let answer = with_quota(answer, quota);
    match contract().operation(received.operation) {
        Some(contract) if shared.checks_answers => match validation::answer(contract, &answer) {
            Ok(()) => answer,
            Err(breach) => Answer::fault_of_the_mock(&format!("{}: {breach}", received.operation.id())),
        },
        _ => answer,
    }
}

/// Takes the request out of the rate limit's bucket and tells what is left, and does nothing else.
pub(crate) fn count(shared: &Shared, received: &Received<'_>) -> Answer {
    if received.operation == Operation::IssueToken {
        return Answer::no_content();
    }
    let (_, quota) = take(shared);
    with_quota(Answer::no_content(), quota)
}

/// Refuses the request for a cause that has this name in the contract.
pub(crate) fn refuse_by_name(shared: &Shared, received: &Received<'_>, name: &str) -> Answer {
    let (_, quota) = take(shared);
    let answer = match Cause::ALL.into_iter().find(|cause| cause.name() == name) {
        Some(cause) => refuse(received.operation, &cause.into()),
        None => Answer::fault_of_the_mock(&format!("the contract knows no cause `{name}`")),
    };
    with_quota(answer, quota)
}

/// Refuses the request as if the rate limit were used up: the tenant's own, or another one with a time to wait.
pub(crate) fn rate_limited(shared: &Shared, received: &Received<'_>, retry_after: Option<Duration>) -> Answer {
    let (_, quota) = take(shared);
    let of_token_endpoint = received.operation == Operation::IssueToken;
    let answer = if retry_after.is_some() || of_token_endpoint {
        let body = json!({ "error": "too_many_requests", "error_description": "Too many requests" });
        Answer::json(StatusCode::TOO_MANY_REQUESTS, &body)
    } else {
        refuse(received.operation, &Cause::RateLimited.into())
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

fn take(shared: &Shared) -> (bool, Quota) {
    let mut bucket = lock(&shared.bucket);
    bucket.take(shared.clock.precise_now())
}

fn with_quota(answer: Answer, quota: Quota) -> Answer {
    answer
        .with(HeaderName::from_static("x-ratelimit-limit"), quota.limit.into())
        .with(HeaderName::from_static("x-ratelimit-remaining"), quota.remaining.into())
        .with(HeaderName::from_static("x-ratelimit-reset"), quota.reset.into())
}

/// Checks the token, its scope and the request's form, in this order, and then lets the operation do its work.
fn judge(shared: &Shared, received: &Received<'_>) -> Result<Answer, Denial> {
    let operation = received.operation;
    let described = contract().operation(operation);
    let token = bearer_token(&received.parts.headers).ok_or(Cause::InvalidToken)?;
    let claims = shared.tokens.judge(token, received.now)?;
    if shared.applications.get(claims.client_id()).is_some_and(|application| !application.is_global) {
        return Err(Cause::ClientNotGlobal.into());
    }
    let scope = described.map_or(scopes::READ_CONNECTIONS, |described| described.scope.as_str());
    if !claims.grants(scope) {
        let message = format!("Insufficient scope, expected any of: {scope}");
        return Err(Denial::new(Cause::InsufficientScope, message));
    }
    let connection = received.connection.ok_or(Cause::InvalidPath)?;
    let is_list = matches!(operation, Operation::ListConfigurations | Operation::ListConnections);
    if !is_list && !is_connection_id(connection) {
        return Err(Cause::InvalidPath.into());
    }
    let text = received.parts.uri.query().unwrap_or_default();
    let (query, body) = match described {
        Some(described) => {
            (validation::query(described, text)?, validation::body(described, &received.parts.headers, received.body)?)
        }
        None => (query::parameters(text).ok_or(Cause::InvalidQuery)?, None),
    };
    operations::carry_out(shared, &Call { operation, connection, query, body, now: received.now })
}

/// The contract's own words for a refusal, or words that name what was wrong.
fn refuse(operation: Operation, denial: &Denial) -> Answer {
    // The connections resource is not in the contract; what it can refuse, the list of groups can as well.
    let described = contract().operation(operation).or_else(|| contract().operation(Operation::ListSynchronizedGroups));
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
