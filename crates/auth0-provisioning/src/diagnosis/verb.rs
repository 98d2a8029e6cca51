//! The scopes of each verb.

use std::fmt;

use serde::{Deserialize, Serialize};

pub(super) const READ: &str = "read:directory_provisionings";
pub(super) const CREATE: &str = "create:directory_provisionings";
pub(super) const UPDATE: &str = "update:directory_provisionings";
pub(super) const DELETE: &str = "delete:directory_provisionings";

/// What a program does with this crate, as far as scopes are concerned.
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
}

impl Verb {
    /// All verbs.
    pub const ALL: [Self; 7] =
        [Self::Read, Self::Create, Self::Update, Self::Delete, Self::Ensure, Self::Synchronize, Self::Reconcile];

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
}
