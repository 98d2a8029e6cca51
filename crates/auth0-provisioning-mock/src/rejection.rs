//! Rejected requests.

use crate::cause::Cause;

/// The cause of a rejected request, with a message if the API names the details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub(crate) cause: Cause,
    /// Replaces the message of the contract's example.
    pub(crate) message: Option<String>,
}

impl Rejection {
    pub(crate) fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self { cause, message: Some(message.into()) }
    }
}

impl From<Cause> for Rejection {
    fn from(cause: Cause) -> Self {
        Self { cause, message: None }
    }
}
