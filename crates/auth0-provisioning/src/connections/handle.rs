//! One connection.

use std::{fmt, future::Future};

use auth0_transport::Error;
use chrono::{DateTime, Utc};
use futures_core::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::{
    ConnectionId, Cursor, DirectoryProvisioningHandle, Page, Pages,
    caller::Caller,
    missing::if_configured,
    types::{Connection, ConnectionClient, ConnectionClientChange, GetConnectionClientsFrom, UpdateConnectionRequest},
};

/// The most applications that one call can change.
const MOST_CLIENTS: usize = 50;

/// One connection, from [`Client::connection`](crate::Client::connection). Cheap to clone. Futures own what they need:
/// they are `'static` and `Send`.
///
/// Every method but [`delete`](Self::delete) fails with 404 where the connection does not exist; and every one with any error
/// of a call: see [`ErrorKind`](crate::ErrorKind).
#[derive(Clone, Debug)]
pub struct ConnectionHandle {
    pub(crate) caller: Caller,
}

/// Whether a connection is ready for logins: the strategy is set up on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConnectionStatus {
    /// It is ready.
    Online,
    /// It is not: the other side is not set up, or an administrator has not consented yet.
    Offline,
}

impl ConnectionHandle {
    pub(crate) fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// The connection's id.
    #[must_use]
    pub fn connection_id(&self) -> &ConnectionId {
        &self.caller.connection
    }

    /// Its directory provisioning.
    #[must_use]
    pub fn directory_provisioning(&self) -> DirectoryProvisioningHandle {
        DirectoryProvisioningHandle::new(self.caller.clone())
    }

    /// Reads the connection.
    ///
    /// Needs the scope `read:connections`, and `read:connections_options` to see its options.
    pub fn get(&self) -> impl Future<Output = Result<Connection, Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move { caller.call(caller.api.get_connections_by_id(caller.id(), None, None)).await }
    }

    /// Updates the fields that the request sets, and keeps the others. `options` in it replace the present ones as a whole.
    ///
    /// The API resets `display_name` and `realms` where a request leaves them out. Both are therefore sent as they are;
    /// where the request leaves one of them out, the connection is read first.
    ///
    /// Needs the scopes `update:connections`, `update:connections_options` where options are sent, and `read:connections`
    /// where `display_name` or `realms` is left out.
    pub fn update(
        &self,
        mut request: UpdateConnectionRequest,
    ) -> impl Future<Output = Result<Connection, Error>> + Send + use<> {
        let this = self.clone();
        async move {
            if request.display_name.is_none() || request.realms.is_none() {
                keep_fields(&mut request, &this.get().await?).map_err(|error| this.caller.with_id(error))?;
            }
            this.patch(&request).await
        }
    }

    /// Sends an update that has all fields which the API would reset.
    pub(super) async fn patch(&self, request: &UpdateConnectionRequest) -> Result<Connection, Error> {
        self.caller.call(self.caller.api.patch_connections_by_id(self.caller.id(), request)).await
    }

    /// Deletes the connection with its users, also if it does not exist. Returns when the deletion began, if the tenant
    /// says so; it goes on after that.
    ///
    /// Needs the scope `delete:connections`.
    pub fn delete(&self) -> impl Future<Output = Result<Option<DateTime<Utc>>, Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move {
            let deletion = caller.call(caller.api.delete_connections_by_id(caller.id())).await?;
            Ok(deletion.and_then(|deletion| deletion.deleted_at))
        }
    }

    /// Whether the connection is ready for logins.
    ///
    /// Needs the scope `read:connections`.
    ///
    /// # Errors
    ///
    /// Any error of a call, a 404 for a connection that does not exist among them.
    pub fn status(&self) -> impl Future<Output = Result<ConnectionStatus, Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move {
            let is_online = if_configured(caller.call(caller.api.get_status(caller.id())).await)?.is_some();
            Ok(if is_online { ConnectionStatus::Online } else { ConnectionStatus::Offline })
        }
    }

    /// Lists the applications that may use the connection.
    ///
    /// Needs the scope `read:connections`.
    pub fn clients(&self) -> Pages<ConnectionClient> {
        let caller = self.caller.clone();
        Pages::new(move |from, take| {
            let caller = caller.clone();
            Box::pin(async move {
                let from = from.as_ref().map(Cursor::as_str).map(GetConnectionClientsFrom::try_from).transpose();
                let from =
                    from.map_err(|reason| caller.with_id(Error::invalid_request(format!("the cursor is {reason}"))))?;
                let page =
                    caller.call(caller.api.get_connection_clients(caller.id(), from.as_ref(), Some(take))).await?;
                Ok(Page::new(page.clients, page.next))
            })
        })
    }

    /// Sets for each given application whether it may use the connection, 50 a call. Does not change other applications.
    ///
    /// Needs the scope `update:connections`.
    ///
    /// # Errors
    ///
    /// Any error of a call. Calls before it took effect; the same again is harmless.
    pub fn change_clients(
        &self,
        changes: impl IntoIterator<Item = (impl Into<String>, bool)>,
    ) -> BoxFuture<'static, Result<(), Error>> {
        let changes = changes.into_iter().map(|(id, may)| ConnectionClientChange::new(id, may));
        let (caller, changes) = (self.caller.clone(), changes.collect::<Vec<_>>());
        Box::pin(async move {
            for some in changes.chunks(MOST_CLIENTS) {
                caller.call(caller.api.patch_clients(caller.id(), &some.to_vec().into())).await?;
            }
            Ok(())
        })
    }
}

/// Adds the fields to an update that the API would reset: a display name becomes the connection's name, and so do realms.
pub(super) fn keep_fields(request: &mut UpdateConnectionRequest, present: &Connection) -> Result<(), Error> {
    if let (None, Some(name)) = (&request.display_name, &present.display_name) {
        let name = name.as_str().try_into().map_err(|reason| {
            Error::invalid_request(format!(
                "the display name {name:?} would be lost, since it cannot be sent: {reason}"
            ))
        })?;
        request.display_name = Some(name);
    }
    if request.realms.is_none() {
        request.realms.clone_from(&present.realms);
    }
    Ok(())
}

impl fmt::Display for ConnectionStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Online => "online",
            Self::Offline => "offline",
        })
    }
}
