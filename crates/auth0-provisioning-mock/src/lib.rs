//! A mock of an Auth0 tenant for directory provisioning: a library for tests, and a program.
//!
//! [`MockTenant`] is an HTTP server on a free loopback port. It serves the operations of inbound provisioning, which are
//! directory provisioning, connections, SCIM, groups and logs, and the token endpoint.
//! It keeps state, it checks requests against the project's OpenAPI contract, and it shares no types with any client.
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
//! let response = reqwest::Client::new().get(url).bearer_auth(tenant.access_token()).send().await?;
//!
//! assert_eq!(response.status(), 200);
//! assert_eq!(tenant.requests()[0].status, 200);
//! # Ok(())
//! # }
//! ```
//!
//! # Known and assumed behaviour
//!
//! Shapes, scopes, statuses, error codes and causes are those of the contract. Where the behaviour of the API is not
//! known, the tenant does the simplest thing that a client must support:
//!
//! - The default options of a new connection are known for `google-apps`, `okta`, `waad` and `auth0`, and assumed for
//!   `oidc`. An update resets absent options to their defaults. Other strategies have no default options.
//! - SCIM is for `okta`, `oidc`, `samlp` and `waad`. The default mappings of `oidc` and `samlp` are assumed.
//! - A second SCIM configuration of one connection gets 400, and so does an unknown role.
//! - A run writes `directory_sync_started`, and then `_completed` or `_failed`. If some users fail, the others arrive
//!   and the run fails. A user who is no longer in the directory is removed.
//! - The `status` of a connection is 404 if the setup at the provider is not complete.
//! - A search of the logs has terms with fields, joined by `AND` and `OR`.
//! - A connection id is `con_` and then letters and digits. Any other id in a path gets 400.
//! - A mapping is rejected if a name in it is empty, or if it fills one user field twice.
//! - Lists are sorted by id. A cursor belongs to one list and is valid for an hour.
//! - A past run that a tenant is seeded with has brought the users and groups that the directory has at the start.
//! - A run is `pending` when it is requested. Until it ends, the configuration describes the previous run. Only
//!   completed runs start the 30 minutes in which no other run can be requested.
//! - Deleting a configuration deletes its groups and its history. Deleting a configuration that does not exist gets 204.
//! - The order of checks is: rate limit, token, scope, ids, query, body, features, connection, the rest.
//!
//! # Time
//!
//! The tenant's [`Clock`] decides everything, including the rate limit and the `Date` of responses. The clock follows tokio's
//! time, paused or not. Only the delays of faults are in tokio's time itself.
//!
//! # Features
//!
//! - `validation` checks ids, queries and bodies of requests, and bodies of responses, against the schemas of the contract.
//!   Tests of a client should enable it. It compiles `jsonschema`, which takes longer than the rest of this crate. Without
//!   it, unknown properties, wrong formats and numbers out of range are accepted. Unknown query parameters, ids of
//!   connections, media types, missing bodies and scopes are still checked.
//! - `tls` serves HTTPS, and HTTP/2 if the client chooses it.
//! - `private-key-jwt` adds public keys of applications.
//! - `control` adds the control API and the page below `/_mock/`, and seed files.
//! - `program`, enabled by default, builds the program and `replay`, and enables all of the above.

mod access_token;
mod application;
mod builder;
mod cause;
#[cfg(feature = "private-key-jwt")]
mod client_assertion;
mod clock;
mod connection;
mod connection_id;
mod contract;
#[cfg(feature = "control")]
mod control;
mod cursor;
mod exchange;
mod fault;
mod form;
mod gate;
mod http_date;
mod jwt;
mod lock;
mod log_search;
mod lucene_prefix;
mod operations;
mod persistence;
mod query;
mod rate_limit;
mod rejection;
#[cfg(feature = "program")]
pub mod replay;
mod request_line;
mod request_log;
mod request_pattern;
mod response;
mod response_body;
mod router;
mod schema;
mod scopes;
mod seconds;
#[cfg(feature = "control")]
mod seed;
mod seeding;
mod server;
mod shared;
mod start_error;
mod state;
mod stub;
mod tenant;
#[cfg(feature = "tls")]
mod tls;
mod token_endpoint;
mod token_quota;
mod validation;

pub use application::Application;
#[cfg(feature = "private-key-jwt")]
pub use application::InvalidPublicKey;
pub use builder::MockTenantBuilder;
pub use clock::Clock;
pub use connection::Connection;
pub use fault::{Cut, Fault};
pub use operations::Operation;
pub use persistence::StateError;
pub use rate_limit::RateLimit;
pub use request_log::RecordedRequest;
pub use request_pattern::RequestPattern;
#[cfg(feature = "control")]
pub use seed::SeedError;
pub use start_error::StartError;
pub use state::directory::{DirectoryGroup, DirectoryUser};
pub use state::features::Feature;
pub use state::runs::Synchronization;
pub use stub::Stub;
pub use tenant::{MockTenant, NotFound};
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
