//! Requesting a run, or joining the one that is already running.

use std::time::Duration;

use auth0_transport::{Error, ErrorCode, ErrorKind, HeaderMap};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::sleep;

use super::{Progress, Requested, SynchronizeError, end_of_run::EndOfRun};
use crate::{DirectoryProvisioningHandle, LastRun, RunState};

/// How long after a completed run no other is accepted.
const PAUSE: TimeDelta = TimeDelta::minutes(30);

/// How often a run is requested while the answers are lost.
const MOST_REQUESTS: u32 = 3;

/// How long to wait after a lost answer, if the server does not say.
const AFTER_A_LOST_ANSWER: Duration = Duration::from_millis(500);

/// Requests a run. `requested` says at any time, also where this future is dropped, what is known of the request.
///
/// Where an answer is lost, the configuration tells whether the run was accepted: it is running, or has ended. Otherwise
/// it is requested again, and a 409 then means that it was accepted.
pub(super) async fn start(
    handle: &DirectoryProvisioningHandle,
    end: &EndOfRun,
    requested: &mut Requested,
) -> Result<Progress, SynchronizeError> {
    let mut requests = 0;
    loop {
        requests += 1;
        *requested = Requested::Unknown;
        let error = match handle.synchronize().await {
            Ok(run) => {
                *requested = Requested::Yes;
                return Ok(Progress::Started(run));
            }
            Err(error) if error.is_conflict() => {
                *requested = Requested::Yes;
                return Ok(Progress::Joined);
            }
            Err(error) => error,
        };
        let lost = error.may_have_been_processed();
        if (lost || requests > 1) && shows_a_run(handle, end).await {
            *requested = Requested::Yes;
            return Ok(Progress::Joined);
        }
        if !lost {
            *requested = Requested::No;
            return Err(if may_be_too_soon(&error) { too_soon(handle, error).await } else { error.into() });
        }
        if requests == MOST_REQUESTS {
            return Err(error.into());
        }
        sleep(error.retry_after().unwrap_or(AFTER_A_LOST_ANSWER)).await;
    }
}

async fn shows_a_run(handle: &DirectoryProvisioningHandle, end: &EndOfRun) -> bool {
    handle.get().await.is_ok_and(|configuration| end.shows_a_run(LastRun::of(&configuration).as_ref()))
}

/// The API has no known `errorCode` for the 30-minute rule, and answers incomplete setups with the same status. A 400
/// with a code of another cause is neither.
fn may_be_too_soon(error: &Error) -> bool {
    error.kind() == ErrorKind::BadRequest
        && !matches!(error.code(), Some(ErrorCode::InvalidUri | ErrorCode::InvalidBody))
}

/// The 30-minute rule, if it applies by what the configuration reports: a last run that did not fail, less than 30
/// minutes before the server's time. Any other error stays what it is.
async fn too_soon(handle: &DirectoryProvisioningHandle, error: Error) -> SynchronizeError {
    let Ok(answer) = handle.read().await else { return error.into() };
    let now = server_time(answer.headers()).unwrap_or_else(Utc::now);
    let last = LastRun::of(&answer).filter(|run| run.state != RunState::Failed);
    let earliest = last.and_then(|run| run.at).and_then(|at| at.checked_add_signed(PAUSE));
    match earliest {
        Some(earliest) if now < earliest => {
            let wait = earliest.signed_duration_since(now).to_std().unwrap_or_default();
            SynchronizeError::TooSoon { earliest, wait, source: error }
        }
        _ => error.into(),
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
