//! What a 404 means.

use auth0_transport::{Error, ErrorCode};

/// Whether the connection exists and has no configuration.
///
/// The API gives an `errorCode` to a 404 for a connection that does not exist, and none to one for a missing
/// configuration. A 404 that is not the API's own, such as a proxy's page, has no message and means neither.
pub(crate) fn is_not_configured(error: &Error) -> bool {
    error.is_not_found() && error.code() != Some(&ErrorCode::InexistentConnection) && error.message().is_some()
}
