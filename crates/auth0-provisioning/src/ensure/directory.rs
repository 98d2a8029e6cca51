//! The configuration of directory provisioning, for `ensure`.

use std::time::Duration;

use auth0_transport::Error;
use chrono::{DateTime, Utc};

use super::{Changes, Ensure, Resource};
use crate::{Desired, DirectoryProvisioning, DirectoryProvisioningHandle, deadline::Deadline};

impl DirectoryProvisioningHandle {
    /// Brings the configuration to the desired state: creates it, updates what differs, or leaves it alone.
    ///
    /// The outcome says what was done over all writes; its `Display` is for people. A [dry run](Ensure::dry_run) has the
    /// same outcome, rejects the same invalid states, and writes nothing. After a write the configuration is read again.
    ///
    /// All of it ends within [15 minutes](Ensure::at_most). Where the response to a write is lost (none came, or a 5xx), a
    /// read shows whether it was processed. One that was not is written again if it was sent only once, as a creation is;
    /// there are at most three writes in all.
    ///
    /// Other writers: where another one creates the configuration first, ours becomes an update; where it deletes it, ours
    /// is created again; where it changes another desired field, a second write corrects that; where it undoes our write,
    /// the result is [`EnsureError::Overwritten`](crate::EnsureError::Overwritten). A change of the same field
    /// between our read and our write is overwritten without notice: the API has no conditional write. Fields that the
    /// tenant accepts and does not apply are reported as [`EnsureError::Ignored`](crate::EnsureError::Ignored).
    ///
    /// Needs the scopes `read:directory_provisionings` and, unless it is a dry run, `create:…` and `update:…`.
    ///
    /// ```
    /// # auth0_provisioning_examples::run(async |client| {
    /// use auth0_provisioning::{Desired, Outcome, SynchronizeGroups};
    ///
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let desired = Desired::default().synchronize_groups(SynchronizeGroups::Selected);
    ///
    /// let plan = provisioning.ensure(desired.clone()).dry_run(true).await?;
    /// assert_eq!(plan.outcome.to_string(), "updated\nsynchronize_groups: selected instead of off");
    ///
    /// let done = provisioning.ensure(desired.clone()).await?;
    /// assert_eq!(done.outcome, plan.outcome);
    /// assert_eq!(provisioning.ensure(desired).await?.outcome, Outcome::Unchanged);
    /// # Ok(()) });
    /// ```
    pub fn ensure(&self, desired: Desired) -> Ensure {
        Ensure::new(self.clone(), desired)
    }
}

impl Resource for DirectoryProvisioningHandle {
    type Desired = Desired;
    type Configuration = DirectoryProvisioning;
    type Changes = Changes;

    fn within(&self, at_most: Option<Duration>) -> (Self, Deadline) {
        let (caller, deadline) = self.caller.starting(at_most);
        (Self { caller }, deadline)
    }

    fn with_id(&self, error: Error) -> Error {
        self.caller.with_id(error)
    }

    fn validate(desired: &Desired) -> Result<(), Error> {
        desired.validate().map_err(Error::invalid_request)
    }

    async fn read(&self) -> Result<Option<DirectoryProvisioning>, Error> {
        self.get_if_configured().await
    }

    async fn create(&self, desired: &Desired) -> Result<DirectoryProvisioning, Error> {
        self.create(desired.clone()).await
    }

    async fn update(
        &self,
        desired: &Desired,
        _: &DirectoryProvisioning,
        changes: &Changes,
    ) -> Result<DirectoryProvisioning, Error> {
        self.update(desired.only(changes)).await
    }

    fn changes(desired: &Desired, present: &DirectoryProvisioning) -> Changes {
        desired.changes_in(present)
    }

    fn updated_at(configuration: &DirectoryProvisioning) -> DateTime<Utc> {
        configuration.updated_at
    }
}
