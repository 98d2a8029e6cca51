//! The description of a tenant before it starts.

use std::collections::BTreeMap;
use std::mem;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::watch;

use crate::access_token::TokenIssuer;
use crate::application::{Application, Applications};
use crate::clock::Clock;
use crate::connection::Connection;
#[cfg(feature = "control")]
use crate::control::access::{Control, Initial};
use crate::fault::queue::FaultQueue;
use crate::http_date::HttpDate;
use crate::persistence::{self, Snapshot};
use crate::rate_limit::{LimitSettings, RateLimit, RateLimits};
use crate::request_log::RequestLog;
use crate::request_pattern::RequestPattern;
#[cfg(feature = "control")]
use crate::seed::Seed;
use crate::seeding;
use crate::server::Endpoint;
use crate::shared::Shared;
use crate::start_error::StartError;
use crate::state::TenantState;
use crate::state::defaults::TenantDefaults;
use crate::state::features::{Feature, FeatureSet};
use crate::tenant::MockTenant;
use crate::token_quota::TokenQuotas;

/// Describes a tenant before it starts.
#[derive(Clone, Debug)]
#[must_use = "call `start`"]
pub struct MockTenantBuilder {
    connections: Vec<Connection>,
    listen: String,
    seed: u64,
    frozen_at: Option<DateTime<Utc>>,
    limits: LimitSettings,
    request_log: usize,
    token_lifetime: Duration,
    cursor_lifetime: Duration,
    applications: Vec<Application>,
    features: FeatureSet,
    tenant_name: String,
    roles: BTreeMap<String, (String, String)>,
    defaults: TenantDefaults,
    checks_responses: bool,
    state: Option<PathBuf>,
    #[cfg(feature = "control")]
    control: ControlSetting,
    #[cfg(feature = "tls")]
    tls: Option<crate::tls::Tls>,
}

/// Whether the tenant serves the control API.
#[cfg(feature = "control")]
#[derive(Clone, Debug, Default)]
enum ControlSetting {
    #[default]
    Off,
    On,
    WithKey(String),
}

impl MockTenant {
    /// Returns a builder of a tenant.
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
            limits: LimitSettings::default(),
            request_log: 10_000,
            token_lifetime: Duration::from_secs(86_400),
            cursor_lifetime: Duration::from_secs(3_600),
            applications: Vec::new(),
            features: FeatureSet::default(),
            tenant_name: seeding::DEFAULT_NAME.to_owned(),
            roles: BTreeMap::new(),
            defaults: TenantDefaults::default(),
            checks_responses: cfg!(debug_assertions),
            state: None,
            #[cfg(feature = "control")]
            control: ControlSetting::Off,
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

