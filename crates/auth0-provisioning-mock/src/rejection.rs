//! An error response, with its own message where the API names the fault.

use crate::cause::Cause;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub(crate) cause: Cause,
    /// Takes the place of the message in the contract's example.
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
