//! The client of a tenant.

use auth0_provisioning_api as api;
use auth0_transport::{CallOptions, InvalidTenantDomain, Quota, Transport};

use crate::{
    ClientBuilder, ConnectionId, Cursor, DirectoryProvisioning, DirectoryProvisioningHandle, Page, Pages,
    caller::Caller,
};

/// A client of one tenant. Cheap to clone; clones share connections, token and rate limit.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) api: api::Client,
}

impl Client {
    /// Returns a builder for a client of the tenant with this domain, the canonical one or a custom one.
    ///
    /// # Errors
    ///
    /// The string is not a domain: it has a scheme, a path, a port or the like. The error says which.
    pub fn builder(domain: &str) -> Result<ClientBuilder, InvalidTenantDomain> {
        Ok(ClientBuilder::new(Transport::builder(domain.parse()?)))
    }

    /// A client on an existing transport, so that several clients share its token and rate limit.
    #[must_use]
    pub fn new(transport: Transport) -> Self {
        Self { api: api::Client::new(transport) }
    }

    /// The same client with other options, for the calls made through the returned client.
    ///
    /// ```
    /// # auth0_provisioning_examples::run(async |client| {
    /// use std::time::Duration;
    /// use auth0_provisioning::CallOptions;
    ///
    /// let impatient = client.with_options(CallOptions::new().timeout(Duration::from_secs(5)).attempts(1));
    /// let configuration = impatient.directory_provisioning(&"con_0123456789abcdef".parse()?).get().await?;
    /// # drop(configuration);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { api: api::Client::new(self.transport().with_options(options)) }
    }

    /// The calls about one connection.
    pub(crate) fn caller(&self, connection: &ConnectionId) -> Caller {
        Caller { api: self.api.clone(), connection: connection.clone() }
    }

    /// Returns the rest of the tenant's rate limit as this client knows it; `None` before the first response.
    #[must_use]
    pub fn quota(&self) -> Option<Quota> {
        self.transport().quota()
    }

    /// The transport that sends the calls. Its [`request`](Transport::request) sends raw requests, to operations that this
    /// crate does not have, with the same token, rate limit and retries.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        self.api.transport()
    }

    /// The directory provisioning of one connection. Nothing is sent yet.
    #[must_use]
    pub fn directory_provisioning(&self, connection: &ConnectionId) -> DirectoryProvisioningHandle {
        DirectoryProvisioningHandle::new(self.caller(connection))
    }

    /// Lists the configurations of all connections that have one.
    ///
    /// Needs the scope `read:directory_provisionings`. See [`Pages`] for how to read it.
    pub fn directory_provisionings(&self) -> Pages<DirectoryProvisioning> {
        let api = self.api.clone();
        Pages::new(move |from, take| {
            let api = api.clone();
            Box::pin(async move {
                let from = from.as_ref().map(Cursor::as_str);
                let page = api.get_connections_directory_provisionings(from, Some(take)).await?.into_inner();
                Ok(Page::new(page.directory_provisionings, page.next))
            })
        })
    }
}
