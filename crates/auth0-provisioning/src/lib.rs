//! Rust client for Auth0's inbound provisioning: users and groups of a connection that come from an outside directory such
//! as Google Workspace, and the connections, SCIM configurations, groups and logs around it. Unofficial; not an Auth0
//! product.
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
//! | task                                              | method or type                                             |
//! | ------------------------------------------------- | ---------------------------------------------------------- |
//! | credentials from the environment or a file        | [`ClientBuilder::from_env`], [`Profile`]                   |
//! | check domain, token, scopes, clock, features      | [`Client::diagnose`]                                       |
//! | read a configuration, or `None`                   | [`DirectoryProvisioningHandle::get_if_configured`]         |
//! | bring a configuration to a desired state          | [`DirectoryProvisioningHandle::ensure`]                    |
//! | the same for many connections                     | [`Client::ensure_all`], [`Client::ensure_each`]            |
//! | run a synchronization and wait for its end        | [`DirectoryProvisioningHandle::synchronize_and_wait`]      |
//! | watch a run that this client did not start        | [`DirectoryProvisioningHandle::watch_run`]                 |
//! | select exactly these groups                       | [`SynchronizedGroupsHandle::reconcile`]                                |
//! | list all configurations of the tenant             | [`Client::directory_provisionings`]                        |
//! | read a list as a stream, by page, from a cursor   | [`Pages`]                                                  |
//! | do the same for many connections                  | [`Fleet`]                                                  |
//! | the status of all synchronizations                | [`Client::health`]                                         |
//! | what to change although runs succeed              | [`Health::advice`], [`Advice`]                             |
//! | ask a configuration for its id, last run, sources | [`DirectoryProvisioningExt`]                               |
//! | compare two mappings or configurations            | [`MappingDifference`], [`Changes`]                         |
//! | handle the errors of all verbs alike              | [`VerbError`]                                              |
//! | other timeouts for some calls                     | [`Client::with_options`]                                   |
//! | send a raw request                                | [`Transport::request`]                                     |
//!
//! Around directory provisioning, each behind its feature:
//!
//! | task                                                    | feature       | method                                         |
//! | ------------------------------------------------------- | ------------- | ---------------------------------------------- |
//! | list connections by strategy, find one, create one      | `connections` | `Client::connections_by_strategy`, …           |
//! | one connection: read, update, delete, status            | `connections` | `Client::connection`                           |
//! | whether a connection can be provisioned, and what lacks | `connections` | `Client::readiness`                            |
//! | change an option and keep all others                    | `connections` | `ConnectionHandle::change_options`             |
//! | bring a SCIM configuration to a desired state           | `scim`        | `ScimHandle::ensure`                           |
//! | replace a SCIM token; find those that end soon          | `scim`        | `rotate_token`, `scim_tokens_ending_within`    |
//! | the URL to enter at the identity provider               | `scim`        | `ScimHandle::endpoint_url`                     |
//! | groups that arrived, members, roles                     | `groups`      | `Client::groups`, `Client::group`              |
//! | selected groups beside those that arrived               | `groups`      | `SynchronizedGroupsHandle::arrival`                        |
//! | what a run did, and for which users it failed           | `logs`        | `LastRun::report`                              |
//! | the runs of a connection                                | `logs`        | `DirectoryProvisioningHandle::run_history`     |
//! | the SCIM requests of a connection                       | `logs`, `scim`| `ScimHandle::events`                           |
//! | search and follow the log                               | `logs`        | `Client::logs`                                 |
//!
//! # In tests
//!
//! Every example in this documentation runs against the mock tenant of the crate `auth0-provisioning-mock`; the lines
//! that start it are hidden. A client of it needs the tenant's base URL, and its token or its application's credentials; the
//! domain is then only a name.
//!
//! ```
//! use auth0_provisioning::Client;
//! use auth0_provisioning_mock::{Connection, MockTenant};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let connection = Connection::google_apps("con_0123456789abcdef").configured();
//! let tenant = MockTenant::builder().connection(connection).start().await?;
//! let client = Client::builder("tenant.example.com")?
//!     .base_url(tenant.base_url())
//!     .client_credentials(tenant.client_id(), tenant.client_secret())
//!     .build()?;
//!
//! client.directory_provisioning(&"con_0123456789abcdef".parse()?).delete().await?;
//! assert_eq!(tenant.requests().last().map(|request| request.status), Some(204));
//! # Ok(())
//! # }
//! ```
//!
//! # Runtimes
//!
//! Use a client within one Tokio runtime, current-thread or not; with several, build one in each. Calls of one runtime
//! otherwise wait for connections and tokens that another one began with, as long as that does not run: see [`Transport`].
//!
//! # What applies to every call
//!
//! - The client stays under the tenant's rate limit, and retries where that is safe.
//! - A failure is an [`Error`]; its [`kind`](Error::kind) says what to do about it.
//! - Futures are `Send` and can be dropped at any time; a request that was sent may still be processed.
//! - Values and fields that the API gains later do not break reading: see [`SynchronizeGroups`].
//!
//! # Stability
//!
//! Before 1.0 a breaking change raises the second number of the version. Values and fields that the API adds are read and
//! kept at once, and get their names with a release that raises the third. The minimum Rust version is 1.89, and is raised
//! only with the second number.
//!
//! # Scopes
//!
//! | calls and verbs                                                              | scope                               |
//! | ---------------------------------------------------------------------------- | ----------------------------------- |
//! | reading, listing, `health`, dry runs, `watch_run`                            | `read:directory_provisionings`      |
//! | `create`, `synchronize`; `ensure`, `synchronize_and_wait` together with read  | `create:directory_provisionings`    |
//! | `update`, changes of groups; `ensure`, `reconcile` together with read        | `update:directory_provisionings`    |
//! | `delete`                                                                     | `delete:directory_provisionings`    |
//!
//! The docs of each other method name its scope.
//!
//! # Features
//!
//! | feature           | adds                                                             |
//! | ----------------- | ---------------------------------------------------------------- |
//! | `workflows`       | methods of several calls, such as `ensure`; enabled by default   |
//! | `rustls`          | TLS by rustls; enabled by default                                |
//! | `native-tls`      | TLS by the system's library                                      |
//! | `private-key-jwt` | credentials that sign a JWT instead of sending a client secret   |
//! | `schemars`        | `schemars::JsonSchema` on the [`types`]                          |
//! | `connections`     | connections: their life, options, readiness                      |
//! | `scim`            | SCIM configurations and tokens                                   |
//! | `groups`          | groups that arrived, members, roles                              |
//! | `logs`            | log events, and what each run did                                |
//! | `redis`           | one token and one rate limit for many machines                   |

