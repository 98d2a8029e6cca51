//! The calls about one connection.

use std::future::Future;

use auth0_provisioning_api as api;
use auth0_transport::{Error, Response};

use crate::ConnectionId;

/// The generated client, and the connection whose id errors carry.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) api: api::Client,
    pub(crate) connection: ConnectionId,
}

impl Caller {
    /// Makes a call. Its error carries the connection's id.
    pub(crate) async fn send<T>(
        &self,
        call: impl Future<Output = Result<Response<T>, Error>>,
    ) -> Result<Response<T>, Error> {
        call.await.map_err(|error| self.with_id(error))
    }

    /// Makes a call and takes the value out of the response.
    pub(crate) async fn call<T>(&self, call: impl Future<Output = Result<Response<T>, Error>>) -> Result<T, Error> {
        self.send(call).await.map(Response::into_inner)
    }

    /// The error with the connection's id.
    pub(crate) fn with_id(&self, error: Error) -> Error {
        error.with_connection_id(self.id())
    }

    pub(crate) fn id(&self) -> &str {
        self.connection.as_str()
    }

    /// The client of the connection's tenant.
    #[cfg(all(feature = "workflows", any(feature = "groups", feature = "logs")))]
    pub(crate) fn client(&self) -> crate::Client {
        crate::Client { api: self.api.clone() }
    }
}
