//! What a tenant starts with.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{io, mem};

use chrono::{DateTime, Utc};
use thiserror::Error;
use tokio::sync::watch;

use crate::access_token::TokenOffice;
use crate::application::Application;
use crate::clock::Clock;
use crate::connection::Connection;
use crate::connection_id::is_connection_id;
use crate::fault::queue::FaultQueue;
use crate::persistence::{self, Snapshot, StateError};
use crate::rate_limit::{RateLimit, RateLimits};
use crate::request_log::RequestLog;
use crate::request_pattern::RequestPattern;
use crate::server::Endpoint;
use crate::shared::Shared;
use crate::state::TenantState;
use crate::state::features::{Feature, FeatureSet};
use crate::tenant::MockTenant;
use crate::token_quota::TokenQuotas;

/// Describes a tenant before it starts.
#[derive(Clone, Debug)]
#[must_use = "a tenant starts with `start`"]
pub struct MockTenantBuilder {
    connections: Vec<Connection>,
    listen: String,
    seed: u64,
    frozen_at: Option<DateTime<Utc>>,
    rate_limit: Option<RateLimit>,
    class_limits: Vec<(RequestPattern, RateLimit)>,
    request_log: usize,
    token_lifetime: Duration,
    cursor_lifetime: Duration,
    applications: Vec<Application>,
    features: FeatureSet,
    checks_answers: bool,
    state: Option<PathBuf>,
    #[cfg(feature = "tls")]
    tls: Option<crate::tls::Tls>,
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
    /// The saved state cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
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
}

