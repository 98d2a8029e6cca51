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

    /// The scopes that a token needs for it.
    #[must_use]
    pub fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Read => &[READ],
            Self::Create => &[CREATE],
            Self::Update => &[UPDATE],
            Self::Delete => &[DELETE],
            Self::Ensure => &[READ, CREATE, UPDATE],
            Self::Synchronize => &[READ, CREATE],
            Self::Reconcile => &[READ, UPDATE],
            #[cfg(feature = "connections")]
            Self::Readiness => &["read:connections", "read:connections_options", READ],
            #[cfg(feature = "connections")]
            Self::ChangeOptions => {
                &["read:connections", "read:connections_options", "update:connections", "update:connections_options"]
            }
            #[cfg(feature = "connections")]
            Self::CreateConnection => &["create:connections"],
            #[cfg(feature = "connections")]
            Self::DeleteConnection => &["delete:connections"],
            #[cfg(feature = "scim")]
            Self::EnsureScim => &["read:scim_config", "create:scim_config", "update:scim_config"],
            #[cfg(feature = "scim")]
            Self::RotateScimToken => &["read:scim_token", "create:scim_token", "delete:scim_token"],
            #[cfg(feature = "groups")]
            Self::Groups => &["read:groups", "read:group_members"],
            #[cfg(feature = "groups")]
            Self::GroupRoles => &["read:group_roles", "create:group_roles", "delete:group_roles"],
            #[cfg(feature = "logs")]
            Self::Logs => &["read:logs"],
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Ensure => "ensure",
            Self::Synchronize => "synchronize",
            Self::Reconcile => "reconcile",
            #[cfg(feature = "connections")]
            Self::Readiness => "readiness",
            #[cfg(feature = "connections")]
            Self::ChangeOptions => "change options",
            #[cfg(feature = "connections")]
            Self::CreateConnection => "create a connection",
            #[cfg(feature = "connections")]
            Self::DeleteConnection => "delete a connection",
            #[cfg(feature = "scim")]
            Self::EnsureScim => "ensure SCIM",
            #[cfg(feature = "scim")]
            Self::RotateScimToken => "rotate a SCIM token",
            #[cfg(feature = "groups")]
            Self::Groups => "groups and members",
            #[cfg(feature = "groups")]
            Self::GroupRoles => "roles of groups",
            #[cfg(feature = "logs")]
            Self::Logs => "logs and run history",
        })
    }
}

#[cfg(test)]
mod tests {
    use auth0_provisioning_api::directory_provisioning::operations;

    use super::*;

    #[test]
    fn scopes_are_those_of_the_operations() {
        assert_eq!(Verb::Read.scopes(), operations::GET_DIRECTORY_PROVISIONING.scopes);
        assert_eq!(Verb::Create.scopes(), operations::POST_DIRECTORY_PROVISIONING.scopes);
        assert_eq!(Verb::Update.scopes(), operations::PATCH_DIRECTORY_PROVISIONING.scopes);
        assert_eq!(Verb::Delete.scopes(), operations::DELETE_DIRECTORY_PROVISIONING.scopes);
        assert!(Verb::Synchronize.scopes().contains(&operations::POST_SYNCHRONIZATIONS.scopes[0]));
        assert!(Verb::Reconcile.scopes().contains(&operations::PUT_SYNCHRONIZED_GROUPS.scopes[0]));
    }

    #[cfg(all(feature = "connections", feature = "scim", feature = "groups", feature = "logs"))]
    #[test]
    fn scopes_of_the_areas_too() {
        use auth0_provisioning_api::{
            connections::operations as c, groups::operations as g, logs, scim::operations as s,
        };

        let reaches = |verb: Verb, operations: &[auth0_transport::Operation]| {
            operations.iter().all(|operation| operation.scopes.iter().any(|scope| verb.scopes().contains(scope)))
        };
        assert!(reaches(Verb::Readiness, &[c::GET_CONNECTIONS_BY_ID, c::GET_STATUS]));
        assert!(reaches(Verb::ChangeOptions, &[c::GET_CONNECTIONS_BY_ID, c::PATCH_CONNECTIONS_BY_ID]));
        assert!(reaches(Verb::CreateConnection, &[c::POST_CONNECTIONS]));
        assert!(reaches(Verb::DeleteConnection, &[c::DELETE_CONNECTIONS_BY_ID]));
        assert!(reaches(
            Verb::EnsureScim,
            &[s::GET_SCIM_CONFIGURATION, s::POST_SCIM_CONFIGURATION, s::PATCH_SCIM_CONFIGURATION]
        ));
        assert!(reaches(
            Verb::RotateScimToken,
            &[s::GET_SCIM_TOKENS, s::POST_SCIM_TOKEN, s::DELETE_TOKENS_BY_TOKEN_ID]
        ));
        assert!(reaches(Verb::Groups, &[g::GET_GROUPS, g::GET_GROUP, g::GET_GROUP_MEMBERS]));
        assert!(reaches(Verb::GroupRoles, &[g::GET_GROUP_ROLES, g::POST_GROUP_ROLES, g::DELETE_GROUP_ROLES]));
        assert!(reaches(Verb::Logs, &[logs::operations::GET_LOGS]));
    }
}
