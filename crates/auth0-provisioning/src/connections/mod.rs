//! Connections of the tenant.

#[cfg(feature = "workflows")]
mod change_options;
mod handle;
mod options_change;
#[cfg(feature = "workflows")]
mod options_changed;
#[cfg(feature = "workflows")]
mod options_error;

use std::future::Future;

use auth0_transport::{Error, Response};
use futures_core::future::BoxFuture;

#[cfg(feature = "workflows")]
pub use self::{
    change_options::ChangeOptions,
    options_changed::{Consent, OptionsChanged, OptionsWarning},
    options_error::ChangeOptionsError,
};
pub use self::{
    handle::{ConnectionHandle, ConnectionStatus},
    options_change::OptionsChange,
};
use crate::{
    Client, ConnectionId, Cursor, Page, Pages,
    types::{Connection, ConnectionList, ConnectionStrategy, CreateConnectionRequest, GetConnectionsParameters},
};

/// The one strategy that has directory provisioning.
#[cfg(feature = "workflows")]
pub(crate) const GOOGLE_APPS: &str = "google-apps";

impl Client {
    /// One connection. Nothing is sent yet.
    #[must_use]
    pub fn connection(&self, connection: &ConnectionId) -> ConnectionHandle {
        ConnectionHandle::new(self.caller(connection))
    }

    /// Lists all connections.
    ///
    /// Needs the scope `read:connections`, and `read:connections_options` to see their options.
    pub fn connections(&self) -> Pages<Connection> {
        self.listed_connections(GetConnectionsParameters::default())
    }

    /// Lists the connections of these strategies.
    ///
    /// Needs the scope `read:connections`, and `read:connections_options` to see their options.
    pub fn connections_by_strategy(
        &self,
        strategies: impl IntoIterator<Item = ConnectionStrategy>,
    ) -> Pages<Connection> {
        let strategies: Vec<_> = strategies.into_iter().collect();
        self.listed_connections(GetConnectionsParameters::default().strategy(strategies))
    }

    /// Finds the connection with this name; `None` if there is none.
    ///
    /// Needs the scope `read:connections`.
    pub fn find_connection(&self, name: impl Into<String>) -> BoxFuture<'static, Result<Option<Connection>, Error>> {
        let mut named = self.listed_connections(GetConnectionsParameters::default().name(name));
        Box::pin(async move {
            while let Some(page) = named.next().await? {
                if let Some(connection) = page.items.into_iter().next() {
                    return Ok(Some(connection));
                }
            }
            Ok(None)
        })
    }

    /// Creates a connection.
    ///
    /// Needs the scope `create:connections`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] where the name or a realm is taken, or where the connection that had the name is still being
    /// deleted, which a later attempt finds done; and any error of a call. Where it
    /// [may have been processed](Error::may_have_been_processed), look with [`find_connection`](Self::find_connection) before
    /// it is created again. A connection of that name need not be the one that was asked for: compare its strategy and
    /// options, or put something of your own into its metadata.
    ///
    /// ```
    /// # auth0_provisioning_examples::run(async |client| {
    /// use auth0_provisioning::{OptionsChange, types::{ConnectionStrategy, CreateConnectionRequest}};
    ///
    /// let options = OptionsChange::new().set("domain", "acme.example").set("api_enable_users", true);
    /// let request = CreateConnectionRequest::new("acme-google".parse()?, ConnectionStrategy::GoogleApps);
    /// let connection = client.create_connection(request.options(options.into_options())).await?;
    /// println!("{:?} was created", connection.id);
    /// # Ok(()) });
    /// ```
    pub fn create_connection(
        &self,
        request: CreateConnectionRequest,
    ) -> impl Future<Output = Result<Connection, Error>> + Send + use<> {
        let api = self.api.clone();
        async move { api.post_connections(&request).await.map(Response::into_inner) }
    }

    fn listed_connections(&self, parameters: GetConnectionsParameters) -> Pages<Connection> {
        let api = self.api.clone();
        Pages::new(move |from, take| {
            let (api, mut parameters) = (api.clone(), parameters.clone());
            parameters.from = from.map(Cursor::into_string);
            parameters.take = Some(take);
            Box::pin(async move {
                Ok(match api.get_connections(&parameters).await?.into_inner() {
                    ConnectionList::ConnectionPage(page) => Page::new(page.connections, page.next),
                    ConnectionList::ConnectionOffsetPage(page) => Page::new(page.connections, None),
                    ConnectionList::ConnectionList(connections) => Page::new(connections, None),
                    _ => return Err(Error::unexpected_response("neither a page nor a list of connections")),
                })
            })
        })
    }
}

/// The options of a connection, as far as the token may see them. A tenant leaves them out for a token without the scope
/// `read:connections_options`, or shows an empty object.
#[cfg(feature = "workflows")]
pub(crate) fn shown_options(connection: &Connection) -> Option<&serde_json::Map<String, serde_json::Value>> {
    connection.options.as_ref().map(|options| &options.0).filter(|options| !options.is_empty())
}
