//! The data that the handle of a tenant and its connections share.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::access_token::TokenIssuer;
use crate::application::{Application, Applications};
use crate::clock::Clock;
#[cfg(feature = "control")]
use crate::control::access::Control;
use crate::fault::queue::FaultQueue;
use crate::http_date::HttpDate;
use crate::lock::lock;
use crate::rate_limit::RateLimits;
use crate::request_log::RequestLog;
use crate::scopes;
use crate::state::TenantState;
use crate::stub::Stub;
use crate::token_quota::{QuotaReport, TokenQuotas};

/// The state of a tenant, its settings, and its log.
pub(crate) struct Shared {
    pub(crate) state: Mutex<TenantState>,
    pub(crate) seed: u64,
    pub(crate) clock: Clock,
    pub(crate) date: HttpDate,
    pub(crate) tokens: TokenIssuer,
    pub(crate) rate_limits: Mutex<RateLimits>,
    pub(crate) stubs: Mutex<Vec<Stub>>,
    pub(crate) faults: Mutex<FaultQueue>,
    pub(crate) log: Mutex<RequestLog>,
    pub(crate) token_quotas: Mutex<TokenQuotas>,
    pub(crate) applications: Mutex<Applications>,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) token_lifetime: Duration,
    pub(crate) cursor_lifetime: Duration,
    pub(crate) checks_responses: bool,
    /// The control API, if the tenant has one.
    #[cfg(feature = "control")]
    pub(crate) control: Option<Control>,
}

impl Shared {
    pub(crate) fn state(&self) -> MutexGuard<'_, TenantState> {
        lock(&self.state)
    }

    /// Returns the application with this id.
    pub(crate) fn application(&self, client_id: &str) -> Option<Application> {
        lock(&self.applications).get(client_id).cloned()
    }

    pub(crate) fn issue_token(
        &self,
        client_id: &str,
        audience: &str,
        scopes: &[String],
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> String {
        self.tokens.issue(&self.issuer, client_id, audience, scopes, now, lifetime)
    }

    pub(crate) fn token_for_own_application(&self, now: DateTime<Utc>) -> String {
        self.issue_token(&self.client_id, &self.audience, scopes::all(), now, self.token_lifetime)
    }

    /// Takes one token out of the application's quota, if it has one.
    pub(crate) fn take_token_quota(&self, application: &Application, now: DateTime<Utc>) -> Option<QuotaReport> {
        let quota = application.token_quota?;
        Some(lock(&self.token_quotas).take(&application.client_id, quota, now))
    }
}
