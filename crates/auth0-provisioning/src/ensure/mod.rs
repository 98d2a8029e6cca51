//! Bringing configurations to a desired state.

mod changes;
mod desired;
mod error;
mod file;
mod many;
mod outcome;
mod rounds;

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

use chrono::{DateTime, Utc};

use self::rounds::Rounds;
pub use self::{
    changes::{Change, Changes},
    desired::{Desired, InvalidDesired},
    error::EnsureError,
    many::EnsureAll,
    outcome::{Ensured, Outcome},
};
use crate::{DirectoryProvisioning, DirectoryProvisioningHandle};

/// Brings a configuration to a desired state when it is awaited: [`DirectoryProvisioningHandle::ensure`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Ensure {
    handle: DirectoryProvisioningHandle,
    desired: Desired,
    dry_run: bool,
    expected: Option<DateTime<Utc>>,
    present: Present,
    confirm: bool,
}

/// What is known of the present configuration.
#[derive(Clone, Debug)]
enum Present {
    /// Nothing yet.
    Unread,
    /// It was read; `None` where there is none.
    Read(Option<Box<DirectoryProvisioning>>),
}

impl Ensure {
    pub(crate) fn new(handle: DirectoryProvisioningHandle, desired: Desired) -> Self {
        Self { handle, desired, dry_run: false, expected: None, present: Present::Unread, confirm: true }
    }

    /// Writes nothing; the outcome says what would be done. Defaults to `false`.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// Writes only if the configuration's `updated_at` is still this one, for example that of a dry run which somebody
    /// approved. Otherwise it ends with [`EnsureError::Modified`]. Not checked by default.
    ///
    /// The API has no conditional write: another writer between the check and the write, one round trip apart, is not
    /// noticed.
    pub fn if_not_updated_since(mut self, updated_at: DateTime<Utc>) -> Self {
        self.expected = Some(updated_at);
        self
    }

    /// Starts from a configuration that was read already, and does not read it again after a write.
    fn starting_from(mut self, present: Present) -> Self {
        self.present = present;
        self.confirm = false;
        self
    }
}

impl IntoFuture for Ensure {
    type Output = Result<Ensured, EnsureError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let present = std::mem::replace(&mut self.present, Present::Unread);
            Box::pin(Rounds::new(&self).run(present)).await
        })
    }
}
