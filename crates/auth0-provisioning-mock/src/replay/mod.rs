//! Repeats recorded calls with a tenant that is seeded with their connections.

mod caller;
mod comparison;
mod error;
mod ids;
mod learning;
mod recording;
mod seeding;

use serde_json::Value;

pub use error::ReplayError;
pub use recording::{Recording, RecordingError};

use crate::fault::Fault;
use crate::operations::Operation;
use crate::router::{Route, route};
use crate::tenant::MockTenant;
use caller::Caller;
use ids::Ids;

/// The result of one recorded call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The status and the body are equal, except for ids, times and generated secrets.
    Equal,
    /// The same, after the tenant learned these defaults from the recording.
    EqualWithLearned(Vec<String>),
    /// The differences.
    Different(Vec<String>),
    /// The call was skipped, for this reason.
    Skipped(&'static str),
}

/// Repeats the recorded calls in order, and compares the responses.
///
/// # Errors
///
/// The tenant does not start, or does not respond.
pub async fn replay(recordings: &[Recording]) -> Result<Vec<Verdict>, ReplayError> {
    let tenant = seeding::tenant(recordings).await?;
    let mut caller = Caller::connect(&tenant).await?;
    let mut ids = Ids::default();
    let mut verdicts = Vec::with_capacity(recordings.len());
    for recording in recordings {
        verdicts.push(repeat(&tenant, &mut caller, &mut ids, recording).await?);
    }
    Ok(verdicts)
}

async fn repeat(
    tenant: &MockTenant,
    caller: &mut Caller,
    known: &mut Ids,
    recording: &Recording,
) -> Result<Verdict, ReplayError> {
    let path = known.in_path(&recording.path);
    let Route::Operation { operation, ids } = route(&recording.method, path.split('?').next().unwrap_or_default())
    else {
        return Ok(Verdict::Skipped("the tenant does not serve this"));
    };
    if operation == Operation::IssueToken {
        return Ok(Verdict::Skipped("tokens are the tenant's own"));
    }
    if recording.status >= 500 {
        return Ok(Verdict::Skipped("errors of a server cannot be repeated"));
    }
    let recorded: Option<Value> = serde_json::from_str(&recording.response).ok();
    seeding::let_time_pass(tenant, recording, operation, first(ids.as_deref()));
    let learned = learning::prepare(tenant, operation, first(ids.as_deref()), recording);
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
    let request = recording.request.as_ref().map(|body| known.in_body(body));
    let (status, body) = caller.call(&recording.method, &path, token.as_deref(), request.as_deref()).await?;
    learning::forget(tenant);

    let received: Option<Value> = serde_json::from_slice(&body).ok();
    if let (Some(recorded), Some(received)) = (&recorded, &received)
        && (200..300).contains(&status)
    {
        known.learn(recorded, received);
    }
    let mut differences = Vec::new();
    if status != recording.status {
        differences.push(format!("status: recorded {}, received {status}", recording.status));
    }
    match (recorded, received) {
        (Some(recorded), Some(received)) => comparison::differences(&recorded, &received, known, "", &mut differences),
        _ if recording.response.as_bytes() == body => {}
        _ => {
            let received = String::from_utf8_lossy(&body);
            differences.push(format!("body: recorded {:?}, received {received:?}", recording.response));
        }
    }
    Ok(match (differences.is_empty(), learned.is_empty()) {
        (false, _) => Verdict::Different(differences),
        (true, true) => Verdict::Equal,
        (true, false) => Verdict::EqualWithLearned(learned),
    })
}

fn first(ids: Option<&[String]>) -> &str {
    ids.and_then(|ids| ids.first()).map_or("", String::as_str)
}
