//! Replays recorded calls against a tenant that is seeded with the connections they name.

mod caller;
mod comparison;
mod error;
mod recording;
mod seeding;

use std::collections::HashMap;

use serde_json::Value;

pub use error::ReplayError;
pub use recording::{Recording, RecordingError};

use crate::fault::Fault;
use crate::operations::Operation;
use crate::router::{Route, route};
use crate::tenant::MockTenant;
use caller::Caller;

/// How one recorded call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The recorded status and an equal body, ids and times aside.
    Equal,
    /// What was different, a line each.
    Different(Vec<String>),
    /// The call was not made, for this reason.
    Skipped(&'static str),
}

/// Makes the recorded calls in their order, and compares the answers.
///
/// # Errors
///
/// The tenant does not start, or does not answer.
pub async fn replay(recordings: &[Recording]) -> Result<Vec<Verdict>, ReplayError> {
    let tenant = seeding::tenant(recordings).await?;
    let mut caller = Caller::connect(&tenant).await?;
    let mut cursors = HashMap::new();
    let mut verdicts = Vec::with_capacity(recordings.len());
    for recording in recordings {
        verdicts.push(repeat(&tenant, &mut caller, &mut cursors, recording).await?);
    }
    Ok(verdicts)
}

async fn repeat(
    tenant: &MockTenant,
    caller: &mut Caller,
    cursors: &mut HashMap<String, String>,
    recording: &Recording,
) -> Result<Verdict, ReplayError> {
    let Route::Operation { operation, ids } = route(&recording.method, recording.path_alone()) else {
        return Ok(Verdict::Skipped("the tenant does not serve this"));
    };
    if operation == Operation::IssueToken {
        return Ok(Verdict::Skipped("tokens are the tenant's own"));
    }
    if recording.status >= 500 {
        return Ok(Verdict::Skipped("no rule leads to a server's error"));
    }
    let recorded: Option<Value> = serde_json::from_str(&recording.response).ok();
    seeding::let_time_pass(tenant, recording, operation, first(ids.as_deref()));
    if recording.status == 429 {
        tenant.fault(Fault::rate_limited());
    }
    let token = match recording.status {
        401 => None,
        403 if recorded.as_ref().is_some_and(|body| body["errorCode"] == "insufficient_scope") => {
            Some(tenant.token_with_scopes(&[]))
        }
        _ => Some(tenant.access_token().to_owned()),
    };
    let path = with_own_cursor(&recording.path, cursors);
    let (status, body) = caller.call(&recording.method, &path, token.as_deref(), recording.request.as_deref()).await?;

    let answered: Option<Value> = serde_json::from_slice(&body).ok();
    let next = |body: &Option<Value>| body.as_ref()?.get("next")?.as_str().map(String::from);
    if let (Some(theirs), Some(ours)) = (next(&recorded), next(&answered)) {
        cursors.insert(theirs, ours);
    }
    let mut differences = Vec::new();
    if status != recording.status {
        differences.push(format!("status: recorded {}, answered {status}", recording.status));
    }
    match (recorded, answered) {
        (Some(recorded), Some(answered)) => comparison::differences(&recorded, &answered, "", &mut differences),
        _ if recording.response.as_bytes() == body => {}
        _ => {
            let answered = String::from_utf8_lossy(&body);
            differences.push(format!("body: recorded {:?}, answered {answered:?}", recording.response));
        }
    }
    Ok(if differences.is_empty() { Verdict::Equal } else { Verdict::Different(differences) })
}

fn first(ids: Option<&[String]>) -> &str {
    ids.and_then(|ids| ids.first()).map_or("", String::as_str)
}

/// The path with the tenant's own cursor in place of the recorded one, so that it leads to the same page.
fn with_own_cursor(path: &str, cursors: &HashMap<String, String>) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let parameters = query.split('&').map(|pair| match pair.strip_prefix("from=") {
        Some(from) => {
            let decoded = crate::query::parameters(pair).and_then(|pairs| pairs.into_iter().next());
            let theirs = decoded.map(|(_, value)| value).unwrap_or_default();
            format!("from={}", cursors.get(&theirs).map_or(from, String::as_str))
        }
        None => pair.to_owned(),
    });
    format!("{path}?{}", parameters.collect::<Vec<_>>().join("&"))
}
