//! Errors at the start of a tenant.

use std::io;

use thiserror::Error;

use crate::persistence::StateError;

/// A tenant could not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The tenant cannot listen on the address.
    #[error("cannot listen on {address}")]
    Listen {
        /// The requested address.
        address: String,
        /// The error of the system.
        source: io::Error,
    },
    /// A seeded connection has an id that the API would reject.
    #[error("`{0}` is not a connection id: it must be `con_` and then letters and digits")]
    ConnectionId(String),
    /// Two seeded connections have one id.
    #[error("two connections have the id `{0}`")]
    DuplicateConnection(String),
    /// The saved state cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
    /// The seed is not acceptable.
    #[cfg(feature = "control")]
    #[error(transparent)]
    Seed(#[from] crate::seed::SeedError),
}
