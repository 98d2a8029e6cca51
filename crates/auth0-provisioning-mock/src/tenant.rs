//! A running tenant.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::fault::Fault;
use crate::lock::lock;
use crate::persistence::{self, Snapshot, StateError};
use crate::request_log::RecordedRequest;
use crate::shared::Shared;
use crate::state::connection::ConnectionRecord;
#[cfg(feature = "program")]
use crate::state::defaults::TenantDefaults;
use crate::state::directory::{DirectoryGroup, DirectoryUser};
use crate::state::features::Feature;
use crate::state::runs::Synchronization;
use crate::stub::Stub;

/// Nothing has this id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no `{0}`")]
pub struct NotFound(String);

/// A running tenant. It stops when it is dropped.
pub struct MockTenant {
    shared: Arc<Shared>,
    base_url: String,
    access_token: String,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl MockTenant {
    pub(crate) fn new(
        shared: Arc<Shared>,
        base_url: String,
        access_token: String,
        stop: watch::Sender<bool>,
        serving: JoinHandle<()>,
    ) -> Self {
        Self { shared, base_url, access_token, stop, serving }
    }

    /// Returns scheme, host and port, such as `http://127.0.0.1:40123`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the audience of tokens: the base URL and `/api/v2/`.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.shared.audience
    }

