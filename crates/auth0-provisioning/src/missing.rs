//! The meanings of a 404.

use auth0_transport::{Error, ErrorCode};

/// Whether the connection exists and has no configuration.
///
/// The API gives an `errorCode` to a 404 for a connection that does not exist, and none to one for a missing
/// configuration. A 404 that is not the API's own, such as a proxy's page, has no message and means neither.
pub(crate) fn is_not_configured(error: &Error) -> bool {
    error.is_not_found() && error.code() != Some(&ErrorCode::InexistentConnection) && error.message().is_some()
}

/// The result of a read; `None` where the connection exists and has no configuration.
pub(crate) fn if_configured<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Err(error) if is_not_configured(&error) => Ok(None),
        result => result.map(Some),
    }
}

/// The result of a deletion: a 404 after an attempt whose response was lost means that this attempt deleted it.
#[cfg(any(feature = "groups", feature = "scim"))]
pub(crate) fn deleted<T: Default>(result: Result<T, Error>) -> Result<T, Error> {
    match result {
        Err(error) if is_not_configured(&error) && error.may_have_been_processed() => Ok(T::default()),
        result => result,
    }
}
