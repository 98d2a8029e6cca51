//! The directory provisioning of one connection.

use std::future::Future;

use auth0_transport::{Error, Response};
use futures_core::{future::BoxFuture, stream::BoxStream};

use crate::{
    ConnectionId, Desired, DirectoryProvisioning, DirectorySynchronization, Ensure, LastRun, MappingItem, Progress,
    SynchronizeError, SynchronizedGroupsHandle, Wait,
    caller::Caller,
    driven::driven,
    missing::is_not_configured,
    synchronization::{self, Mode},
    types,
};

/// The directory provisioning of one connection, from
/// [`Client::directory_provisioning`](crate::Client::directory_provisioning). Cheap to clone. Futures own what they need:
/// they are `'static` and `Send`.
///
/// Every method fails with 404 where the connection does not exist; its [`code`](Error::code) then is
/// [`ErrorCode::InexistentConnection`](crate::ErrorCode::InexistentConnection).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
/// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
/// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
/// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
/// let configuration = tokio::spawn(provisioning.get()).await??;
/// # drop(configuration);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct DirectoryProvisioningHandle {
    pub(crate) caller: Caller,
}

impl DirectoryProvisioningHandle {
    pub(crate) fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// The connection's id.
    #[must_use]
    pub fn connection_id(&self) -> &ConnectionId {
        &self.caller.connection
    }

    /// The groups that are selected for synchronization.
    #[must_use]
    pub fn groups(&self) -> SynchronizedGroupsHandle {
        SynchronizedGroupsHandle::new(self.clone())
    }

    /// Reads the configuration.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where the connection or its configuration does not exist, and any error of a call: see
    /// [`ErrorKind`](crate::ErrorKind).
    pub fn get(&self) -> impl Future<Output = Result<DirectoryProvisioning, Error>> + Send + use<> {
        let this = self.clone();
        async move { this.read().await.map(Response::into_inner) }
    }

