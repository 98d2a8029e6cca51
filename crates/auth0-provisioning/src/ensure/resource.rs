//! The operations that `ensure` needs of a configuration.

use std::{fmt, future::Future, time::Duration};

use auth0_transport::Error;
use chrono::{DateTime, Utc};

use crate::deadline::Deadline;

/// A configuration of a connection that is read, created and updated.
pub trait Resource: Clone + Send + Sync + 'static {
    /// The desired state.
    type Desired: Clone + Send + Sync + for<'a> From<&'a Self::Configuration>;
    /// The state that the tenant has.
    type Configuration: Clone + Send + Sync;
    /// The differences between the two.
    type Changes: Differences;

    /// Starts a deadline, by which the calls of the returned handle end.
    fn within(&self, at_most: Option<Duration>) -> (Self, Deadline);

    /// The error with the id of the connection.
    fn with_id(&self, error: Error) -> Error;

    /// Checks what the API would reject.
    fn validate(desired: &Self::Desired) -> Result<(), Error>;

    /// Reads the configuration; `None` where there is none.
    fn read(&self) -> impl Future<Output = Result<Option<Self::Configuration>, Error>> + Send;

    /// Creates the configuration.
    fn create(&self, desired: &Self::Desired) -> impl Future<Output = Result<Self::Configuration, Error>> + Send;

    /// Writes the changes, and the fields that the API would otherwise reset.
    fn update(
        &self,
        desired: &Self::Desired,
        present: &Self::Configuration,
        changes: &Self::Changes,
    ) -> impl Future<Output = Result<Self::Configuration, Error>> + Send;

    /// Returns the changes from a configuration to its desired state.
    fn changes(desired: &Self::Desired, present: &Self::Configuration) -> Self::Changes;

    /// When the configuration was last written to.
    fn updated_at(configuration: &Self::Configuration) -> DateTime<Utc>;

    /// Whether a creation may have failed because another writer was faster.
    fn may_exist(error: &Error) -> bool {
        error.is_conflict()
    }
}

/// Fields that differ.
pub trait Differences: Clone + Default + PartialEq + fmt::Debug + fmt::Display + Send + Sync {
    /// Those that concern a field in which `others` differ too.
    #[must_use]
    fn of_fields_in(self, others: &Self) -> Self;

    /// These and then `later` ones, as one difference.
    #[must_use]
    fn followed_by(self, later: Self) -> Self;

    /// Returns the differences that undo these.
    #[must_use]
    fn reversed(&self) -> Self;
}
