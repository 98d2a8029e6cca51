//! Rust client for Auth0's inbound directory provisioning: users and groups that come from an outside directory.
//! Unofficial; not an Auth0 product.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
//! # let (origin, client_id, client_secret) = (tenant.base_url(), tenant.client_id(), tenant.client_secret());
//! use auth0_provisioning::{Client, ConnectionId};
//!
//! let client = Client::builder("tenant.eu.auth0.com")?
//!     .client_credentials(client_id, client_secret)
//! #   .base_url(origin).audience(tenant.audience())
//!     .build()?;
//! let connection: ConnectionId = "con_0123456789abcdef".parse()?;
//! let configuration = client.directory_provisioning(&connection).get().await?;
//! println!("{} is filled from {}", configuration.connection_name, configuration.strategy);
//! # Ok(())
//! # }
//! ```
//!
//! # Recipes
//!
//! | what you want                                     | what to call                                               |
//! | ------------------------------------------------- | ---------------------------------------------------------- |
//! | credentials from the environment                  | [`ClientBuilder::from_env`]                                |
//! | a configuration, or `None`                        | [`DirectoryProvisioningHandle::get_if_configured`]         |
//! | a configuration as it should be                   | [`DirectoryProvisioningHandle::ensure`]                    |
//! | a synchronization, and how it went                | [`DirectoryProvisioningHandle::synchronize_and_wait`]      |
//! | the same, and its states on the way               | [`DirectoryProvisioningHandle::synchronize_and_watch`]     |
//! | these groups and no others                        | [`GroupsHandle::reconcile`]                                |
//! | all configurations of the tenant                  | [`Client::directory_provisionings`]                        |
//! | a list as a stream, page by page, from a cursor   | [`Pages`]                                                  |
//! | the same done with many connections               | [`Fleet`]                                                  |
//! | how all synchronizations fare                     | [`Client::health`]                                         |
//! | what a configuration says                         | [`DirectoryProvisioningExt`]                               |
//! | how two mappings differ                           | [`MappingDifference`]                                      |
//! | another timeout for some calls                    | [`Client::with_options`]                                   |
//! | an operation that is not wrapped                  | [`Transport::request`]                                     |
//!
//! Every example in this documentation runs against the mock tenant of the crate `auth0-provisioning-mock`; the lines
//! that start it are hidden.
//!
//! # What goes for every call
//!
//! - A call is held back rather than refused for the tenant's rate limit, and repeated where that is safe.
//! - A failure is an [`Error`]: its [`kind`](Error::kind) says what to do about it.
//! - Futures are `Send`, and dropping one stops everything that it does here; what the tenant was told, it has been told.
//! - Values and fields that the API gains later do not break reading: see [`SynchronizeGroups`].
//!
//! # Features
//!
//! | feature           | what it adds                                                    |
//! | ----------------- | --------------------------------------------------------------- |
//! | `rustls`          | TLS by rustls; the default                                      |
//! | `native-tls`      | TLS by the system's library                                     |
//! | `private-key-jwt` | credentials that sign a JWT instead of sending a client secret  |
//! | `schemars`        | `schemars::JsonSchema` on the [`types`]                         |

mod builder;
mod client;
mod connection_id;
mod directory_provisioning;
mod ensure;
mod fleet;
mod groups;
mod last_run;
mod mapping;
mod missing;
mod pages;
mod reading;
mod synchronization;

pub use auth0_provisioning_api::types;
pub use auth0_transport::{
    AccessToken, Attempt, AttemptEnd, AttemptOutcome, Backoff, CallOptions, Credentials, Error, ErrorCode, ErrorKind,
    Failure, FailureCause, FileTokenStore, HeaderMap, HeaderName, HeaderValue, Hook, InvalidTenantDomain, Lease,
    MemoryTokenStore, Method, Pacing, Quota, RetryBudget, RetryLimits, RetryPolicy, SecretString, StatusCode,
    StoredToken, TenantDomain, Timeouts, TokenFuture, TokenSource, TokenStore, Transport, TransportBuilder,
    UnknownErrorCode,
};
#[cfg(feature = "private-key-jwt")]
pub use auth0_transport::{PrivateKeyJwt, SigningAlgorithm};

pub use crate::{
    builder::ClientBuilder,
    client::Client,
    connection_id::{ConnectionId, InvalidConnectionId},
    directory_provisioning::DirectoryProvisioningHandle,
    ensure::{Change, Changes, Desired, Ensure, EnsureError, Ensured, Outcome},
    fleet::{Fleet, Health, OfConnection},
    groups::{
        GroupChange, GroupId, GroupsHandle, InvalidGroupId, Metadata, Reconcile, ReconcileError, Reconciled,
        SelectedGroup,
    },
    last_run::{LastRun, RunState},
    mapping::{MappingChange, MappingDifference},
    pages::{Cursor, Items, Page, PageStream, Pages, RepeatedCursor},
    reading::DirectoryProvisioningExt,
    synchronization::{Progress, SynchronizeError, Wait},
    types::{
        DirectoryProvisioning, DirectoryProvisioningMappingItem as MappingItem, DirectorySynchronization,
        SynchronizeGroups, SynchronizedGroup,
    },
};
