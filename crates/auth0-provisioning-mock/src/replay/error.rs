//! Errors of a replay.

use std::io;

use thiserror::Error;

use crate::start_error::StartError;

/// Recordings could not be replayed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The tenant did not start.
    #[error("the tenant did not start")]
    Start(#[from] StartError),
    /// A call got no response.
    #[error("a call got no response")]
    Call(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<io::Error> for ReplayError {
    fn from(error: io::Error) -> Self {
        Self::Call(error.into())
    }
}

impl From<hyper::Error> for ReplayError {
    fn from(error: hyper::Error) -> Self {
        Self::Call(error.into())
    }
}

impl From<http::Error> for ReplayError {
    fn from(error: http::Error) -> Self {
        Self::Call(error.into())
    }
}
