//! How to talk to an Auth0 tenant: domain, credentials, token, pacing, retries and one error type.
//!
//! It knows no operation: a generated client builds a request, hands it to [`Transport::execute`] with what it knows of
//! the [`Operation`], and gets back a [`Response`] or an [`Error`].

mod base_url;
mod builder;
mod error;
mod error_body;
mod error_code;
mod error_kind;
mod operation;
mod pacing;
mod path_segment;
mod response;
mod tenant_domain;
mod transport;

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use reqwest;
pub use secrecy::SecretString;

pub use crate::{
    builder::TransportBuilder,
    error::Error,
    error_code::{ErrorCode, UnknownErrorCode},
    error_kind::ErrorKind,
    operation::{Idempotency, Operation},
    pacing::{Pacing, Quota},
    path_segment::encode_segment,
    response::Response,
    tenant_domain::{InvalidTenantDomain, TenantDomain},
    transport::Transport,
};
