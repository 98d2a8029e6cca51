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
//! # Tasks
//!
//! | task                                                    | feature       | method or type                                 |
//! | ------------------------------------------------------- | ------------- | ---------------------------------------------- |
//! | read credentials from the environment                   |               | [`ClientBuilder::from_env`]                    |
//! | read, create, update, delete a configuration            |               | [`DirectoryProvisioningHandle`]                |
//! | list all configurations of the tenant                   |               | [`Client::directory_provisionings`]            |
//! | read a list as a stream, by page, from a cursor         |               | [`Pages`]                                      |
//! | add, remove, replace selected groups                    |               | [`SynchronizedGroupsHandle`]                   |
//! | set other timeouts for some calls                       |               | [`Client::with_options`]                       |
//! | send a raw request                                      |               | [`Transport::request`]                         |
//! | read, update, delete a connection                       | `connections` | `Client::connection`                           |
//! | list connections by strategy, find one, create one      | `connections` | `Client::connections_by_strategy`, …           |
//! | find the URL to enter at the identity provider          | `scim`        | `ScimHandle::endpoint_url`                     |
//! | read groups that arrived, members, roles                | `groups`      | `Client::groups`, `Client::group`              |
//! | search and follow the log                               | `logs`        | `Client::logs`                                 |
//!
//! Workflows make several calls each. They need the feature `workflows`, which is enabled by default:
//!
//! | task                                                    | feature       | method or type                                 |
//! | ------------------------------------------------------- | ------------- | ---------------------------------------------- |
//! | check domain, token, scopes, clock, features            |               | `Client::diagnose`                             |
//! | bring a configuration to a desired state                |               | `DirectoryProvisioningHandle::ensure`          |
//! | the same for many connections                           |               | `Client::ensure_all`, `Client::ensure_each`    |
//! | run a synchronization and wait for its end              |               | `DirectoryProvisioningHandle::synchronize_and_wait` |
//! | watch a run that this client did not start              |               | `DirectoryProvisioningHandle::watch_run`       |
//! | select exactly these groups                             |               | `SynchronizedGroupsHandle::reconcile`          |
//! | do anything for many connections                        |               | `Client::fleet`                                |
//! | get the status of all synchronizations, with advice     |               | `Client::health`, `Health::advice`             |
//! | compare two mappings or configurations                  |               | `MappingDifference`, `Changes`                 |
//! | handle the errors of all workflows alike                |               | `VerbError`                                    |
//! | check whether a connection can be provisioned           | `connections` | `ConnectionHandle::readiness`                  |
//! | change an option and keep all others                    | `connections` | `ConnectionHandle::change_options`             |
//! | bring a SCIM configuration to a desired state           | `scim`        | `ScimHandle::ensure`                           |
//! | replace a SCIM token; find those that end soon          | `scim`        | `rotate_token`, `scim_tokens_ending_within`    |
//! | compare selected groups with those that arrived         | `groups`      | `SynchronizedGroupsHandle::arrival`            |
//! | see what a run did, and for which users it failed       | `logs`        | `LastRun::report`, `run_history`               |
//! | see the SCIM requests of a connection                   | `logs`, `scim`| `ScimHandle::events`                           |
//!
//! The other features: `rustls` (default) and `native-tls` for TLS; `private-key-jwt` for credentials that sign a JWT;
//! `redis` for one token and one rate limit on many machines; `schemars` for `schemars::JsonSchema` on the [`types`].
//!
//! # What applies to every call
//!
//! - The client stays under the tenant's rate limit, and retries where that is safe.
//! - A failure is an [`Error`]; its [`kind`](Error::kind) says what to do about it.
//! - Futures are `Send` and can be dropped at any time; a request that was sent may still be processed.
//! - Values and fields that the API gains later do not break reading: see [`SynchronizeGroups`].
//! - Use a client within one Tokio runtime, current-thread or not; with several, build one in each: see [`Transport`].
//! - The docs of each method name its scope.
//!
//! For tests, the crate `auth0-provisioning-mock` has a mock tenant, which the examples here run against. A client of it needs
//! its [base URL](ClientBuilder::base_url), and its token or its application's credentials.
//!
//! # Stability
//!
//! Before 1.0 a breaking change raises the second number of the version. Values and fields that the API adds are read and
//! kept at once, and get their names with a release that raises the third. The minimum Rust version is 1.89, and is raised
//! only with the second number.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![allow(clippy::missing_errors_doc)] // every call fails alike: the docs of the handles say how

mod builder;
mod caller;
mod client;
#[cfg(feature = "connections")]
mod connections;
mod desired;
mod directory_provisioning;
mod groups;
mod ids;
mod invalid_value;
#[cfg(feature = "logs")]
mod logs;
mod missing;
mod pages;
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
mod run_state;
#[cfg(feature = "workflows")]
mod synchronization;
#[cfg(feature = "workflows")]
mod verb_error;

pub use auth0_transport::{
    self as transport, CallOptions, Credentials, Error, ErrorCode, ErrorKind, ExposeSecret, Pacing, RetryPolicy,
    SecretString, Timeouts, Transport,
};
#[cfg(feature = "redis")]
pub use auth0_transport_redis as redis;
pub use chrono;

#[cfg(feature = "connections")]
pub use crate::connections::{ConnectionHandle, ConnectionStatus, OptionsChange};
#[cfg(feature = "logs")]
pub use crate::logs::{LogsHandle, ScimEvent};
#[cfg(all(feature = "logs", feature = "workflows"))]
pub use crate::logs::{RunReport, SyncFailure, UserError};
#[cfg(all(feature = "scim", feature = "workflows"))]
pub use crate::scim::{ExpiringScimToken, RotateTokenError, ScimChanges, TokenRotation};
#[cfg(feature = "scim")]
pub use crate::scim::{IssuedScimToken, NewScimToken, ScimDesired, ScimHandle, ScimRow, ScimTokenTimes};
#[cfg(feature = "groups")]
pub use crate::tenant_groups::{GroupFilter, TenantGroupHandle};
#[cfg(feature = "workflows")]
pub use crate::{
    advice::Advice,
    diagnosis::{Check, CheckResult, Diagnosis, Verb},
    ensure::{Change, Changes, Ensure, EnsureAll, EnsureError, Ensured, Outcome},
    fleet::{ConnectionResult, Fleet, Health},
    groups::{GroupChange, Reconcile, ReconcileError, Reconciled},
    last_run::{LastRun, RunOrigin},
    mapping_difference::{MappingChange, MappingDifference},
    run_state::RunState,
    synchronization::{Progress, Requested, SynchronizeError, Wait},
    verb_error::VerbError,
};
pub use crate::{
    builder::ClientBuilder,
    client::Client,
    desired::Desired,
    directory_provisioning::DirectoryProvisioningHandle,
    groups::{SelectedGroup, SynchronizedGroupsHandle},
    ids::{ConnectionId, GroupId},
    invalid_value::InvalidValue,
    pages::{Cursor, Items, Page, Pages, Position},
    types::{DirectoryProvisioning, DirectoryProvisioningMappingItem as MappingItem, SynchronizeGroups},
};
#[cfg(all(feature = "connections", feature = "workflows"))]
pub use crate::{
    connections::{ChangeOptions, ChangeOptionsError, Consent, OptionsChanged, OptionsWarning},
    readiness::{Readiness, Requirement, RequirementStatus},
};
#[cfg(all(feature = "groups", feature = "workflows"))]
pub use crate::{groups::Arrival, tenant_groups::Membership};