    /// Returns the client id of the application that every tenant has.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.shared.client_id
    }

    /// Returns the client secret of that application.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.shared.client_secret
    }

    /// Returns a token with all scopes, issued at the start.
    #[must_use]
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// Issues a token with these scopes.
    #[must_use]
    pub fn token_with_scopes(&self, scopes: &[&str]) -> String {
        let scopes: Vec<String> = scopes.iter().copied().map(String::from).collect();
        let shared = &self.shared;
        let now = shared.clock.now();
        shared.issue_token(&shared.client_id, &shared.audience, &scopes, now, shared.token_lifetime)
    }

    /// Revokes a token: requests with it get 401.
    pub fn revoke_token(&self, token: &str) {
        self.shared.tokens.revoke(token);
    }

    /// Revokes every token so far. New tokens can be requested.
    pub fn revoke_all_tokens(&self) {
        self.shared.tokens.revoke_all();
    }

    /// Returns the bearer token of the control API, or `None` if the API requires none or is disabled.
    #[cfg(feature = "control")]
    #[must_use]
    pub fn control_key(&self) -> Option<&str> {
        self.shared.control.as_ref()?.key.as_deref()
    }

    /// Returns the tenant's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        lock(&self.shared.faults).push(fault);
    }

    /// Adds faults in this order.
    pub fn faults(&self, faults: impl IntoIterator<Item = Fault>) {
        let mut queue = lock(&self.shared.faults);
        faults.into_iter().for_each(|fault| queue.push(fault));
    }

    /// Removes the faults that are still waiting.
    pub fn clear_faults(&self) {
        lock(&self.shared.faults).clear();
    }

    /// Adds a stub: a fixed response.
    pub fn stub(&self, stub: Stub) {
        lock(&self.shared.stubs).push(stub);
    }

    /// Enables or disables a feature.
    pub fn set_feature(&self, feature: Feature, enabled: bool) {
        self.shared.state().features.set(feature, enabled);
    }

    /// Writes an event into the log, such as that of a SCIM request, which no operation of the tenant writes. Adds `log_id` and
    /// `date`. Ignores a value that is not an object.
    pub fn log_event(&self, event: serde_json::Value) {
        let now = self.clock().now();
        if event.is_object() {
            self.shared.state().logs.write(now, event);
        }
    }

    /// Sets the course of the next synchronization run of a connection.
    ///
    /// # Errors
    ///
    /// There is no such connection.
    pub fn next_synchronization(&self, connection_id: &str, synchronization: Synchronization) -> Result<(), NotFound> {
        let decided = self.with_connection(connection_id, |known| known.runs.next = Some(synchronization));
        decided.ok_or_else(|| NotFound(connection_id.to_owned()))
    }

    /// Adds or replaces a group in the directory of a connection. The next run reads it.
    ///
    /// # Errors
    ///
    /// There is no such connection.
    pub fn put_directory_group(
        &self,
        connection_id: &str,
        group_id: &str,
        group: DirectoryGroup,
    ) -> Result<(), NotFound> {
        let put = self.with_connection(connection_id, |known| {
            known.directory.get_or_insert_default().groups.insert(group_id.to_owned(), group);
        });
        put.ok_or_else(|| NotFound(connection_id.to_owned()))
    }

    /// Deletes a group at Google. The next run removes it from the selection.
    ///
    /// # Errors
    ///
    /// There is no such connection, or its directory has no such group.
    pub fn delete_directory_group(&self, connection_id: &str, group_id: &str) -> Result<(), NotFound> {
        let deleted = self.with_connection(connection_id, |known| {
            known.directory.as_mut().and_then(|directory| directory.groups.remove(group_id))
        });
        match deleted {
            Some(Some(_)) => Ok(()),
            Some(None) => Err(NotFound(group_id.to_owned())),
            None => Err(NotFound(connection_id.to_owned())),
        }
    }

    /// Creates or replaces a group of a connection, as its provider does through SCIM, and returns the id of the group in
    /// the tenant. `external_id` is the id at the provider. Members that are not users of the connection become users.
    ///
    /// # Errors
    ///
    /// There is no such connection.
    pub fn put_scim_group(
        &self,
        connection_id: &str,
        external_id: &str,
        group: &DirectoryGroup,
    ) -> Result<String, NotFound> {
        let put = self.shared.state().put_scim_group(connection_id, external_id, group, self.clock().now());
        put.map_err(|_| NotFound(connection_id.to_owned()))
    }

    /// Adds or replaces a user in the directory of a connection. The next run reads it.
    ///
    /// # Errors
    ///
    /// There is no such connection.
    pub fn put_directory_user(&self, connection_id: &str, user_id: &str, user: DirectoryUser) -> Result<(), NotFound> {
        let put = self.with_connection(connection_id, |known| {
            known.directory.get_or_insert_default().users.insert(user_id.to_owned(), user);
        });
        put.ok_or_else(|| NotFound(connection_id.to_owned()))
    }

    /// Deletes a user at Google. The next run removes the user from the tenant.
    ///
    /// # Errors
    ///
    /// There is no such connection, or its directory has no such user.
    pub fn delete_directory_user(&self, connection_id: &str, user_id: &str) -> Result<(), NotFound> {
        let deleted = self.with_connection(connection_id, |known| {
            known.directory.as_mut().is_some_and(|directory| directory.users.remove(user_id).is_some())
        });
        match deleted {
            Some(true) => Ok(()),
            Some(false) => Err(NotFound(user_id.to_owned())),
            None => Err(NotFound(connection_id.to_owned())),
        }
    }

    /// Returns the ids of the connections, in ascending order.
    #[must_use]
    pub fn connection_ids(&self) -> Vec<String> {
        self.shared.state().connections.keys().cloned().collect()
    }

    /// Calls `action` with the present state of a connection, if it exists.
    pub(crate) fn with_connection<T>(&self, id: &str, action: impl FnOnce(&mut ConnectionRecord) -> T) -> Option<T> {
        self.shared.state().connection(id, self.shared.clock.now()).ok().map(action)
    }

    #[cfg(feature = "program")]
    pub(crate) fn set_defaults(&self, defaults: TenantDefaults) {
        self.shared.state().defaults = defaults;
    }

    /// Writes the state to a JSON file. [`MockTenantBuilder::load`](crate::MockTenantBuilder::load) reads it.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(&self, file: impl AsRef<Path>) -> Result<(), StateError> {
        let shared = &self.shared;
        let snapshot = Snapshot::of(&shared.state(), shared.seed, shared.clock.now());
        persistence::write(file.as_ref(), &snapshot)
    }

    /// Returns the requests so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.log).all()
    }

    /// Clears the log of requests.
    pub fn clear_requests(&self) {
        lock(&self.shared.log).clear();
    }

    /// Stops the tenant after the responses under way.
    pub async fn shutdown(mut self) {
        self.stop().await;
    }

    /// Completes the responses under way and stops. The state can be read and saved afterwards.
    pub async fn stop(&mut self) {
        self.stop.send_replace(true);
        if self.serving.is_finished() {
            return;
        }
        // The task has ended, also if it panicked.
        let _ = (&mut self.serving).await;
    }
}

impl Drop for MockTenant {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Leaves out the secret and the token.
impl fmt::Debug for MockTenant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MockTenant").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
