//! What exactly a 404 says is missing.

use auth0_transport::{Error, ErrorCode};

/// Whether the connection is there and has no configuration.
///
/// The API names the other cause of a 404, that the connection does not exist, by an `errorCode`; this one it gives
/// none. So a 404 of the API without that code means no configuration. One that is not the API's own, such as a
/// proxy's page, means neither: it has no message.
pub(crate) fn is_not_configured(error: &Error) -> bool {
    error.is_not_found() && error.code() != Some(&ErrorCode::InexistentConnection) && error.message().is_some()
}
