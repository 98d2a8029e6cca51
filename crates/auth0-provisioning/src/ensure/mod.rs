//! Bringing configurations to a desired state.

mod changes;
mod directory;
mod error;
mod many;
mod outcome;
mod resource;
mod rounds;

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
    time::Duration,
};

use chrono::{DateTime, Utc};

pub(crate) use self::resource::{Differences, Resource};
use self::rounds::Rounds;
pub use self::{
    changes::{Change, Changes},
    error::EnsureError,
    many::EnsureAll,
    outcome::{Ensured, Outcome},
};
use crate::DirectoryProvisioningHandle;

/// Brings a configuration to a desired state when it is awaited: [`DirectoryProvisioningHandle::ensure`], and `ensure` of
/// SCIM.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Ensure<R: Resource = DirectoryProvisioningHandle> {
    handle: R,
    desired: R::Desired,
    dry_run: bool,
    at_most: Option<Duration>,
    expected: Option<DateTime<Utc>>,
    present: Present<R::Configuration>,
    confirms: bool,
    creates: bool,
}

/// The present configuration, as far as it is known.
#[derive(Clone, Debug)]
enum Present<T> {
    /// Nothing yet.
    Unread,
    /// It was read; `None` where there is none.
    Read(Option<Box<T>>),
}

impl<R: Resource> Ensure<R> {
    pub(crate) fn new(handle: R, desired: R::Desired) -> Self {
        Self {
            handle,
            desired,
            dry_run: false,
            at_most: None,
            expected: None,
            present: Present::Unread,
            confirms: true,
            creates: true,
        }
    }

    /// Writes nothing; the outcome contains the changes that would be made. Defaults to `false`.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// How long it may take, with all its calls and waits. Defaults to [`Timeouts::workflow`](crate::Timeouts::workflow).
    ///
    /// It ends at once where the server asks to wait for longer than is left.
    pub fn at_most(mut self, time: Duration) -> Self {
        self.at_most = Some(time);
        self
    }

    /// Writes only if the configuration was last written to at this time, for example that of a dry run which was
    /// approved. Otherwise it ends with [`EnsureError::Modified`]. Not checked by default.
    ///
    /// The API has no conditional write: another writer between the check and the write, one round trip apart, is not
    /// noticed.
    pub fn if_not_updated_since(mut self, updated_at: DateTime<Utc>) -> Self {
        self.expected = Some(updated_at);
        self
    }

    /// Starts from a configuration that was read already, and does not read it again after a write.
    fn starting_from(mut self, present: Present<R::Configuration>) -> Self {
        self.present = present;
        self.confirms = false;
        self
    }

    /// Creates no configuration; where there is none, it ends with [`EnsureError::Deleted`].
    fn of_existing(mut self) -> Self {
        self.creates = false;
        self
    }
}

impl<R: Resource> IntoFuture for Ensure<R> {
    type Output = Result<Ensured<R::Configuration, R::Changes>, EnsureError<R::Changes>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let (handle, deadline) = self.handle.within(self.at_most);
            self.handle = handle;
            let present = std::mem::replace(&mut self.present, Present::Unread);
            Rounds::new(&self, deadline).run(present).await
        })
    }
}