#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod caller;
mod client;
mod connection_id;
#[cfg(feature = "connections")]
mod connections;
mod desired;
mod directory_provisioning;
mod groups;
#[cfg(feature = "logs")]
mod logs;
mod missing;
mod pages;
mod profile;
#[cfg(feature = "scim")]
mod scim;
#[cfg(feature = "groups")]
mod tenant_groups;
pub mod types;

// The workflows, which make several calls each.
#[cfg(feature = "workflows")]
mod advice;
#[cfg(feature = "workflows")]
mod deadline;
#[cfg(feature = "workflows")]
mod diagnosis;
#[cfg(feature = "workflows")]
mod driven;
#[cfg(feature = "workflows")]
mod ensure;
#[cfg(feature = "workflows")]
mod fleet;
#[cfg(feature = "workflows")]
mod last_run;
#[cfg(feature = "workflows")]
mod mapping_difference;
#[cfg(all(feature = "connections", feature = "workflows"))]
mod readiness;
#[cfg(feature = "workflows")]
mod reading;
#[cfg(feature = "workflows")]
mod run_state;
#[cfg(feature = "workflows")]
mod synchronization;
#[cfg(feature = "workflows")]
mod verb_error;

pub use auth0_transport::{
    AccessToken, Attempt, AttemptEnd, AttemptOutcome, Backoff, Bytes, CallOptions, Credentials, Error, ErrorCode,
    ErrorKind, ExposeSecret, Failure, FailureCause, FileTokenStore, HeaderMap, HeaderName, HeaderValue, Hook,
    Idempotency, InvalidTenantDomain, Lease, MemoryTokenStore, Method, Operation, Pacing, Quota, RequestBuilder,
    Response, RetryBudget, RetryClassifier, RetryLimits, RetryPolicy, RetryTiming, SafeRetries, SecretString,
    StatusCode, StoreFuture, StoredToken, TenantDomain, Timeouts, TokenFuture, TokenSource, TokenStore, Transport,
    TransportBuilder, UnknownErrorCode, reqwest,
};
#[cfg(feature = "private-key-jwt")]
pub use auth0_transport::{PrivateKeyJwt, SigningAlgorithm};
#[cfg(feature = "redis")]
pub use auth0_transport_redis as redis;
pub use chrono;

