//! The scopes of each verb.

use std::fmt;

use serde::{Deserialize, Serialize};

pub(super) const READ: &str = "read:directory_provisionings";
pub(super) const CREATE: &str = "create:directory_provisionings";
pub(super) const UPDATE: &str = "update:directory_provisionings";
pub(super) const DELETE: &str = "delete:directory_provisionings";

/// A use of this crate that needs its own set of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verb {
    /// Reading configurations and groups, `health`, `watch_run`, dry runs.
    Read,
    /// `create`.
    Create,
    /// `update`, and `add`, `remove` and `replace` of groups.
    Update,
    /// `delete`.
    Delete,
    /// `ensure`, `ensure_each`.
    Ensure,
    /// `synchronize_and_wait`, `synchronize_and_watch`.
    Synchronize,
    /// `reconcile`.
    Reconcile,
    /// `readiness`.
    #[cfg(feature = "connections")]
    Readiness,
    /// `change_options`.
    #[cfg(feature = "connections")]
    ChangeOptions,
    /// `create_connection`.
    #[cfg(feature = "connections")]
    CreateConnection,
    /// `delete` of a connection.
    #[cfg(feature = "connections")]
    DeleteConnection,
    /// `ensure` of a SCIM configuration.
    #[cfg(feature = "scim")]
    EnsureScim,
    /// `rotate_token`, confirmed or abandoned.
    #[cfg(feature = "scim")]
    RotateScimToken,
    /// Groups that arrived, and their members.
    #[cfg(feature = "groups")]
    Groups,
    /// `add_roles` and `remove_roles` of a group.
    #[cfg(feature = "groups")]
    GroupRoles,
    /// Log events, `run_history`, and the reports of runs.
    #[cfg(feature = "logs")]
    Logs,
}

impl Verb {
    /// All verbs of the features that are enabled.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Ensure,
        Self::Synchronize,
        Self::Reconcile,
        #[cfg(feature = "connections")]
        Self::Readiness,
        #[cfg(feature = "connections")]
        Self::ChangeOptions,
        #[cfg(feature = "connections")]
        Self::CreateConnection,
        #[cfg(feature = "connections")]
        Self::DeleteConnection,
        #[cfg(feature = "scim")]
        Self::EnsureScim,
        #[cfg(feature = "scim")]
        Self::RotateScimToken,
        #[cfg(feature = "groups")]
        Self::Groups,
        #[cfg(feature = "groups")]
        Self::GroupRoles,
        #[cfg(feature = "logs")]
        Self::Logs,
    ];

    /// Its name, and the scopes that a token needs for it.
    fn described(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Read => ("read", &[READ]),
            Self::Create => ("create", &[CREATE]),
            Self::Update => ("update", &[UPDATE]),
            Self::Delete => ("delete", &[DELETE]),
            Self::Ensure => ("ensure", &[READ, CREATE, UPDATE]),
            Self::Synchronize => ("synchronize", &[READ, CREATE]),
            Self::Reconcile => ("reconcile", &[READ, UPDATE]),
            #[cfg(feature = "connections")]
            Self::Readiness => ("readiness", &["read:connections", "read:connections_options", READ]),
            #[cfg(feature = "connections")]
            Self::ChangeOptions => (
                "change options",
                &["read:connections", "read:connections_options", "update:connections", "update:connections_options"],
            ),
            #[cfg(feature = "connections")]
            Self::CreateConnection => ("create a connection", &["create:connections"]),
            #[cfg(feature = "connections")]
            Self::DeleteConnection => ("delete a connection", &["delete:connections"]),
            #[cfg(feature = "scim")]
            Self::EnsureScim => ("ensure SCIM", &["read:scim_config", "create:scim_config", "update:scim_config"]),
            #[cfg(feature = "scim")]
            Self::RotateScimToken => {
                ("rotate a SCIM token", &["read:scim_token", "create:scim_token", "delete:scim_token"])
            }
            #[cfg(feature = "groups")]
            Self::Groups => ("groups and members", &["read:groups", "read:group_members"]),
            #[cfg(feature = "groups")]
            Self::GroupRoles => ("roles of groups", &["read:group_roles", "create:group_roles", "delete:group_roles"]),
            #[cfg(feature = "logs")]
            Self::Logs => ("logs and run history", &["read:logs"]),
        }
    }

    /// The scopes that a token needs for it.
    #[must_use]
    pub fn scopes(self) -> &'static [&'static str] {
        self.described().1
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.described().0)
    }
}

#[cfg(all(test, feature = "connections", feature = "scim", feature = "groups", feature = "logs"))]
mod tests {
    use auth0_provisioning_api::{
        connections::operations as connections, directory_provisioning::operations as directory,
        groups::operations as groups, logs::operations as logs, scim::operations as scim,
    };
    use auth0_transport::Operation;

    use super::*;

    #[test]
    fn scopes_are_those_of_the_operations() {
        let operations: &[(Verb, &[Operation])] = &[
            (Verb::Read, &[directory::GET_DIRECTORY_PROVISIONING]),
            (Verb::Create, &[directory::POST_DIRECTORY_PROVISIONING]),
            (Verb::Update, &[directory::PATCH_DIRECTORY_PROVISIONING]),
            (Verb::Delete, &[directory::DELETE_DIRECTORY_PROVISIONING]),
            (Verb::Synchronize, &[directory::GET_DIRECTORY_PROVISIONING, directory::POST_SYNCHRONIZATIONS]),
            (Verb::Reconcile, &[directory::GET_SYNCHRONIZED_GROUPS, directory::PUT_SYNCHRONIZED_GROUPS]),
            (Verb::Readiness, &[connections::GET_CONNECTIONS_BY_ID, connections::GET_STATUS]),
            (Verb::ChangeOptions, &[connections::GET_CONNECTIONS_BY_ID, connections::PATCH_CONNECTIONS_BY_ID]),
            (Verb::CreateConnection, &[connections::POST_CONNECTIONS]),
            (Verb::DeleteConnection, &[connections::DELETE_CONNECTIONS_BY_ID]),
            (
                Verb::EnsureScim,
                &[scim::GET_SCIM_CONFIGURATION, scim::POST_SCIM_CONFIGURATION, scim::PATCH_SCIM_CONFIGURATION],
            ),
            (Verb::RotateScimToken, &[scim::GET_SCIM_TOKENS, scim::POST_SCIM_TOKEN, scim::DELETE_TOKENS_BY_TOKEN_ID]),
            (Verb::Groups, &[groups::GET_GROUPS, groups::GET_GROUP, groups::GET_GROUP_MEMBERS]),
            (Verb::GroupRoles, &[groups::GET_GROUP_ROLES, groups::POST_GROUP_ROLES, groups::DELETE_GROUP_ROLES]),
            (Verb::Logs, &[logs::GET_LOGS]),
        ];
        for (verb, operations) in operations {
            for operation in *operations {
                let id = operation.id;
                let has_scope = operation.scopes.iter().any(|scope| verb.scopes().contains(scope));
                assert!(has_scope, "{verb:?} lacks a scope of {id}: {:?}", operation.scopes);
            }
        }
    }
}
