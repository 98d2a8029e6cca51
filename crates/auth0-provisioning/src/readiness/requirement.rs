//! What a connection needs, and whether it has it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a connection needs to be provisioned from its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Requirement {
    /// The token has the scopes to look.
    Scopes,
    /// The connection exists.
    Connection,
    /// Its strategy has directory provisioning: `google-apps`.
    Strategy,
    /// The option `api_enable_users`.
    UsersApi,
    /// The option `api_enable_groups`; needed where groups are synchronized.
    GroupsApi,
    /// The setup is complete, and an administrator of the directory has consented.
    Status,
    /// The tenant has the feature.
    Feature,
    /// The connection has a configuration.
    Configuration,
}

/// Whether a requirement is fulfilled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RequirementStatus {
    /// It is.
    Met,
    /// It need not be.
    NotNeeded,
    /// It is not.
    #[non_exhaustive]
    Missing {
        /// What is instead.
        found: String,
        /// What to do.
        remedy: String,
    },
    /// It could not be looked at, and why.
    Unknown(String),
}

impl RequirementStatus {
    pub(super) fn missing(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Missing { found: found.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Scopes => "scopes",
            Self::Connection => "connection",
            Self::Strategy => "strategy",
            Self::UsersApi => "api_enable_users",
            Self::GroupsApi => "api_enable_groups",
            Self::Status => "status",
            Self::Feature => "feature",
            Self::Configuration => "configuration",
        })
    }
}

impl fmt::Display for RequirementStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Met => formatter.write_str("ok"),
            Self::NotNeeded => formatter.write_str("not needed"),
            Self::Missing { found, remedy } => write!(formatter, "MISSING: {found}; {remedy}"),
            Self::Unknown(reason) => write!(formatter, "unknown: {reason}"),
        }
    }
}
