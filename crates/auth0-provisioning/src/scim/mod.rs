//! Users that an identity provider sends by SCIM.

#[cfg(feature = "workflows")]
mod changes;
mod desired;
#[cfg(feature = "workflows")]
mod ensure;
#[cfg(feature = "workflows")]
mod expiring;
mod handle;
#[cfg(feature = "workflows")]
mod rotation;
#[cfg(feature = "workflows")]
mod rotation_error;
mod token;
mod token_times;

#[cfg(feature = "workflows")]
pub use self::{
    changes::ScimChanges, expiring::ExpiringScimToken, rotation::TokenRotation, rotation_error::RotateTokenError,
};
pub use self::{
    desired::{ScimDesired, ScimRow},
    handle::ScimHandle,
    token::{IssuedScimToken, NewScimToken},
    token_times::ScimTokenTimes,
};
use crate::{Client, ConnectionId, Cursor, Page, Pages, types::ScimConfiguration};

impl Client {
    /// The SCIM configuration of one connection. Nothing is sent yet.
    #[must_use]
    pub fn scim(&self, connection: &ConnectionId) -> ScimHandle {
        ScimHandle::new(self.caller(connection))
    }

    /// Lists the SCIM configurations of all connections that have one.
    ///
    /// Needs the scope `read:scim_config`.
    pub fn scim_configurations(&self) -> Pages<ScimConfiguration> {
        let api = self.api.clone();
        Pages::new(move |from, take| {
            let api = api.clone();
            Box::pin(async move {
                let from = from.as_ref().map(Cursor::as_str);
                let page = api.get_connections_scim_configurations(from, Some(take)).await?.into_inner();
                Ok(Page::new(page.scim_configurations, page.next))
            })
        })
    }
}