impl MockTenantBuilder {
    fn new() -> Self {
        Self {
            connections: Vec::new(),
            listen: "127.0.0.1:0".to_owned(),
            seed: 0,
            frozen_at: None,
            rate_limit: None,
            class_limits: Vec::new(),
            request_log: 10_000,
            token_lifetime: Duration::from_secs(86_400),
            cursor_lifetime: Duration::from_secs(3_600),
            applications: Vec::new(),
            features: FeatureSet::default(),
            checks_answers: cfg!(debug_assertions),
            state: None,
            #[cfg(feature = "tls")]
            tls: None,
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

    /// Limits the rate of one class of requests, apart from the general limit: such requests count against this limit
    /// alone, and the `x-ratelimit-*` headers of their answers describe it. Where classes overlap, the first one counts.
    ///
    /// ```
    /// use std::time::Duration;
    /// use auth0_provisioning_mock::{MockTenant, Operation, RateLimit, RequestPattern};
    ///
    /// let rotation = RequestPattern::new("POST", "/api/v2/keys/signing/rotate");
    /// let builder = MockTenant::builder()
    ///     .rate_limit(RateLimit::new(50, 16))
    ///     .rate_limit_of(rotation, RateLimit::per(5, 5, Duration::from_secs(86_400)))
    ///     .rate_limit_of(Operation::Synchronize, RateLimit::new(2, 1));
    /// # let _ = builder;
    /// ```
    pub fn rate_limit_of(mut self, requests: impl Into<RequestPattern>, limit: RateLimit) -> Self {
        self.class_limits.push((requests.into(), limit));
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

    /// How long cursors lead anywhere; an hour unless told.
    pub fn cursor_lifetime(mut self, lifetime: Duration) -> Self {
        self.cursor_lifetime = lifetime;
        self
    }

    /// Adds an application that may ask for tokens, besides the one that every tenant has.
    pub fn application(mut self, application: Application) -> Self {
        self.applications.push(application);
        self
    }

    /// Starts without a feature; [`MockTenant::set_feature`] changes that later.
    pub fn without_feature(mut self, feature: Feature) -> Self {
        self.features.set(feature, false);
        self
    }

    /// Whether the tenant judges its own answers by the contract, and answers 500 instead of breaking it. On in
    /// builds with debug assertions unless told, off in others.
    pub fn check_answers(mut self, check: bool) -> Self {
        self.checks_answers = check;
        self
    }

    /// Starts with the state that [`MockTenant::save`] wrote to this file: its connections, features, seed and time
    /// take the place of those told here.
    pub fn load(mut self, file: impl Into<PathBuf>) -> Self {
        self.state = Some(file.into());
        self
    }

    /// Answers under TLS, with a certificate of this authority.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: crate::tls::Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Starts the tenant within the present tokio runtime.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on, a seeded connection is not acceptable, or the saved state cannot be read.
    pub async fn start(mut self) -> Result<MockTenant, StartError> {
        let saved = match self.state.take() {
            Some(file) => Some(persistence::read(&file)?),
            None => None,
        };
        let clock = self.clock(saved.as_ref());
        let now = clock.now();
        let (seed, state) = match saved {
            Some(saved) => (saved.seed, saved.into_state()),
            None => (self.seed, self.seeded_state(now)?),
        };
        let endpoint = Endpoint::bind(&self.listen).await;
        let endpoint = endpoint.map_err(|source| StartError::Listen { address: self.listen, source })?;
        #[cfg(feature = "tls")]
        let endpoint = endpoint.with_tls(self.tls.map(crate::tls::Tls::into_acceptor));
        let base_url = endpoint.base_url();

        // The credentials come from a source of their own: they stay the same however many ids were given out.
        let mut random = fastrand::Rng::with_seed(seed ^ CREDENTIALS);
        let mut text = |length| std::iter::repeat_with(|| random.alphanumeric()).take(length).collect::<String>();
        let (client_id, client_secret, key) = (text(32), text(64), text(64));
        let own = Application::new(client_id.clone()).secret(client_secret.clone());
        let applications = self.applications.into_iter().chain([own]);
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            seed,
            clock,
            tokens: TokenOffice::new(key.as_bytes()),
            rate_limits: Mutex::new(RateLimits::new(self.rate_limit, self.class_limits)),
            stubs: Mutex::default(),
            faults: Mutex::new(FaultQueue::default()),
            log: Mutex::new(RequestLog::new(self.request_log)),
            token_quotas: Mutex::new(TokenQuotas::default()),
            applications: applications.map(|application| (application.client_id.clone(), application)).collect(),
            client_id,
            client_secret,
            issuer: format!("{base_url}/"),
            audience: format!("{base_url}/api/v2/"),
            token_lifetime: self.token_lifetime,
            cursor_lifetime: self.cursor_lifetime,
            checks_answers: self.checks_answers,
        });
        let access_token = shared.token_for_own_application(now);
        let (stop, stopping) = watch::channel(false);
        let serving = tokio::spawn(endpoint.serve(Arc::clone(&shared), stopping));
        Ok(MockTenant::new(shared, base_url, access_token, stop, serving))
    }

    fn clock(&self, saved: Option<&Snapshot>) -> Clock {
        match (self.frozen_at, saved) {
            (Some(time), None) => Clock::frozen(time),
            (Some(_), Some(saved)) => Clock::frozen(saved.now),
            // Time has gone on while the tenant was stopped, unless a test had moved its clock ahead.
            (None, Some(saved)) => Clock::running(saved.now.max(Utc::now())),
            (None, None) => Clock::running(Utc::now()),
        }
    }

    fn seeded_state(&mut self, now: DateTime<Utc>) -> Result<TenantState, StartError> {
        if self.connections.is_empty() {
            let connection = Connection::google_apps("con_0123456789abcdef").name("acme-workspace");
            self.connections.push(connection.configured());
        }
        let mut connections = BTreeMap::new();
        for connection in self.connections.drain(..) {
            if !is_connection_id(connection.id()) {
                return Err(StartError::ConnectionId(connection.id().to_owned()));
            }
            let record = connection.into_record(now);
            if let Some(other) = connections.insert(record.id.clone(), record) {
                return Err(StartError::DuplicateConnection(other.id));
            }
        }
        let random = fastrand::Rng::with_seed(self.seed);
        Ok(TenantState { connections, features: mem::take(&mut self.features), random })
    }
}

/// Sets the credentials' source of randomness apart from that of the ids.
const CREDENTIALS: u64 = 0x0061_7574_6830;
