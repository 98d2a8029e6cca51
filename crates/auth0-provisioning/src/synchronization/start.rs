//! Requesting a run, or joining the one that is already running.

use auth0_transport::{Error, ErrorCode, ErrorKind, HeaderMap};
use chrono::{DateTime, TimeDelta, Utc};

use super::{Requested, SynchronizeError, end_of_run::EndOfRun};
use crate::{
    DirectoryProvisioningHandle, LastRun, RunState,
    deadline::{AFTER_A_LOST_RESPONSE, Deadline},
    types::DirectorySynchronization,
};

/// How long after a completed run no other is accepted.
const PAUSE: TimeDelta = TimeDelta::minutes(30);

/// How often a run is requested while the responses are lost.
const MOST_REQUESTS: u32 = 3;

/// What became of a request for a run.
pub(super) enum Start {
    /// It was accepted, at this time of the server.
    Accepted(DirectorySynchronization, Option<DateTime<Utc>>),
    /// A run is requested or running already. It may be ours where the response to our request was lost.
    Joined { may_be_ours: bool },
}

/// Requests a run. `requested` says at any time, also where this future is dropped, what is known of the request.
///
/// Where a response is lost, the configuration shows whether the run was accepted: it is running, or has ended. Otherwise
/// it is requested again, and a 409 then means that it was accepted.
pub(super) async fn start(
    handle: &DirectoryProvisioningHandle,
    end: &EndOfRun,
    deadline: Deadline,
    requested: &mut Requested,
) -> Result<Start, SynchronizeError> {
    let mut requests = 0;
    loop {
        requests += 1;
        *requested = Requested::Unknown;
        let error = match handle.request_run().await {
            Ok(response) => {
                *requested = Requested::Yes;
                let accepted_at = server_time(response.headers());
                return Ok(Start::Accepted(response.into_inner(), accepted_at));
            }
            Err(error) if error.is_conflict() => {
                *requested = Requested::Yes;
                return Ok(Start::Joined { may_be_ours: requests > 1 });
            }
            Err(error) => error,
        };
        let lost = error.may_have_been_processed();
        if (lost || requests > 1) && shows_a_run(handle, end).await {
            *requested = Requested::Yes;
            return Ok(Start::Joined { may_be_ours: true });
        }
        if !lost {
            *requested = Requested::No;
            return Err(if may_be_too_soon(&error) {
                too_soon(handle, error).await
            } else {
                SynchronizeError::Call(error)
            });
        }
        if requests == MOST_REQUESTS || !deadline.wait_after(&error, AFTER_A_LOST_RESPONSE).await {
            return Err(SynchronizeError::Call(error));
        }
    }
}

async fn shows_a_run(handle: &DirectoryProvisioningHandle, end: &EndOfRun) -> bool {
    handle.get().await.is_ok_and(|configuration| end.shows_a_run(LastRun::of(&configuration).as_ref()))
}

/// The API has no known `errorCode` for the 30-minute rule, and refuses incomplete setups with the same status. A 400 with a
/// code of another cause, or a message about the setup, is not about the rule.
fn may_be_too_soon(error: &Error) -> bool {
    let message = error.message().unwrap_or_default().to_lowercase();
    error.kind() == ErrorKind::BadRequest
        && !matches!(error.code(), Some(ErrorCode::InvalidUri | ErrorCode::InvalidBody))
        && !["setup", "set up", "incomplete", "enabled", "disabled", "consent"]
            .iter()
            .any(|word| message.contains(word))
}

/// The 30-minute rule, if it applies by what the configuration reports: a last run that did not fail, less than 30
/// minutes before the server's time. Any other error stays what it is.
async fn too_soon(handle: &DirectoryProvisioningHandle, error: Error) -> SynchronizeError {
    let Ok(response) = handle.read().await else { return SynchronizeError::Call(error) };
    let now = server_time(response.headers()).unwrap_or_else(Utc::now);
    let last = LastRun::of(&response).filter(|run| run.state != RunState::Failed);
    let earliest = last.and_then(|run| run.at).and_then(|at| at.checked_add_signed(PAUSE));
    match earliest {
        Some(earliest) if now < earliest => {
            let wait = earliest.signed_duration_since(now).to_std().unwrap_or_default();
            SynchronizeError::TooSoon { earliest, wait, source: error }
        }
        _ => SynchronizeError::Call(error),
    }
}

/// The server's clock: the `Date` header, in whole seconds.
pub(crate) fn server_time(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let date = headers.get("date")?.to_str().ok()?;
    DateTime::parse_from_rfc2822(date).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_header_is_parsed() {
        let headers =
            HeaderMap::from_iter([("date".parse().unwrap(), "Tue, 05 May 2026 12:03:35 GMT".parse().unwrap())]);
        assert_eq!(server_time(&headers).unwrap().to_rfc3339(), "2026-05-05T12:03:35+00:00");
        assert_eq!(server_time(&HeaderMap::new()), None);
    }
}
