//! The configuration of directory provisioning, for `ensure`.

use std::time::Duration;

use auth0_transport::Error;
use chrono::{DateTime, Utc};

use super::{Changes, Desired, Resource};
use crate::{DirectoryProvisioning, DirectoryProvisioningHandle, deadline::Deadline};

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

    fn between(before: &DirectoryProvisioning, after: &DirectoryProvisioning) -> Changes {
        Changes::between(before, after)
    }

    fn updated_at(configuration: &DirectoryProvisioning) -> DateTime<Utc> {
        configuration.updated_at
    }
}
