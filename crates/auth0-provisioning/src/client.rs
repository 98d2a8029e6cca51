//! The client: where every call starts.

use auth0_provisioning_api as api;
use auth0_transport::{InvalidTenantDomain, Transport};

use crate::{ClientBuilder, ConnectionId, DirectoryProvisioningHandle};

/// A client of one tenant. Cheap to clone; clones share connections, token and pace.
#[derive(Clone, Debug)]
pub struct Client {
    api: api::Client,
}

impl Client {
    /// Starts to set a client up for a tenant's domain, the canonical one or a custom one.
    ///
    /// # Errors
    ///
    /// The text is no domain: it has a scheme, a path, a port or the like. The error shows which.
    pub fn builder(domain: &str) -> Result<ClientBuilder, InvalidTenantDomain> {
        Ok(ClientBuilder::new(Transport::builder(domain.parse()?)))
    }

    /// A client on a transport that is there already, so that several clients share token and pace.
    #[must_use]
    pub fn new(transport: Transport) -> Self {
        Self { api: api::Client::new(transport) }
    }

    /// The transport that calls are sent through.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        self.api.transport()
    }

    /// The directory provisioning of one connection. Nothing is sent yet.
    #[must_use]
    pub fn directory_provisioning(&self, connection: &ConnectionId) -> DirectoryProvisioningHandle {
        DirectoryProvisioningHandle::new(self.api.clone(), connection.clone())
    }
}
