//! A running tenant, and what a test can ask of it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::access_token::TokenOffice;
use crate::builder::{MockTenantBuilder, StartError};
use crate::clock::Clock;
use crate::rate_limit::Bucket;
use crate::request_log::{RecordedRequest, RequestLog};
use crate::state::TenantState;

/// What the handle and the connections have in common.
pub(crate) struct Shared {
    pub(crate) state: Mutex<TenantState>,
    pub(crate) clock: Clock,
    pub(crate) tokens: TokenOffice,
    pub(crate) bucket: Mutex<Bucket>,
    pub(crate) log: Mutex<RequestLog>,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) token_lifetime: Duration,
}

/// A running tenant. It stops when this is dropped.
pub struct MockTenant {
    shared: Arc<Shared>,
    base_url: String,
    access_token: String,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl MockTenant {
    /// Describes a tenant to start.
    pub fn builder() -> MockTenantBuilder {
        MockTenantBuilder::new()
    }

    /// Starts a tenant with one connection, `con_0123456789abcdef`, that has a configuration.
    ///
    /// # Errors
    ///
    /// No loopback port is free.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

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
        let token = shared.tokens.issue(
            &shared.issuer,
            &shared.client_id,
            &shared.audience,
            &scopes,
            now,
            shared.token_lifetime,
        );
        // The same key signed a token when the tenant started.
        #[allow(clippy::expect_used)]
        token.expect("a key that signed once signs again")
    }

    /// Revokes one token: requests with it get 401 from now on. `false` if this tenant did not issue it.
    pub fn revoke_token(&self, token: &str) -> bool {
        self.shared.tokens.revoke(token)
    }

    /// Revokes every token issued so far; new ones can be asked for.
    pub fn revoke_all_tokens(&self) {
        self.shared.tokens.revoke_all();
    }

    /// The tenant's own clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The requests so far, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.log.lock().unwrap_or_else(PoisonError::into_inner).all()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.log.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Stops the tenant after the answers under way.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
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
