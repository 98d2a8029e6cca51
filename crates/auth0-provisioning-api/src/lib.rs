//! The generated client of Auth0's inbound provisioning: one method for each operation, and the types of requests and
//! responses. Most programs use the crate `auth0-provisioning`, which is built on this one.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use auth0_provisioning_api::Client;
//! use auth0_transport::Transport;
//!
//! let transport = Transport::builder("tenant.eu.auth0.com".parse()?).bearer_token("token").build()?;
//! let client = Client::new(transport);
//! let configuration = client.get_directory_provisioning("con_0123456789abcdef").await?;
//! println!("{} rows", configuration.mapping.len());
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! Each of the first five features adds a module with operations and types.
//!
//! | feature                  | what it adds                                                |
//! | ------------------------ | ----------------------------------------------------------- |
//! | `directory-provisioning` | 11 operations of directory provisioning; enabled by default |
//! | `connections`            | 8 operations of connections                                 |
//! | `scim`                   | 9 operations of SCIM configurations and tokens              |
//! | `groups`                 | 7 operations of groups, members and roles                   |
//! | `logs`                   | 2 operations of log events                                  |
//! | `schemars`               | `schemars::JsonSchema` on every type                        |

#![cfg_attr(docsrs, feature(doc_cfg))]

// Generated files keep the format of the generator. The snapshots in `tests/` show their content for review.
#[cfg(feature = "connections")]
#[allow(clippy::all, clippy::pedantic, clippy::restriction, missing_docs, unused_imports)]
#[rustfmt::skip]
#[path = "generated/connections.rs"]
pub mod connections;
#[cfg(feature = "directory-provisioning")]
#[allow(clippy::all, clippy::pedantic, clippy::restriction, missing_docs, unused_imports)]
#[rustfmt::skip]
#[path = "generated/directory_provisioning.rs"]
pub mod directory_provisioning;
#[cfg(feature = "groups")]
#[allow(clippy::all, clippy::pedantic, clippy::restriction, missing_docs, unused_imports)]
#[rustfmt::skip]
#[path = "generated/groups.rs"]
pub mod groups;
#[cfg(feature = "logs")]
#[allow(clippy::all, clippy::pedantic, clippy::restriction, missing_docs, unused_imports)]
#[rustfmt::skip]
#[path = "generated/logs.rs"]
pub mod logs;
#[cfg(feature = "scim")]
#[allow(clippy::all, clippy::pedantic, clippy::restriction, missing_docs, unused_imports)]
#[rustfmt::skip]
#[path = "generated/scim.rs"]
pub mod scim;
#[allow(clippy::all, clippy::pedantic, clippy::restriction, missing_docs)]
#[rustfmt::skip]
#[path = "generated/types.rs"]
pub mod types;

#[doc(inline)]
pub use auth0_transport::codegen::values;
pub use auth0_transport::{Error, Response};

use auth0_transport::Transport;

/// The operations of the contract, one method each. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    transport: Transport,
}

impl Client {
    /// Creates a client that sends its requests through a transport. The transport handles credentials, pacing, retries and
    /// errors.
    #[must_use]
    pub fn new(transport: Transport) -> Self {
        Self { transport }
    }

    /// Returns the transport of this client.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }
}