    /// Reads the configuration; `None` where the connection has none.
    ///
    /// The API gives a 404 an `errorCode` only where the connection does not exist, so any other 404 of the API means that
    /// there is no configuration. A 404 of something else, such as a proxy, is an error.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where the connection does not exist, and any error of a call.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let connection = Connection::google_apps("con_0123456789abcdef");
    /// # let tenant = MockTenant::builder().connection(connection).start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// assert!(provisioning.get_if_configured().await?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_if_configured(
        &self,
    ) -> impl Future<Output = Result<Option<DirectoryProvisioning>, Error>> + Send + use<> {
        let get = self.get();
        async move {
            match get.await {
                Ok(configuration) => Ok(Some(configuration)),
                Err(error) if is_not_configured(&error) => Ok(None),
                Err(error) => Err(error),
            }
        }
    }

    /// Enables directory provisioning: creates the configuration. Fields that are not set get a default: the
    /// [default mapping](Self::default_mapping), no automatic runs, no groups.
    ///
    /// Needs the scope `create:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] where a configuration exists already. 400 where the mapping is invalid, the connection's
    /// strategy has no directory provisioning, or its setup is incomplete. 403 where the tenant lacks the feature. And
    /// any error of a call.
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
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let created = provisioning.create(Desired::default()).await?;
    /// assert_eq!(created.mapping, provisioning.default_mapping().await?);
    ///
    /// let again = provisioning.create(Desired::default()).await.unwrap_err();
    /// assert!(again.is_conflict());
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(
        &self,
        desired: Desired,
    ) -> impl Future<Output = Result<DirectoryProvisioning, Error>> + Send + use<> {
        let caller = self.caller.clone();
        let body = types::CreateDirectoryProvisioningRequest::from(desired);
        async move { caller.call(caller.api.post_directory_provisioning(caller.id(), &body)).await }
    }

    /// Updates the fields that are set, and nothing else. A mapping replaces the whole mapping.
    ///
    /// Needs the scope `update:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is no configuration; otherwise those of [`create`](Self::create).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use auth0_provisioning::Desired;
    ///
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let updated = provisioning.update(Desired::default().synchronize_automatically(true)).await?;
    /// assert!(updated.synchronize_automatically);
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(
        &self,
        desired: Desired,
    ) -> impl Future<Output = Result<DirectoryProvisioning, Error>> + Send + use<> {
        let caller = self.caller.clone();
        let body = types::UpdateDirectoryProvisioningRequest::from(desired);
        async move { caller.call(caller.api.patch_directory_provisioning(caller.id(), &body)).await }
    }

    /// Disables directory provisioning: deletes the configuration and the selection of groups.
    ///
    /// Needs the scope `delete:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// Any error of a call: see [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// provisioning.delete().await?;
    /// assert!(provisioning.get_if_configured().await?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete(&self) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move { caller.call(caller.api.delete_directory_provisioning(caller.id())).await }
    }

    /// Reads the mapping with which a configuration is created if none is given.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is no configuration, and any error of a call.
    pub fn default_mapping(&self) -> impl Future<Output = Result<Vec<MappingItem>, Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move {
            let default = caller.call(caller.api.get_directory_provisioning_default_mapping(caller.id())).await?;
            Ok(default.mapping.unwrap_or_default())
        }
    }

    /// Requests a synchronization run and does not wait for it; [`synchronize_and_wait`](Self::synchronize_and_wait) does.
    ///
    /// Needs the scope `create:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] where a run is requested or running. 400 within 30 minutes of the last completed run, or where
    /// the connection's setup is incomplete. And any error of a call.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let run = provisioning.synchronize().await?;
    /// println!("run {} is {}", run.synchronization_id, run.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn synchronize(&self) -> impl Future<Output = Result<DirectorySynchronization, Error>> + Send + use<> {
        let this = self.clone();
        async move { this.request_run().await.map(Response::into_inner) }
    }

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
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
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
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure(&self, desired: Desired) -> Ensure {
        Ensure::new(self.clone(), desired)
    }

    /// Requests a synchronization run, or joins the one that is running, and waits until it has ended.
    ///
    /// The configuration is read every few seconds, under the same rate limit as all calls; [`Wait`] says how often. A run
    /// has ended once `last_synchronization_at` has moved on and the status is not one that means "running".
    /// [`synchronize_and_watch`](Self::synchronize_and_watch) is a stream of the states on the way.
    ///
    /// With the feature `logs`, and a token with the scope `read:logs`, the result has a
    #[cfg_attr(feature = "logs", doc = "[`report`](LastRun::report),")]
    #[cfg_attr(not(feature = "logs"), doc = "`report`,")]
    /// also in [`SynchronizeError::Failed`]: when the run started and ended, and for which users it failed.
    ///
    /// Needs the scopes `create:directory_provisionings` and `read:directory_provisionings`. Dropping the future stops
    /// the waiting, not the run.
    ///
    /// # Errors
    ///
    /// [`SynchronizeError::Failed`] with the run's error, [`SynchronizeError::TimedOut`] with what was seen last,
    /// [`SynchronizeError::TooSoon`] with the earliest next time within 30 minutes of the last completed run, and any error
    /// of a call.
    ///
    /// [`LastRun::origin`] says whether the run that ended is the requested one. A run is known by its id in the log, and by
    /// the time of the request. Without the log, a run that failed in the seconds of the request may be another one: it is
    /// reported after 30 s without a further run, as [undecided](crate::RunOrigin::Undecided).
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
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let run = provisioning.synchronize_and_wait(Duration::from_secs(900)).await?;
    /// println!("{run}");
    ///
    /// match provisioning.synchronize_and_wait(Duration::from_secs(900)).await {
    ///     Err(SynchronizeError::TooSoon { earliest, .. }) => println!("not before {earliest}"),
    ///     other => panic!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn synchronize_and_wait(&self, wait: impl Into<Wait>) -> BoxFuture<'static, Result<LastRun, SynchronizeError>> {
        Box::pin(synchronization::until_ended(self.synchronize_and_watch(wait)))
    }

    /// Like [`synchronize_and_wait`](Self::synchronize_and_wait), as a stream of the states that it sees.
    ///
    /// The stream ends after [`Progress::Ended`] or an error. From its first poll, when the time of [`Wait`] starts, until it
    /// is dropped, a Tokio task watches the run, however often the stream is polled.
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
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let mut states = provisioning.synchronize_and_watch(Duration::from_secs(900));
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
        driven(synchronization::watch(self.clone(), wait.into(), Mode::Start))
    }

    /// Waits for the end of the next run without requesting one: the run that is running, an automatic one, or with
    /// [`Wait::ended_after`] one that has ended since. For a run of your own use
    /// [`synchronize_and_wait`](Self::synchronize_and_wait), which distinguishes it from others.
    ///
    /// Needs the scope `read:directory_provisionings`. Errors are those of
    /// [`synchronize_and_wait`](Self::synchronize_and_wait), without [`SynchronizeError::TooSoon`].
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
    /// use auth0_provisioning::Wait;
    ///
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let known = provisioning.get().await?.last_synchronization_at.unwrap_or_default();
    /// # provisioning.synchronize().await?;
    /// // Waits for the next run, and finds it also where it has ended by now.
    /// let run = provisioning.wait_for_run(Wait::at_most(Duration::from_secs(900)).ended_after(known)).await?;
    /// println!("{run}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_for_run(&self, wait: impl Into<Wait>) -> BoxFuture<'static, Result<LastRun, SynchronizeError>> {
        Box::pin(synchronization::until_ended(self.watch_run(wait)))
    }

    /// Like [`wait_for_run`](Self::wait_for_run), as a stream of the states that it sees, which ends after
    /// [`Progress::Ended`] or an error.
    pub fn watch_run(&self, wait: impl Into<Wait>) -> BoxStream<'static, Result<Progress, SynchronizeError>> {
        driven(synchronization::watch(self.clone(), wait.into(), Mode::Next))
    }

    /// Reads the configuration, with the response's headers.
    pub(crate) async fn read(&self) -> Result<Response<DirectoryProvisioning>, Error> {
        let read = self.caller.api.get_directory_provisioning(self.caller.id()).await;
        read.map_err(|error| self.caller.with_id(error))
    }

    /// Requests a run, with the response's headers.
    pub(crate) async fn request_run(&self) -> Result<Response<DirectorySynchronization>, Error> {
        let requested = self.caller.api.post_synchronizations(self.caller.id()).await;
        requested.map_err(|error| self.caller.with_id(error))
    }
}
