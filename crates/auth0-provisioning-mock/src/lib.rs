//! An Auth0 tenant in a box for directory provisioning: a library for tests, and a program.
//!
//! [`MockTenant`] is an HTTP server on a free loopback port that responses the operations of inbound provisioning, which are
//! directory provisioning, connections, SCIM, groups and logs, and the token endpoint.
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
//! let response = reqwest::Client::new().get(url).bearer_auth(tenant.access_token()).send().await?;
//!
//! assert_eq!(response.status(), 200);
//! assert_eq!(tenant.requests()[0].status, 200);
//! # Ok(())
//! # }
//! ```
//!
//! # What is known of the API, and what was chosen
//!
//! The shapes, scopes, statuses, error codes and causes are those of the contract. Where nothing is known, the tenant
//! does the simplest thing that a client should get along with:
//!
//! - What a tenant adds to the options of a new connection is known for `google-apps`, `okta`, `waad` and `auth0`, and
//!   guessed for `oidc`. Options that a change leaves out get their defaults again. Other strategies get none.
//! - SCIM is for `okta`, `oidc`, `samlp` and `waad`; the default mappings of `oidc` and `samlp` are guessed.
//! - A second SCIM configuration of one connection gets 400, and a role that nobody knows gets 400.
//! - A run writes `directory_sync_started`, and then `_completed` or `_failed`. Where single users fail, the others arrive
//!   and the run has failed. A user who is gone from the directory is removed.
//! - `status` of a connection is 404 where the setup of the other side is not complete.
//! - A search of the logs is terms with fields, joined by `AND` and `OR`.
//! - A connection id is `con_` and then letters and digits; any other in a path is refused with 400.
//! - A mapping cannot be used if a name in it is empty, or if it feeds one user field twice.
//! - Lists are in the order of ids. A cursor belongs to one list and lasts an hour.
//! - A run of the past that a tenant is seeded with has brought what the directory holds at the start.
//! - A run is `pending` when it is requested. While it is under way, the configuration tells of the run before it.
//!   Only completed runs start the 30 minutes in which no other may be requested.
//! - Deleting a configuration takes its groups and its history along; deleting where there is none gets 204.
//! - A request is checked in this order: rate limit, token, scope, id, query, body, features, connection, the rest.
//!
//! # Time
//!
//! Everything goes by the tenant's [`Clock`], the rate limit included, and so does the `Date` of its responses. The clock
//! follows tokio's time, paused or not; only the delays of faults are waited for in tokio's time itself.
//!
//! # Features
//!
//! - `validation` judges ids, queries and bodies of requests, and bodies of responses, by the schemas of the contract. Tests
//!   of a client should enable it. Without it, no value is refused because of its schema: unknown properties, wrong formats
//!   and numbers out of range are accepted, and a body that the operation cannot read gets 400 without the place. Unknown
//!   query parameters, ids of connections, media types, missing bodies, scopes and causes are still judged.
//!   It compiles `jsonschema`, which takes longer than the rest of this crate.
//! - `tls` lets a tenant respond under TLS, and in HTTP/2 if the client chooses it. Without `tls`, a tenant serves HTTP/1.1.
//! - `private-key-jwt` gives applications public keys.
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
