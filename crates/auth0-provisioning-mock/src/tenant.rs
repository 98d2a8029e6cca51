//! A running tenant, and what a test can ask of it.

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

/// What was asked for by its id is not there.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no `{0}`")]
pub struct NotFound(String);

/// A running tenant. It stops when this is dropped.
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

    /// Scheme, host and port, such as `http://127.0.0.1:40123`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The audience to ask tokens for: the base URL and `/api/v2/`.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.shared.audience
    }

    /// The id of the client that may ask the token endpoint for tokens.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.shared.client_id
    }

    /// The secret of that client.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.shared.client_secret
    }

    /// A token with every scope, issued at the start.
    #[must_use]
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// A new token with these scopes alone.
    #[must_use]
    pub fn token_with_scopes(&self, scopes: &[&str]) -> String {
        let scopes: Vec<String> = scopes.iter().copied().map(String::from).collect();
        let shared = &self.shared;
        let now = shared.clock.now();
        shared.issue_token(&shared.client_id, &shared.audience, &scopes, now, shared.token_lifetime)
    }

    /// Revokes one token of this tenant: requests with it get 401 from now on.
    pub fn revoke_token(&self, token: &str) {
        self.shared.tokens.revoke(token);
    }

    /// Revokes every token issued so far; new ones can be asked for.
    pub fn revoke_all_tokens(&self) {
        self.shared.tokens.revoke_all();
    }

    /// What callers of the control API have to send as a bearer token; `None` where it asks for nothing, or is off.
    #[cfg(feature = "control")]
    #[must_use]
    pub fn control_key(&self) -> Option<&str> {
        self.shared.control.as_ref()?.key.as_deref()
    }

    /// The tenant's own clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Lets something go wrong with the next request, or with those that the fault names.
    pub fn fault(&self, fault: Fault) {
        lock(&self.shared.faults).push(fault);
    }

    /// Lets things go wrong in this order.
    pub fn faults(&self, faults: impl IntoIterator<Item = Fault>) {
        let mut queue = lock(&self.shared.faults);
        faults.into_iter().for_each(|fault| queue.push(fault));
    }

    /// Forgets the faults that are still waiting.
    pub fn clear_faults(&self) {
        lock(&self.shared.faults).clear();
    }

    /// Answers requests outside of what the tenant knows as the stub says.
    pub fn stub(&self, stub: Stub) {
        lock(&self.shared.stubs).push(stub);
    }

    /// Enables a feature for the tenant, or disables it.
    pub fn set_feature(&self, feature: Feature, enabled: bool) {
        self.shared.state().features.set(feature, enabled);
    }

    /// Writes an event into the log, such as that of a SCIM request, which no operation of the tenant brings. `log_id` and
    /// `date` are added; what is no object is left out.
    pub fn log_event(&self, event: serde_json::Value) {
        let now = self.clock().now();
        if event.is_object() {
            self.shared.state().logs.write(now, event);
        }
    }

    /// Decides how the next synchronization run of a connection goes.
    ///
    /// # Errors
    ///
    /// There is no such connection.
    pub fn next_synchronization(&self, connection_id: &str, synchronization: Synchronization) -> Result<(), NotFound> {
        let decided = self.with_connection(connection_id, |known| known.runs.next = Some(synchronization));
        decided.ok_or_else(|| NotFound(connection_id.to_owned()))
    }

    /// Puts a group into the directory of a connection, or in the place of the one that has the id there; the next run finds
    /// the group.
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

    /// Deletes a group at Google; the next run takes it out of the selection.
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

    /// Puts a user into the directory of a connection, or in the place of the one that has the id there; the next run finds
    /// the user.
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

    /// Deletes a user at Google; the next run removes the user from the tenant.
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

    /// The ids of the tenant's connections, in their order.
    #[must_use]
    pub fn connection_ids(&self) -> Vec<String> {
        self.shared.state().connections.keys().cloned().collect()
    }

    /// Does something with a connection as it is at present; `None` if there is no such connection.
    pub(crate) fn with_connection<T>(&self, id: &str, action: impl FnOnce(&mut ConnectionRecord) -> T) -> Option<T> {
        self.shared.state().connection(id, self.shared.clock.now()).ok().map(action)
    }

    #[cfg(feature = "program")]
    pub(crate) fn set_defaults(&self, defaults: TenantDefaults) {
        self.shared.state().defaults = defaults;
    }

    /// Writes the tenant's state to a JSON file, from which
    /// [`MockTenantBuilder::load`](crate::MockTenantBuilder::load) starts another.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(&self, file: impl AsRef<Path>) -> Result<(), StateError> {
        let shared = &self.shared;
        let snapshot = Snapshot::of(&shared.state(), shared.seed, shared.clock.now());
        persistence::write(file.as_ref(), &snapshot)
    }

    /// The requests so far, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.log).all()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        lock(&self.shared.log).clear();
    }

    /// Stops the tenant after the responses under way.
    pub async fn shutdown(mut self) {
        self.stop().await;
    }

    /// Answers what is under way and nothing more; the state can be read and saved afterwards.
    pub async fn stop(&mut self) {
        self.stop.send_replace(true);
        if self.serving.is_finished() {
            return;
        }
        // It ends without a panic of ours; if it did not, it has ended all the same.
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
