//! The result for one connection of several.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, Error};

/// The result for one connection of several.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConnectionResult<T, E = Error> {
    /// The connection.
    pub connection: ConnectionId,
    /// Its result.
    pub result: Result<T, E>,
}
