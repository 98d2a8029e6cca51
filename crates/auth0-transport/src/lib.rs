//! Sends requests to an Auth0 tenant, with credentials, a token, pacing, retries and one error type.
//!
//! It contains no operations. A generated client passes an [`Operation`] to [`Transport::call`], and receives a [`Response`] or an
//! [`Error`].

#![cfg_attr(docsrs, feature(doc_cfg))]
// Types whose values must be used have the attribute. The unused result of a getter is harmless.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

mod admission;
mod attempt;
mod base_url;
mod builder;
mod call;
mod call_options;
mod client_info;
#[doc(hidden)]
pub mod codegen;
mod concurrency;
mod credentials;
mod environment;
mod error;
mod error_body;
mod error_code;
mod error_kind;
mod hook;
mod json_path;
#[cfg(all(test, shuttle))]
mod model;
mod operation;
mod outgoing;
mod pacing;
mod path_segment;
mod proxy;
mod request_builder;
mod response;
mod retry;
mod task;
mod telemetry;
mod tenant_domain;
mod timeouts;
mod token;
mod transport;

/// The queue of the rate limiters, shared with `auth0-transport-redis`. It can change in any release.
#[doc(hidden)]
pub mod limit {
    pub use crate::pacing::{Forecast, LimitQueue, PermitSource, RateHeaders};
}

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use reqwest;
pub use secrecy::{ExposeSecret, SecretString};

#[cfg(feature = "private-key-jwt")]
pub use crate::credentials::{PrivateKeyJwt, SigningAlgorithm};
#[doc(hidden)]
pub use crate::task::Task;
pub use crate::{
    builder::TransportBuilder,
    call_options::CallOptions,
    credentials::Credentials,
    error::Error,
    error_code::{ErrorCode, UnknownErrorCode},
    error_kind::ErrorKind,
    hook::{Attempt, AttemptEnd, AttemptOutcome, Hook},
    operation::{Idempotency, Operation, Route},
    pacing::{Completion, Pacing, Permit, PermitFuture, PermitRequest, Quota, RateLimiter, Rejected},
    path_segment::encode_segment,
    request_builder::RequestBuilder,
    response::Response,
    retry::{
        Backoff, Failure, FailureCause, RetryBudget, RetryClassifier, RetryLimits, RetryPolicy, RetryTiming,
        SafeRetries,
    },
    tenant_domain::{InvalidTenantDomain, TenantDomain},
    timeouts::Timeouts,
    token::{
        AccessToken, FileTokenStore, Lease, MemoryTokenStore, StoreFuture, StoredToken, TokenFuture, TokenSource,
        TokenStore,
    },
    transport::Transport,
};