    /// Sets the address to listen on. Defaults to `127.0.0.1:0`, a free port.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen = address.into();
        self
    }

    /// Sets the seed of ids and credentials: tenants with the same seed send the same responses to the same requests.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Starts with a clock that is frozen at this time. [`Clock::advance`] moves it.
    pub fn frozen_at(mut self, time: DateTime<Utc>) -> Self {
        self.frozen_at = Some(time);
        self
    }

    /// Limits the rate of requests to the Management API. Defaults to no limit.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.limits.general = Some(limit);
        self
    }

    /// Limits the rate of one class of requests. Such requests do not count against the general limit, and the
    /// `x-ratelimit-*` headers of their responses describe the limit of the class. A request counts against the first
    /// class that it matches.
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
        self.limits.classes.push((requests.into(), limit));
        self
    }

    /// The number of latest requests that the log keeps. Defaults to 10,000.
    pub fn request_log(mut self, requests: usize) -> Self {
        self.request_log = requests;
        self
    }

    /// How long tokens are valid, in whole seconds. Defaults to a day.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// How long cursors are valid. Defaults to an hour.
    pub fn cursor_lifetime(mut self, lifetime: Duration) -> Self {
        self.cursor_lifetime = lifetime;
        self
    }

    /// Adds an application that can request tokens, besides the one that every tenant has.
    pub fn application(mut self, application: Application) -> Self {
        self.applications.push(application);
        self
    }

    /// Disables a feature. [`MockTenant::set_feature`] enables it later.
    pub fn without_feature(mut self, feature: Feature) -> Self {
        self.features.set(feature, false);
        self
    }

    /// Sets the name of the tenant in groups, events and SCIM configurations. Defaults to `acme`.
    pub fn tenant_name(mut self, name: impl Into<String>) -> Self {
        self.tenant_name = name.into();
        self
    }

    /// Adds a role that groups can be given, by its id, such as `rol_0123456789abcdef`.
    pub fn role(mut self, id: impl Into<String>, name: impl Into<String>, description: impl Into<String>) -> Self {
        self.roles.insert(id.into(), (name.into(), description.into()));
        self
    }

    /// Sets the options that the tenant adds to connections of a strategy. `options` is a JSON object; any other value adds
    /// nothing.
    pub fn option_defaults(mut self, strategy: impl Into<String>, options: &Value) -> Self {
        let options = options.as_object().cloned().unwrap_or_default();
        self.defaults.option_defaults.insert(strategy.into(), options);
        self
    }

    /// Whether the tenant checks its own responses against the contract, and sends a 500 instead of a response that
    /// deviates. Defaults to true in builds with debug assertions.
    pub fn check_responses(mut self, check: bool) -> Self {
        self.checks_responses = check;
        self
    }

    /// Starts with the state that [`MockTenant::save`] wrote to this file. Its connections, features, seed and time replace
    /// those of this builder.
    pub fn load(mut self, file: impl Into<PathBuf>) -> Self {
        self.state = Some(file.into());
        self
    }

    /// Serves the control API below `/_mock/`, for tests in any language. If the tenant does not listen on loopback, the API
    /// requires a key: [`MockTenant::control_key`].
    #[cfg(feature = "control")]
    pub fn control(mut self) -> Self {
        self.control = ControlSetting::On;
        self
    }

    /// Serves the control API, which requires this key as a bearer token.
    #[cfg(feature = "control")]
    pub fn control_key(mut self, key: impl Into<String>) -> Self {
        self.control = ControlSetting::WithKey(key.into());
        self
    }

    /// Adds the connections, roles, applications, features and rate limits of a seed file in JSON or YAML, and takes its
    /// name.
    ///
    /// # Errors
    ///
    /// The text is not acceptable; the error contains the place.
    #[cfg(feature = "control")]
    pub fn seed_file(self, text: &str) -> Result<Self, StartError> {
        self.seeded_with(&Seed::read(text)?)
    }

    /// Starts with a small company: Google Workspace with directory provisioning, and Okta with SCIM.
    ///
    /// # Errors
    ///
    /// None: the seed is part of this crate.
    #[cfg(feature = "control")]
    pub fn company(self) -> Result<Self, StartError> {
        self.seeded_with(&Seed::company()?)
    }

    #[cfg(feature = "control")]
    fn seeded_with(mut self, seed: &Seed) -> Result<Self, StartError> {
        self.connections.extend(seed.seeded_connections()?);
        self.applications.extend(seed.seeded_applications()?);
        let limits = seed.limits()?;
        self.limits.classes.extend(limits.classes);
        self.limits.general = limits.general.or(self.limits.general);
        self.tenant_name = seed.tenant_name.clone().unwrap_or(self.tenant_name);
        for role in &seed.roles {
            self.roles.insert(role.id.clone(), (role.name.clone(), role.description.clone()));
        }
        for (feature, enabled) in &seed.features {
            self.features.set(*feature, *enabled);
        }
        Ok(self)
    }

    /// Responds under TLS, with a certificate of this authority.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: crate::tls::Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Starts the tenant in the current tokio runtime.
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

        // The credentials have their own random numbers, so that they do not depend on the number of ids so far.
        let mut random = fastrand::Rng::with_seed(seed ^ CREDENTIALS);
        let mut text = |length| std::iter::repeat_with(|| random.alphanumeric()).take(length).collect::<String>();
        let (client_id, client_secret, key) = (text(32), text(64), text(64));
        let own = Application::new(client_id.clone()).secret(client_secret.clone());
        let applications = Applications::new(self.applications, own);
        #[cfg(feature = "control")]
        let control = {
            let key = match self.control {
                ControlSetting::WithKey(key) => Some(Some(key)),
                ControlSetting::On if endpoint.is_on_loopback() => Some(None),
                ControlSetting::On => Some(Some(text(32))),
                ControlSetting::Off => None,
            };
            let state = Snapshot::of(&state, seed, now);
            let initial = Initial { state, limits: self.limits.clone(), applications: applications.clone() };
            key.map(|key| Control { key, initial })
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            seed,
            clock,
            date: HttpDate::default(),
            tokens: TokenIssuer::new(key.as_bytes()),
            rate_limits: Mutex::new(RateLimits::new(&self.limits)),
            stubs: Mutex::default(),
            faults: Mutex::new(FaultQueue::default()),
            log: Mutex::new(RequestLog::new(self.request_log)),
            token_quotas: Mutex::new(TokenQuotas::default()),
            applications: Mutex::new(applications),
            client_id,
            client_secret,
            issuer: format!("{base_url}/"),
            audience: format!("{base_url}/api/v2/"),
            token_lifetime: self.token_lifetime,
            cursor_lifetime: self.cursor_lifetime,
            checks_responses: self.checks_responses,
            #[cfg(feature = "control")]
            control,
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
            // Time passed while the tenant was stopped, unless a test had moved its clock ahead.
            (None, Some(saved)) => Clock::running(saved.now.max(Utc::now())),
            (None, None) => Clock::running(Utc::now()),
        }
    }

    fn seeded_state(&mut self, now: DateTime<Utc>) -> Result<TenantState, StartError> {
        if self.connections.is_empty() {
            let connection = Connection::google_apps("con_0123456789abcdef").name("acme-workspace");
            self.connections.push(connection.configured());
        }
        let state = seeding::state(&self.tenant_name, mem::take(&mut self.connections), self.seed, now)?;
        Ok(TenantState {
            roles: mem::take(&mut self.roles),
            defaults: mem::take(&mut self.defaults),
            features: mem::take(&mut self.features),
            ..state
        })
    }
}

/// Separates the random numbers of credentials from those of ids.
const CREDENTIALS: u64 = 0x0061_7574_6830;
