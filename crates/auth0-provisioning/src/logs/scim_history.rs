//! The SCIM requests of a connection, by its log events.

use auth0_transport::Error;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, future};

use super::{LogsHandle, ScimEvent};
use crate::ScimHandle;

/// Finds the events of SCIM requests.
const SEARCH: &str = "type:sscim OR type:fscim";

impl LogsHandle {
    /// The SCIM requests of all connections in the log, the latest first: the latest 1000, as long as the tenant
    /// keeps its log.
    ///
    /// Needs the scope `read:logs`, or `read:logs_users`.
    #[must_use = "streams do nothing unless polled"]
    pub fn scim_events(&self) -> BoxStream<'static, Result<ScimEvent, Error>> {
        self.search(SEARCH).items().try_filter_map(|event| future::ready(Ok(ScimEvent::of(&event)))).boxed()
    }
}

impl ScimHandle {
    /// The SCIM requests of the connection in the log, the latest first. They are those of the latest 1000 SCIM
    /// requests of the tenant that name this connection, as long as the tenant keeps its log.
    ///
    /// Needs the scope `read:logs`, or `read:logs_users`.
    ///
    /// ```
    /// # auth0_provisioning_examples::run(async |client| {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut events = client.scim(&"con_0123456789abcdef".parse()?).events();
    /// while let Some(event) = events.try_next().await? {
    ///     println!("{event}");
    /// }
    /// # Ok(()) });
    /// ```
    #[must_use = "streams do nothing unless polled"]
    pub fn events(&self) -> BoxStream<'static, Result<ScimEvent, Error>> {
        let connection = self.connection_id().clone();
        // The log names the connection in one of several places, so that the search cannot.
        let of_connection = move |event: &ScimEvent| future::ready(event.connection_id.as_ref() == Some(&connection));
        self.caller.client().logs().scim_events().try_filter(of_connection).boxed()
    }
}
