//! Rust client for Auth0's inbound directory provisioning: users and groups that come from an outside directory.
//! Unofficial; not an Auth0 product.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
//! # let (origin, token) = (tenant.base_url().to_owned(), tenant.access_token().to_owned());
//! use auth0_provisioning::{Client, ConnectionId};
//!
//! let client = Client::builder("tenant.eu.auth0.com")?
//!     .bearer_token(token)
//! #   .base_url(origin)
//!     .build()?;
//! let connection: ConnectionId = "con_0123456789abcdef".parse()?;
//! let configuration = client.directory_provisioning(&connection).get().await?;
//! println!("{} is filled from {}", configuration.connection_name, configuration.strategy);
//! # Ok(())
//! # }
//! ```

mod builder;
mod client;
mod connection_id;
mod directory_provisioning;

pub use auth0_provisioning_api::types;
pub use auth0_transport::{
    Error, ErrorCode, ErrorKind, InvalidTenantDomain, SecretString, StatusCode, TenantDomain, Transport,
};

pub use crate::{
    builder::ClientBuilder,
    client::Client,
    connection_id::{ConnectionId, InvalidConnectionId},
    directory_provisioning::DirectoryProvisioningHandle,
    types::{DirectoryProvisioning, SynchronizeGroups},
};
