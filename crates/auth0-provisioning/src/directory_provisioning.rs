//! The directory provisioning of one connection.

use auth0_provisioning_api as api;
use auth0_transport::{Error, Response};

use futures_core::stream::BoxStream;

use crate::{
    ConnectionId, Desired, DirectoryProvisioning, DirectorySynchronization, Ensure, GroupsHandle, LastRun, MappingItem,
    Progress, SynchronizeError, Wait, missing::is_not_configured, synchronization,
};

/// The directory provisioning of one connection: [`Client::directory_provisioning`](crate::Client::directory_provisioning)
/// gives one. It holds no connection open, and is cheap to clone.
///
/// Every method fails with a 404 where the connection does not exist; its [`code`](Error::code) then is
/// [`ErrorCode::InexistentConnection`](crate::ErrorCode::InexistentConnection).
#[derive(Clone, Debug)]
pub struct DirectoryProvisioningHandle {
    pub(crate) api: api::Client,
    connection: ConnectionId,
}

impl DirectoryProvisioningHandle {
    pub(crate) fn new(api: api::Client, connection: ConnectionId) -> Self {
        Self { api, connection }
    }

    /// The connection that this is about.
    #[must_use]
    pub fn connection_id(&self) -> &ConnectionId {
        &self.connection
    }

    /// The groups that are selected for synchronization.
    #[must_use]
    pub fn groups(&self) -> GroupsHandle {
        GroupsHandle::new(self.clone())
    }

    /// Reads the configuration.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is no such connection or no configuration on it, and whatever else can
    /// befall a call: see [`ErrorKind`](crate::ErrorKind).
    pub async fn get(&self) -> Result<DirectoryProvisioning, Error> {
        self.read().await.map(Response::into_inner)
    }

    /// Reads the configuration; `None` where the connection has none.
    ///
    /// The API names the cause of a 404 only where the connection does not exist, so that any other 404 of the API
    /// counts as "no configuration", but not one of something else on the way, such as a proxy.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is no such connection, and whatever else can befall a call.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let connection = Connection::google_apps("con_0123456789abcdef");
    /// # let tenant = MockTenant::builder().connection(connection).start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// assert!(google.get_if_configured().await?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_if_configured(&self) -> Result<Option<DirectoryProvisioning>, Error> {
        match self.get().await {
            Ok(configuration) => Ok(Some(configuration)),
            Err(error) if is_not_configured(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Turns directory provisioning on. What is not set gets a default: the [default mapping](Self::default_mapping),
    /// no automatic runs, no groups.
    ///
    /// Needs the scope `create:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] where there is a configuration already. 400 where the mapping cannot be used, the
    /// connection's strategy has no directory provisioning, or its setup is incomplete. 403 where the tenant lacks the
    /// feature. And whatever else can befall a call.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let connection = Connection::google_apps("con_0123456789abcdef");
    /// # let tenant = MockTenant::builder().connection(connection).start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use auth0_provisioning::Desired;
    ///
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let created = google.create(Desired::default()).await?;
    /// assert_eq!(created.mapping, google.default_mapping().await?);
    ///
    /// let again = google.create(Desired::default()).await.unwrap_err();
    /// assert!(again.is_conflict());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, desired: Desired) -> Result<DirectoryProvisioning, Error> {
        self.named(
            self.api
                .post_directory_provisioning(
                    self.connection.as_str(),
                    &api::types::CreateDirectoryProvisioningRequest::from(desired),
                )
                .await,
        )
    }

    /// Changes what is set, and nothing else. A mapping replaces the whole mapping.
    ///
    /// Needs the scope `update:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is no configuration; otherwise as [`create`](Self::create).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use auth0_provisioning::Desired;
    ///
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let updated = google.update(Desired::default().synchronize_automatically(true)).await?;
    /// assert!(updated.synchronize_automatically);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, desired: Desired) -> Result<DirectoryProvisioning, Error> {
        self.named(
            self.api
                .patch_directory_provisioning(
                    self.connection.as_str(),
                    &api::types::UpdateDirectoryProvisioningRequest::from(desired),
                )
                .await,
        )
    }

