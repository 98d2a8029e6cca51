//! An Auth0 tenant in a box for directory provisioning: a library for tests, and a program.
//!
//! [`MockTenant`] is an HTTP server on a free loopback port that answers the 11 operations of inbound directory
//! provisioning, the token endpoint, and as much of the connections resource as it takes to look connections up.
//! It keeps state, it judges requests by the project's OpenAPI contract, and it shares no types with any client.
//!
//! ```
//! use auth0_provisioning_mock::{Connection, MockTenant};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let tenant = MockTenant::builder()
//!     .connection(Connection::google_apps("con_0123456789abcdef").name("acme-workspace").configured())
//!     .start()
//!     .await?;
//!
//! let url = format!("{}/api/v2/connections/con_0123456789abcdef/directory-provisioning", tenant.base_url());
//! let answer = reqwest::Client::new().get(url).bearer_auth(tenant.access_token()).send().await?;
//!
//! assert_eq!(answer.status(), 200);
//! assert_eq!(tenant.requests()[0].status, 200);
//! # Ok(())
//! # }
//! ```

mod access_token;
mod answer;
mod answer_body;
mod application;
mod builder;
mod cause;
mod client_assertion;
mod clock;
mod connection;
mod contract;
mod cursor;
mod default_mapping;
mod denial;
mod exchange;
mod fault;
mod gate;
mod lucene_prefix;
mod operation;
mod operations;
mod persistence;
mod query;
mod rate_limit;
#[cfg(feature = "program")]
pub mod replay;
mod request_log;
mod router;
mod scopes;
mod server;
mod state;
mod tenant;
#[cfg(feature = "tls")]
mod tls;
mod token_endpoint;
mod token_quota;
mod validation;

pub use application::{Application, InvalidPublicKey};
pub use builder::{MockTenantBuilder, StartError};
pub use clock::Clock;
pub use connection::Connection;
pub use fault::{Cut, Fault};
pub use operation::Operation;
pub use persistence::StateError;
pub use rate_limit::RateLimit;
pub use request_log::RecordedRequest;
pub use state::features::Feature;
pub use state::runs::Synchronization;
pub use tenant::{MockTenant, NotFound};
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
