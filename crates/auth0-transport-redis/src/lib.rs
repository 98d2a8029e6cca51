//! One token and one rate limit for many machines that call the same Auth0 tenant, through Redis or Valkey. Unofficial; not an
//! Auth0 product.
//!
//! [`SharedTokens`] is a [`TokenStore`](auth0_transport::TokenStore): one token request for all machines. [`SharedBudget`] is a
//! [`RateLimiter`](auth0_transport::RateLimiter): one token bucket for all machines, so that none of them exceeds the limit.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use auth0_transport::Transport;
//! use auth0_transport_redis::{Budget, EncryptionKey, Redis, SharedBudget, SharedTokens};
//!
//! let redis = Redis::open("rediss://worker:password@redis.internal")?;
//! let key = EncryptionKey::from_base64(&std::env::var("TOKEN_KEY")?)?;
//! let transport = Transport::builder("acme.eu.auth0.com".parse()?)
//!     .client_credentials("id", "secret")
//!     .token_store(SharedTokens::new(&redis, key))
//!     .rate_limiter(SharedBudget::new(&redis, "acme.eu.auth0.com", Budget::new(50, 16.0)))
//!     .build()?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Sharing`] sets up both in one step, also from environment variables.
//!
//! If Redis is slow or down, calls continue. Each process then uses a share of the limit and a token of its own.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod budget;
mod cipher;
mod connection;
mod server;
mod sharing;
mod tokens;

pub use self::{
    budget::{Budget, SharedBudget},
    cipher::{EncryptionKey, InvalidKey},
    server::{InvalidUrl, Redis},
    sharing::{InvalidEnvironment, Sharing},
    tokens::SharedTokens,
};