    /// Turns directory provisioning off; the configuration and the selection of groups are gone.
    ///
    /// Needs the scope `delete:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// Whatever can befall a call: see [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// google.delete().await?;
    /// assert!(google.get_if_configured().await?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self) -> Result<(), Error> {
        self.named(self.api.delete_directory_provisioning(self.connection.as_str()).await)
    }

    /// Reads the mapping that a configuration without one of its own is created with.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is no configuration, and whatever else can befall a call.
    pub async fn default_mapping(&self) -> Result<Vec<MappingItem>, Error> {
        let answer = self.api.get_directory_provisioning_default_mapping(self.connection.as_str()).await;
        self.named(answer).map(|default| default.mapping.unwrap_or_default())
    }

    /// Requests a synchronization run, and does not wait for it:
    /// [`synchronize_and_wait`](Self::synchronize_and_wait) does.
    ///
    /// Needs the scope `create:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] where a run is under way. 400 within 30 minutes of the last completed run, or where the
    /// connection's setup is incomplete. And whatever else can befall a call.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let run = google.synchronize().await?;
    /// println!("run {} is {}", run.synchronization_id, run.status);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn synchronize(&self) -> Result<DirectorySynchronization, Error> {
        self.named(self.api.post_synchronizations(self.connection.as_str()).await)
    }

    /// Makes the configuration what it should be: creates it, updates what differs, or leaves it alone.
    ///
    /// The outcome says which, and what has changed; its `Display` is for people. A
    /// [dry run](Ensure::dry_run) has the same outcome and writes nothing. After a write the configuration is read once
    /// more. Another writer who gets in between does no harm: where it creates the configuration first, ours becomes
    /// an update; where it deletes it, ours is created anew; where it changes something else that is desired, another
    /// round sets that right; where it undoes what we wrote, the end is
    /// [`EnsureError::Overwritten`](crate::EnsureError::Overwritten). A write to the very same field, between our read
    /// and our write, is overwritten unseen: the API cannot make a write depend on `updated_at`.
    ///
    /// Needs the scopes `read:directory_provisionings` and, unless it is a dry run, `create:…` and `update:…`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use auth0_provisioning::{Desired, Outcome, SynchronizeGroups};
    ///
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let desired = Desired::default().synchronize_groups(SynchronizeGroups::Selected);
    ///
    /// let plan = google.ensure(desired.clone()).dry_run(true).await?;
    /// assert_eq!(plan.outcome.to_string(), "updated\nsynchronize_groups: selected instead of off");
    ///
    /// let done = google.ensure(desired.clone()).await?;
    /// assert_eq!(done.outcome, plan.outcome);
    /// assert_eq!(google.ensure(desired).await?.outcome, Outcome::Unchanged);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure(&self, desired: Desired) -> Ensure {
        Ensure::new(self.clone(), desired)
    }

    /// Requests a synchronization run, or joins the one that is under way, and waits until it has ended.
    ///
    /// The configuration is read every few seconds, under the same pacing as all calls; [`Wait`] says how often.
    /// [`synchronize_and_watch`](Self::synchronize_and_watch) shows the states on the way.
    ///
    /// Needs the scopes `create:directory_provisionings` and `read:directory_provisionings`. Dropping the future stops
    /// the waiting, not the run.
    ///
    /// # Errors
    ///
    /// [`SynchronizeError::Failed`] with the run's error, [`SynchronizeError::TimedOut`] with what was last seen,
    /// [`SynchronizeError::TooSoon`] with the earliest next time within 30 minutes of the last completed run, and
    /// whatever else can befall a call.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};
    /// # let at_once = Synchronization::completes_after(std::time::Duration::ZERO);
    /// # let connection = Connection::google_apps("con_0123456789abcdef").configured().synchronization(at_once);
    /// # let tenant = MockTenant::builder().connection(connection).start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use std::time::Duration;
    /// use auth0_provisioning::SynchronizeError;
    ///
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let run = google.synchronize_and_wait(Duration::from_secs(900)).await?;
    /// println!("{run}");
    ///
    /// match google.synchronize_and_wait(Duration::from_secs(900)).await {
    ///     Err(SynchronizeError::TooSoon { earliest, .. }) => println!("not before {earliest}"),
    ///     other => panic!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn synchronize_and_wait(&self, wait: impl Into<Wait> + Send) -> Result<LastRun, SynchronizeError> {
        synchronization::until_completed(self.synchronize_and_watch(wait)).await
    }

    /// Like [`synchronize_and_wait`](Self::synchronize_and_wait), and shows each state that it sees.
    ///
    /// The stream ends after [`Progress::Completed`] or after an error. The time of [`Wait`] runs from the first poll.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};
    /// # let at_once = Synchronization::completes_after(std::time::Duration::ZERO);
    /// # let connection = Connection::google_apps("con_0123456789abcdef").configured().synchronization(at_once);
    /// # let tenant = MockTenant::builder().connection(connection).start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use std::time::Duration;
    /// use futures_util::TryStreamExt;
    ///
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let mut states = google.synchronize_and_watch(Duration::from_secs(900));
    /// while let Some(state) = states.try_next().await? {
    ///     println!("{state}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn synchronize_and_watch(
        &self,
        wait: impl Into<Wait>,
    ) -> BoxStream<'static, Result<Progress, SynchronizeError>> {
        synchronization::watch(self.clone(), wait.into())
    }

    /// Reads the configuration, with what came along with it.
    pub(crate) async fn read(&self) -> Result<Response<DirectoryProvisioning>, Error> {
        let answer = self.api.get_directory_provisioning(self.connection.as_str()).await;
        answer.map_err(|error| error.with_connection_id(self.connection.as_str()))
    }

    /// The answer alone, or the error with the connection's name on it.
    pub(crate) fn named<T>(&self, answer: Result<Response<T>, Error>) -> Result<T, Error> {
        answer.map(Response::into_inner).map_err(|error| error.with_connection_id(self.connection.as_str()))
    }
}
