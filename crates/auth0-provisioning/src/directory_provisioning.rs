//! The directory provisioning of one connection.

use auth0_provisioning_api as api;
use auth0_transport::{Error, Response};

use crate::{ConnectionId, DirectoryProvisioning};

/// The directory provisioning of one connection: [`Client::directory_provisioning`](crate::Client::directory_provisioning)
/// gives one. It holds no connection open, and is cheap to clone.
#[derive(Clone, Debug)]
pub struct DirectoryProvisioningHandle {
    api: api::Client,
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

    /// Reads the configuration.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is no such connection or no configuration on it, and whatever else can
    /// befall a call: see [`ErrorKind`](crate::ErrorKind).
    pub async fn get(&self) -> Result<DirectoryProvisioning, Error> {
        self.named(self.api.get_directory_provisioning(self.connection.as_str()).await)
    }

    /// The answer alone, or the error with the connection's name on it.
    fn named<T>(&self, answer: Result<Response<T>, Error>) -> Result<T, Error> {
        answer.map(Response::into_inner).map_err(|error| error.with_connection_id(self.connection.as_str()))
    }
}
