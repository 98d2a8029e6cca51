//! Why a tenant could not start.

use std::io;

use thiserror::Error;

use crate::persistence::StateError;

/// Why a tenant could not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// A seeded connection has an id that the API would refuse.
    #[error("`{0}` is no connection id: it has to be `con_` and then letters and digits")]
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
