//! The directory provisioning of one connection.

use std::future::Future;

use auth0_transport::{Error, Response};

use crate::{
    ConnectionId, Desired, DirectoryProvisioning, MappingItem, SynchronizedGroupsHandle, caller::Caller,
    missing::if_configured, types::DirectorySynchronization,
};

/// The directory provisioning of one connection, from
/// [`Client::directory_provisioning`](crate::Client::directory_provisioning). Cheap to clone. Futures own what they need:
/// they are `'static` and `Send`.
///
/// Every method fails with 404 where the connection does not exist; its [`code`](Error::code) then is
/// [`ErrorCode::InexistentConnection`](crate::ErrorCode::InexistentConnection). Every method can fail with any error of a call:
/// see [`ErrorKind`](crate::ErrorKind).
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
    pub fn get_if_configured(
        &self,
    ) -> impl Future<Output = Result<Option<DirectoryProvisioning>, Error>> + Send + use<> {
        let get = self.get();
        async move { if_configured(get.await) }
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
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let connection = Connection::google_apps("con_0123456789abcdef");
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(connection), async |client| {
    /// use auth0_provisioning::Desired;
    ///
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let created = provisioning.create(Desired::default()).await?;
    /// assert_eq!(created.mapping, provisioning.default_mapping().await?);
    ///
    /// let again = provisioning.create(Desired::default()).await.unwrap_err();
    /// assert!(again.is_conflict());
    /// # Ok(()) });
    /// ```
    pub fn create(
        &self,
        desired: Desired,
    ) -> impl Future<Output = Result<DirectoryProvisioning, Error>> + Send + use<> {
        let caller = self.caller.clone();
        let body = desired.creation();
        async move { caller.call(caller.api.post_directory_provisioning(caller.id(), &body)).await }
    }

    /// Updates the fields that are set, and nothing else. A mapping replaces the whole mapping.
    ///
    /// Needs the scope `update:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is no configuration; otherwise those of [`create`](Self::create).
    pub fn update(
        &self,
        desired: Desired,
    ) -> impl Future<Output = Result<DirectoryProvisioning, Error>> + Send + use<> {
        let caller = self.caller.clone();
        let body = desired.update();
        async move { caller.call(caller.api.patch_directory_provisioning(caller.id(), &body)).await }
    }

    /// Disables directory provisioning: deletes the configuration and the selection of groups.
    ///
    /// Needs the scope `delete:directory_provisionings`.
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

    /// Requests a synchronization run and does not wait for its end.
    ///
    /// Needs the scope `create:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] where a run is requested or running. 400 within 30 minutes of the last completed run, or where
    /// the connection's setup is incomplete. And any error of a call.
    pub fn synchronize(&self) -> impl Future<Output = Result<DirectorySynchronization, Error>> + Send + use<> {
        let this = self.clone();
        async move { this.request_run().await.map(Response::into_inner) }
    }

    /// Reads the configuration, with the response's headers.
    pub(crate) async fn read(&self) -> Result<Response<DirectoryProvisioning>, Error> {
        self.caller.send(self.caller.api.get_directory_provisioning(self.caller.id())).await
    }

    /// Requests a run, with the response's headers.
    pub(crate) async fn request_run(&self) -> Result<Response<DirectorySynchronization>, Error> {
        self.caller.send(self.caller.api.post_synchronizations(self.caller.id())).await
    }
}
