//! What the tenant remembers.

pub(crate) mod configuration;
pub(crate) mod connection;
pub(crate) mod default_mapping;
pub(crate) mod features;
pub(crate) mod groups;
pub(crate) mod mapping;
pub(crate) mod runs;
pub(crate) mod setup;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::cause::Cause;
use connection::ConnectionRecord;
use features::FeatureSet;

/// Everything that changes as the tenant is used, except tokens and the rate limit.
#[derive(Debug)]
pub(crate) struct TenantState {
    pub(crate) connections: BTreeMap<String, ConnectionRecord>,
    pub(crate) features: FeatureSet,
    pub(crate) random: fastrand::Rng,
}

impl TenantState {
    /// The connection with this id, as it is at this time.
    pub(crate) fn connection(&mut self, id: &str, now: DateTime<Utc>) -> Result<&mut ConnectionRecord, Cause> {
        let connection = self.connections.get_mut(id).ok_or(Cause::ConnectionNotFound)?;
        connection.settle(now);
        Ok(connection)
    }

    /// An id in the API's style: a prefix, and 16 letters and digits.
    pub(crate) fn new_id(&mut self, prefix: &str) -> String {
        let random = std::iter::repeat_with(|| self.random.alphanumeric()).take(16);
        prefix.chars().chain(random).collect()
    }
}
