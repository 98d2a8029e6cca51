//! Starting a run, or joining the one that is under way.

use auth0_transport::{Error, ErrorCode, ErrorKind, HeaderMap};
use chrono::{DateTime, TimeDelta, Utc};

use super::{Progress, SynchronizeError};
use crate::{DirectoryProvisioningHandle, LastRun, RunState};

/// How long after a completed run no other may be started.
const PAUSE: TimeDelta = TimeDelta::minutes(30);

pub(super) async fn start(handle: &DirectoryProvisioningHandle) -> Result<Progress, SynchronizeError> {
    match handle.synchronize().await {
        Ok(run) => Ok(Progress::Started(run)),
        Err(error) if error.is_conflict() => Ok(Progress::Joined),
        Err(error) if may_be_too_soon(&error) => Err(too_soon(handle, error).await),
        Err(error) => Err(error.into()),
    }
}

/// The API gives the 30-minute rule no `errorCode` that is known, and incomplete setups are answered with the same
/// status: only a 400 for one of the known causes is none of both.
fn may_be_too_soon(error: &Error) -> bool {
    error.kind() == ErrorKind::BadRequest
        && !matches!(error.code(), Some(ErrorCode::InvalidUri | ErrorCode::InvalidBody))
}

/// The rule, if the configuration tells that it applies: a last run, not a failed one, less than 30 minutes before the
/// server's time. Any other refusal stays what it is.
async fn too_soon(handle: &DirectoryProvisioningHandle, refusal: Error) -> SynchronizeError {
    let Ok(answer) = handle.read().await else { return refusal.into() };
    let now = server_time(answer.headers()).unwrap_or_else(Utc::now);
    match LastRun::of(&answer) {
        Some(LastRun { at: Some(at), state, .. }) if state != RunState::Failed && now < at + PAUSE => {
            SynchronizeError::TooSoon { earliest: at + PAUSE, source: refusal }
        }
        _ => refusal.into(),
    }
}

/// What the server's clock says: the `Date` header, whole seconds.
fn server_time(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let date = headers.get("date")?.to_str().ok()?;
    DateTime::parse_from_rfc2822(date).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_header_is_understood() {
        let headers =
            HeaderMap::from_iter([("date".parse().unwrap(), "Tue, 05 May 2026 12:03:35 GMT".parse().unwrap())]);
        assert_eq!(server_time(&headers).unwrap().to_rfc3339(), "2026-05-05T12:03:35+00:00");
        assert_eq!(server_time(&HeaderMap::new()), None);
    }
}
