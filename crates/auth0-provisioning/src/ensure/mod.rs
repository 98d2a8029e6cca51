//! Making a configuration what it should be.

mod changes;
mod desired;
mod outcome;

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

use auth0_transport::Error;
use chrono::{DateTime, Utc};

pub use self::{
    changes::{Change, Changes},
    desired::Desired,
    outcome::{EnsureError, Ensured, Outcome},
};
use crate::{DirectoryProvisioning, DirectoryProvisioningHandle, missing::is_not_configured};

/// How often another writer may get in the way of one `ensure` before it gives up.
const ROUNDS: u32 = 3;

/// Makes a configuration what it should be, once it is awaited: [`DirectoryProvisioningHandle::ensure`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Ensure {
    handle: DirectoryProvisioningHandle,
    desired: Desired,
    dry_run: bool,
    expected: Option<DateTime<Utc>>,
}

impl Ensure {
    pub(crate) fn new(handle: DirectoryProvisioningHandle, desired: Desired) -> Self {
        Self { handle, desired, dry_run: false, expected: None }
    }

    /// Whether to write nothing: the outcome then says what would be done. `false` unless told.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// Writes only if the configuration's `updated_at` is still this one, as it was in a dry run that somebody agreed
    /// to. Otherwise the end is [`EnsureError::Modified`].
    ///
    /// The API itself cannot make a write depend on this: a writer between the check and the write, one round trip
    /// apart, stays unseen.
    pub fn if_not_updated_since(mut self, updated_at: DateTime<Utc>) -> Self {
        self.expected = Some(updated_at);
        self
    }

    async fn carry_out(self) -> Result<Ensured, EnsureError> {
        let Self { handle, desired, .. } = &self;
        let mut round = 1;
        loop {
            let found = handle.get_if_configured().await?;
            self.check_not_updated(found.as_ref())?;
            let Some(found) = found else {
                if self.dry_run {
                    return Ok(Ensured::new(Outcome::Created, None));
                }
                match handle.create(desired.clone()).await {
                    Ok(created) => return self.confirm(Outcome::Created, created).await,
                    // Somebody else has just created it: now it may need an update.
                    Err(error) if error.is_conflict() && round < ROUNDS => round += 1,
                    Err(error) => return Err(error.into()),
                }
                continue;
            };
            let changes = desired.changes_in(&found);
            if changes.is_empty() {
                return Ok(Ensured::new(Outcome::Unchanged, Some(found)));
            }
            if self.dry_run {
                return Ok(Ensured::new(Outcome::Updated(changes), Some(found)));
            }
            match handle.update(desired.only(&changes)).await {
                Ok(updated) => {
                    let undone = desired.changes_in(&updated);
                    if undone.is_empty() {
                        return self.confirm(Outcome::Updated(changes), updated).await;
                    }
                    // Between our read and our write, somebody else has changed what needed no change then.
                    if round == ROUNDS {
                        let written_at = updated.updated_at;
                        return Err(EnsureError::Overwritten { written_at, found: Some(written_at), undone });
                    }
                    round += 1;
                }
                // Somebody else has just deleted it.
                Err(error) if is_not_configured(&error) && round < ROUNDS => round += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn check_not_updated(&self, found: Option<&DirectoryProvisioning>) -> Result<(), EnsureError> {
        let Some(expected) = self.expected else { return Ok(()) };
        let found = found.map(|found| found.updated_at);
        if found == Some(expected) { Ok(()) } else { Err(EnsureError::Modified { expected, found }) }
    }

    /// Reads once more what was written. If somebody else has written since, and undone it, that is an error.
    async fn confirm(&self, outcome: Outcome, written: DirectoryProvisioning) -> Result<Ensured, EnsureError> {
        let overwritten = |found, undone| EnsureError::Overwritten { written_at: written.updated_at, found, undone };
        match self.handle.get_if_configured().await {
            Ok(None) => Err(overwritten(None, Changes::default())),
            Ok(Some(found)) => {
                let undone = self.desired.changes_in(&found);
                if undone.is_empty() {
                    return Ok(Ensured::new(outcome, Some(found)));
                }
                Err(overwritten(Some(found.updated_at), undone))
            }
            // The write succeeded; that nobody could be asked afterwards does not make it fail.
            Err(_) => Ok(Ensured::new(outcome, Some(written))),
        }
    }
}

impl IntoFuture for Ensure {
    type Output = Result<Ensured, EnsureError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.carry_out())
    }
}

impl From<Error> for EnsureError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}
