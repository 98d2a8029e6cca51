//! What a tenant starts with.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use thiserror::Error;
use tokio::sync::watch;

use crate::access_token::TokenOffice;
use crate::clock::Clock;
use crate::connection::Connection;
use crate::rate_limit::{Bucket, RateLimit};
use crate::request_log::RequestLog;
use crate::state::TenantState;
use crate::tenant::{MockTenant, Shared};
use crate::{scopes, server};

/// Describes a tenant before it starts.
#[derive(Clone, Debug)]
#[must_use = "a tenant starts with `start`"]
pub struct MockTenantBuilder {
    connections: Vec<Connection>,
    listen: String,
    seed: u64,
    frozen_at: Option<DateTime<Utc>>,
    rate_limit: Option<RateLimit>,
    request_log: usize,
    token_lifetime: Duration,
}

/// Why a tenant could not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// A seeded connection has an id that the API would refuse.
    #[error("`{0}` is no connection id: it has to be `con_` and then letters and digits")]
    ConnectionId(String),
    /// Two seeded connections have one id.
    #[error("two connections have the id `{0}`")]
    DuplicateConnection(String),
    /// No token could be signed.
    #[error("cannot sign a token")]
    Token(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl MockTenantBuilder {
    pub(crate) fn new() -> Self {
        Self {
            connections: Vec::new(),
            listen: "127.0.0.1:0".to_owned(),
            seed: 0,
            frozen_at: None,
            rate_limit: None,
            request_log: 10_000,
            token_lifetime: Duration::from_secs(86_400),
        }
    }

    /// Adds a connection. Without any, the tenant has one: `con_0123456789abcdef`, configured.
    pub fn connection(mut self, connection: Connection) -> Self {
        self.connections.push(connection);
        self
    }

    /// Adds connections.
    pub fn connections(mut self, connections: impl IntoIterator<Item = Connection>) -> Self {
        self.connections.extend(connections);
        self
    }

    /// The address to listen on; `127.0.0.1:0`, a free port, unless told.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen = address.into();
        self
    }

    /// Decides ids and credentials: tenants with one seed, asked the same, answer the same.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Starts with a clock that stands at this time and moves by [`Clock::advance`] alone.
    pub fn frozen_at(mut self, time: DateTime<Utc>) -> Self {
        self.frozen_at = Some(time);
        self
    }

    /// Limits the rate of requests to the Management API; unlimited unless told.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// How many requests the log keeps, the latest; 10,000 unless told.
    pub fn request_log(mut self, requests: usize) -> Self {
        self.request_log = requests;
        self
    }

    /// How long tokens are valid, in whole seconds; a day unless told.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Starts the tenant within the present tokio runtime.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on, or a seeded connection is not acceptable.
    pub async fn start(mut self) -> Result<MockTenant, StartError> {
        if self.connections.is_empty() {
            let connection = Connection::google_apps("con_0123456789abcdef").name("acme-workspace");
            self.connections.push(connection.configured());
        }
        let clock = self.frozen_at.map_or_else(|| Clock::running(Utc::now()), Clock::frozen);
        let now = clock.now();
        let mut connections = BTreeMap::new();
        for connection in self.connections {
            if !is_connection_id(connection.id()) {
                return Err(StartError::ConnectionId(connection.id().to_owned()));
            }
            let record = connection.into_record(now);
            if let Some(other) = connections.insert(record.id.clone(), record) {
                return Err(StartError::DuplicateConnection(other.id));
            }
        }
        let listening = server::listen(&self.listen).await;
        let (listener, address) = listening.map_err(|source| StartError::Listen { address: self.listen, source })?;
        let base_url = format!("http://{address}");

        let mut random = fastrand::Rng::with_seed(self.seed);
        let mut text = |length| std::iter::repeat_with(|| random.alphanumeric()).take(length).collect::<String>();
        let (client_id, client_secret, key) = (text(32), text(64), text(64));
        let tokens = TokenOffice::new(key.as_bytes());
        let issuer = format!("{base_url}/");
        let audience = format!("{base_url}/api/v2/");
        let all = scopes::ALL.map(String::from);
        let access_token = tokens
            .issue(&issuer, &client_id, &audience, &all, now, self.token_lifetime)
            .map_err(|error| StartError::Token(Box::new(error)))?;
        let shared = Arc::new(Shared {
            state: Mutex::new(TenantState { connections, random }),
            clock,
            tokens,
            bucket: Mutex::new(Bucket::new(self.rate_limit)),
            log: Mutex::new(RequestLog::new(self.request_log)),
            client_id,
            client_secret,
            issuer,
            audience,
            token_lifetime: self.token_lifetime,
        });
        let (stop, stopping) = watch::channel(false);
        let serving = tokio::spawn(server::serve(listener, Arc::clone(&shared), stopping));
        Ok(MockTenant::new(shared, base_url, access_token, stop, serving))
    }
}

/// Whether the API takes this for a connection id: `con_` and then letters and digits.
pub(crate) fn is_connection_id(id: &str) -> bool {
    let rest = id.strip_prefix("con_").unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
