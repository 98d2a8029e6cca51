//! Read, compare, write: a SCIM configuration brought to a desired state.

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

use auth0_transport::Error;

use super::{EnsureScimError, ScimChanges, ScimDesired, ScimEnsured, ScimHandle, ScimOutcome};
use crate::types::ScimConfiguration;

/// How many writes are tried before it gives up.
const MOST_WRITES: u32 = 3;

/// Brings a SCIM configuration to a desired state when it is awaited: [`ScimHandle::ensure`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct EnsureScim {
    handle: ScimHandle,
    desired: ScimDesired,
    dry_run: bool,
}

/// What was done so far.
#[derive(Default)]
struct Work {
    done: ScimOutcome,
    writes: u32,
    /// A write whose answer was lost, and the failure.
    lost: Option<(ScimOutcome, Error)>,
    /// A write that was refused, perhaps because another writer was faster, and whether there was a configuration before.
    refused: Option<(Error, bool)>,
    /// Why the last write did nothing, where another writer was faster.
    overtaken: Option<Error>,
}

impl EnsureScim {
    pub(super) fn new(handle: ScimHandle, desired: ScimDesired) -> Self {
        Self { handle, desired, dry_run: false }
    }

    /// Writes nothing; the outcome says what would be done. Defaults to `false`.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    async fn run(self) -> Result<ScimEnsured, EnsureScimError> {
        let Self { handle, desired, dry_run } = &self;
        let mut work = Work::default();
        if let Err(invalid) = desired.validate() {
            return Err(work.failed(handle.caller.with_id(Error::invalid_request(invalid))));
        }
        loop {
            let present = match handle.get_if_configured().await {
                Ok(present) => present,
                Err(error) => return Err(work.failed(error)),
            };
            if let Some((error, was_there)) = work.refused.take() {
                if was_there == present.is_some() {
                    return Err(work.failed(error));
                }
                work.overtaken = Some(error);
            }
            let failure = work.settle_lost_write(present.as_ref(), desired);
            let changes = present.as_ref().map(|present| ScimChanges::to_reach(desired, present));
            if changes.as_ref().is_some_and(ScimChanges::is_empty) {
                return Ok(ScimEnsured { outcome: work.done, configuration: present });
            }
            let outcome = changes.map_or(ScimOutcome::Created, ScimOutcome::of);
            if *dry_run {
                return Ok(ScimEnsured { outcome, configuration: present });
            }
            if work.writes == MOST_WRITES {
                return Err(work.exhausted(failure, present.as_ref(), desired));
            }
            work.writes += 1;
            work.overtaken = None;
            let written = match &present {
                Some(present) => handle.patch(desired.update_of(present)).await,
                None => handle.create(desired.clone()).await,
            };
            match written {
                Ok(configuration) => {
                    work.done.add(outcome);
                    let ignored = ScimChanges::to_reach(desired, &configuration);
                    if ignored.is_empty() {
                        return Ok(ScimEnsured { outcome: work.done, configuration: Some(configuration) });
                    }
                    return Err(EnsureScimError::Ignored { done: work.done, ignored: ignored.into() });
                }
                Err(error) if error.may_have_been_processed() => work.lost = Some((outcome, error)),
                Err(error) if may_be_overtaken(&error, present.is_some()) => {
                    work.refused = Some((error, present.is_some()));
                }
                Err(error) => return Err(work.failed(error)),
            }
        }
    }
}

/// Whether another writer may have been faster, which the read that follows tells: the configuration that was there is gone,
/// or the one that was not there has been created, which is a 409, or a 400 without a code.
fn may_be_overtaken(error: &Error, was_there: bool) -> bool {
    if was_there {
        return crate::missing::is_not_configured(error);
    }
    error.is_conflict() || error.status().is_some_and(|status| status.as_u16() == 400) && error.code().is_none()
}

impl Work {
    fn failed(&mut self, source: Error) -> EnsureScimError {
        let lost = self.lost.take().map(|(lost, _)| lost);
        EnsureScimError::Call { source, done: std::mem::take(&mut self.done), lost }
    }

    /// Decides by the present configuration whether a write whose answer was lost was processed; if not, with its failure.
    fn settle_lost_write(&mut self, present: Option<&ScimConfiguration>, desired: &ScimDesired) -> Option<Error> {
        let (outcome, failure) = self.lost.take()?;
        if present.is_some_and(|present| ScimChanges::to_reach(desired, present).is_empty()) {
            self.done.add(outcome);
            return None;
        }
        Some(failure)
    }

    fn exhausted(
        mut self,
        failure: Option<Error>,
        present: Option<&ScimConfiguration>,
        desired: &ScimDesired,
    ) -> EnsureScimError {
        if let Some(failure) = failure.or_else(|| self.overtaken.take()) {
            return self.failed(failure);
        }
        let ignored = present.map(|present| ScimChanges::to_reach(desired, present)).unwrap_or_default();
        EnsureScimError::Ignored { done: self.done, ignored: ignored.into() }
    }
}

impl IntoFuture for EnsureScim {
    type Output = Result<ScimEnsured, EnsureScimError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
