//! Questions about a connection.

use serde_json::Value;

use crate::{ConnectionId, types::Connection};

/// Questions about a connection.
pub trait ConnectionExt: sealed::Sealed {
    /// Returns the connection's id; `None` if the response was limited to other fields.
    fn connection_id(&self) -> Option<ConnectionId>;

    /// An option by its name; `None` where it is not set, or the token may not see the options.
    fn option(&self, name: &str) -> Option<&Value>;

    /// Whether an option is `true`.
    fn is_enabled(&self, name: &str) -> bool;
}

impl ConnectionExt for Connection {
    fn connection_id(&self) -> Option<ConnectionId> {
        self.id.as_deref().map(ConnectionId::of_response)
    }

    fn option(&self, name: &str) -> Option<&Value> {
        self.options.as_ref()?.get(name)
    }

    fn is_enabled(&self, name: &str) -> bool {
        self.option(name) == Some(&Value::Bool(true))
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for crate::types::Connection {}
}
