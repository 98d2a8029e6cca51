//! SCIM configurations and their tokens.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::{earlier, later};

use super::scim_mapping::{ScimMappingItem, default_mapping};

/// The largest number of tokens of a connection.
pub(crate) const MOST_TOKENS: usize = 2;

/// Returns the default scopes of a token.
pub(crate) fn every_scope() -> Vec<String> {
    let of = |what| ["get", "post", "put", "patch", "delete"].map(|verb| format!("{verb}:{what}"));
    ["users", "groups"].into_iter().flat_map(of).collect()
}

/// A SCIM configuration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ScimConfiguration {
    pub(crate) user_id_attribute: String,
    pub(crate) mapping: Vec<ScimMappingItem>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_on: DateTime<Utc>,
    pub(crate) tokens: Vec<ScimToken>,
}

/// The body of a request to create or update.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ScimChange {
    user_id_attribute: Option<String>,
    mapping: Option<Vec<ScimMappingItem>>,
}

/// A token. Its secret is not kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ScimToken {
    pub(crate) token_id: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) valid_until: Option<DateTime<Utc>>,
}

/// A token that a tenant is seeded with.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "control"), allow(dead_code))] // used by seed files
pub(crate) struct PastToken {
    pub(crate) created_ago: Duration,
    pub(crate) lifetime: Option<Duration>,
    pub(crate) scopes: Option<Vec<String>>,
}

impl PastToken {
    /// Returns the token of a connection, for a tenant that starts now.
    pub(crate) fn into_token(self, connection_id: &str, number: usize, now: DateTime<Utc>) -> ScimToken {
        let created_at = earlier(now, self.created_ago);
        let of = connection_id.trim_start_matches("con_");
        ScimToken {
            token_id: format!("tok_{of}{number}"),
            scopes: self.scopes.unwrap_or_else(every_scope),
            created_at,
            valid_until: self.lifetime.map(|lifetime| later(created_at, lifetime)),
        }
    }
}

impl ScimChange {
    /// Whether no name in the mapping is empty.
    pub(crate) fn is_valid(&self) -> bool {
        let is_named = |name: &Option<String>| name.as_ref().is_some_and(|name| !name.is_empty());
        self.mapping.iter().flatten().all(|row| is_named(&row.scim) && is_named(&row.auth0))
    }
}

impl ScimConfiguration {
    /// Creates a configuration from a request and the defaults of the strategy.
    pub(crate) fn new(strategy: &str, change: ScimChange, now: DateTime<Utc>) -> Self {
        Self {
            user_id_attribute: change.user_id_attribute.unwrap_or_else(|| "externalId".to_owned()),
            mapping: change.mapping.unwrap_or_else(|| default_mapping(strategy)),
            created_at: now,
            updated_on: now,
            tokens: Vec::new(),
        }
    }

    pub(crate) fn apply(&mut self, change: ScimChange, now: DateTime<Utc>) {
        self.user_id_attribute = change.user_id_attribute.unwrap_or_else(|| self.user_id_attribute.clone());
        self.mapping = change.mapping.unwrap_or_else(|| self.mapping.clone());
        self.updated_on = now;
    }

    /// Removes expired tokens. Returns whether the configuration can have another token.
    pub(crate) fn has_room(&mut self, now: DateTime<Utc>) -> bool {
        self.tokens.retain(|token| token.valid_until.is_none_or(|end| end > now));
        self.tokens.len() < MOST_TOKENS
    }

    /// Removes a token. Returns whether it existed.
    pub(crate) fn revoke(&mut self, token_id: &str) -> bool {
        let before = self.tokens.len();
        self.tokens.retain(|token| token.token_id != token_id);
        self.tokens.len() < before
    }
}
