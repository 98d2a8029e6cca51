//! The SCIM configuration, for `ensure`.

use std::time::Duration;

use auth0_transport::Error;
use chrono::{DateTime, Utc};

use super::{ScimChanges, ScimDesired, ScimHandle};
use crate::{Ensure, deadline::Deadline, ensure::Resource, types::ScimConfiguration};

impl ScimHandle {
    /// Brings the configuration to the desired state: creates it, updates what differs, or leaves it alone.
    ///
    /// It works as [`ensure`](crate::DirectoryProvisioningHandle::ensure) of directory provisioning does, with the same
    /// outcomes and errors.
    ///
    /// Needs the scopes `read:scim_config` and, unless it is a dry run, `create:scim_config` and `update:scim_config`.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let okta = Connection::with_strategy("con_0123456789abcdef", "okta");
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(okta), async |client| {
    /// use auth0_provisioning::{Outcome, ScimDesired};
    ///
    /// let scim = client.scim(&"con_0123456789abcdef".parse()?);
    /// assert_eq!(scim.ensure(ScimDesired::default()).await?.outcome, Outcome::Created);
    ///
    /// let desired = ScimDesired::default().user_id_attribute("userName");
    /// let ensured = scim.ensure(desired).await?;
    /// assert_eq!(ensured.outcome.to_string(), "updated\nuser_id_attribute: userName instead of externalId");
    /// # Ok(()) });
    /// ```
    pub fn ensure(&self, desired: ScimDesired) -> Ensure<Self> {
        Ensure::new(self.clone(), desired)
    }
}

impl Resource for ScimHandle {
    type Desired = ScimDesired;
    type Configuration = ScimConfiguration;
    type Changes = ScimChanges;

    fn within(&self, at_most: Option<Duration>) -> (Self, Deadline) {
        let (caller, deadline) = self.caller.starting(at_most);
        (Self { caller }, deadline)
    }

    fn with_id(&self, error: Error) -> Error {
        self.caller.with_id(error)
    }

    fn validate(desired: &ScimDesired) -> Result<(), Error> {
        desired.validate().map_err(Error::invalid_request)
    }

    async fn read(&self) -> Result<Option<ScimConfiguration>, Error> {
        self.get_if_configured().await
    }

    async fn create(&self, desired: &ScimDesired) -> Result<ScimConfiguration, Error> {
        self.create(desired.clone()).await
    }

    /// The API takes the configuration as a whole.
    async fn update(
        &self,
        desired: &ScimDesired,
        present: &ScimConfiguration,
        _: &ScimChanges,
    ) -> Result<ScimConfiguration, Error> {
        self.patch(desired.update_of(present)).await
    }

    fn changes(desired: &ScimDesired, present: &ScimConfiguration) -> ScimChanges {
        ScimChanges::to_reach(desired, present)
    }

    fn updated_at(configuration: &ScimConfiguration) -> DateTime<Utc> {
        configuration.updated_on
    }

    /// A 409, or a 400 without a code.
    fn may_exist(error: &Error) -> bool {
        error.is_conflict() || error.status().is_some_and(|status| status.as_u16() == 400) && error.code().is_none()
    }
}