#[cfg(feature = "connections")]
pub use crate::connections::{ConnectionExt, ConnectionHandle, ConnectionStatus, InvalidOptions, OptionsChange};
#[cfg(all(feature = "logs", feature = "workflows"))]
pub use crate::logs::RunReport;
#[cfg(feature = "logs")]
pub use crate::logs::{
    DirectorySyncEvent, DirectorySyncKind, LogEventExt, LogsHandle, ScimEvent, SyncFailure, UserError,
};
#[cfg(all(feature = "scim", feature = "workflows"))]
pub use crate::scim::{ExpiringScimToken, RotateTokenError, ScimChanges, TokenRotation};
#[cfg(feature = "scim")]
pub use crate::scim::{
    InvalidScimDesired, IssuedScimToken, NewScimToken, ScimDesired, ScimHandle, ScimRow, ScimTokenExt,
};
#[cfg(feature = "groups")]
pub use crate::tenant_groups::{GroupFilter, TenantGroupHandle};
#[cfg(feature = "workflows")]
pub use crate::{
    advice::Advice,
    diagnosis::{Check, CheckResult, Diagnosis, Verb},
    ensure::{Change, Changes, Ensure, EnsureAll, EnsureError, Ensured, Outcome},
    fleet::{ConnectionResult, Fleet, Health},
    groups::{GroupChange, Metadata, Reconcile, ReconcileError, Reconciled},
    last_run::{LastRun, RunOrigin},
    mapping_difference::{MappingChange, MappingDifference},
    reading::DirectoryProvisioningExt,
    run_state::RunState,
    synchronization::{Progress, Requested, SynchronizeError, Wait},
    verb_error::VerbError,
};
pub use crate::{
    builder::ClientBuilder,
    client::Client,
    connection_id::{ConnectionId, InvalidConnectionId},
    desired::{Desired, InvalidDesired},
    directory_provisioning::DirectoryProvisioningHandle,
    groups::{GroupFile, GroupId, InvalidGroupId, SelectedGroup, SynchronizedGroupExt, SynchronizedGroupsHandle},
    pages::{Cursor, Items, Page, PageStream, Pages, Position, RepeatedCursor},
    profile::Profile,
    types::{
        DirectoryProvisioning, DirectoryProvisioningMappingItem as MappingItem, DirectorySynchronization,
        SynchronizeGroups, SynchronizedGroup,
    },
};
#[cfg(all(feature = "connections", feature = "workflows"))]
pub use crate::{
    connections::{ChangeOptions, ChangeOptionsError, OptionsChanged, OptionsWarning},
    readiness::{Readiness, Requirement, RequirementStatus},
};
#[cfg(all(feature = "groups", feature = "workflows"))]
pub use crate::{groups::Arrival, tenant_groups::Membership};
