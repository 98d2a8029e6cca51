//! What the tenant remembers.

pub(crate) mod configuration;
pub(crate) mod connection;
pub(crate) mod mapping;

use std::collections::BTreeMap;

use connection::ConnectionRecord;

/// Everything that changes as the tenant is used, except tokens and the rate limit.
#[derive(Debug)]
pub(crate) struct TenantState {
    pub(crate) connections: BTreeMap<String, ConnectionRecord>,
    pub(crate) random: fastrand::Rng,
}
