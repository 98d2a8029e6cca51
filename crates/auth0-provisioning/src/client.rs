//! The client: where every call starts.

use auth0_provisioning_api as api;
use auth0_transport::{CallOptions, InvalidTenantDomain, Quota, Transport};

use crate::{ClientBuilder, ConnectionId, Cursor, DirectoryProvisioning, DirectoryProvisioningHandle, Page, Pages};

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

    /// The same client, with something different about the calls made through what is returned.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use std::time::Duration;
    /// use auth0_provisioning::CallOptions;
    ///
    /// let hasty = client.with_options(CallOptions::new().timeout(Duration::from_secs(5)).attempts(1));
    /// let configuration = hasty.directory_provisioning(&"con_0123456789abcdef".parse()?).get().await?;
    /// # drop(configuration);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self::new(self.transport().with_options(options))
    }

    /// What is left of the tenant's rate limit, as far as this client knows; `None` before the first answer.
    #[must_use]
    pub fn quota(&self) -> Option<Quota> {
        self.transport().quota()
    }

    /// The transport that calls are sent through. Its [`request`](Transport::request) calls operations that this crate
    /// does not wrap, with the same token, pace and retries.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        self.api.transport()
    }

    /// The directory provisioning of one connection. Nothing is sent yet.
    #[must_use]
    pub fn directory_provisioning(&self, connection: &ConnectionId) -> DirectoryProvisioningHandle {
        DirectoryProvisioningHandle::new(self.api.clone(), connection.clone())
    }

    /// Lists the configurations of all connections that have one.
    ///
    /// Needs the scope `read:directory_provisionings`. [`Pages`] shows how it is read.
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
