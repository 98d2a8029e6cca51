//! The command for each operation of the API, or the reason for none.

/// The command for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The command that calls the operation.
    Command(&'static str),
    /// No command calls the operation, for this reason.
    Without(&'static str),
}

use Place::{Command, Without};

const BY_OTHER_TOOLS: &str = "connections are managed by the Deploy CLI or Terraform";
const APPLICATIONS: &str = "applications of a connection are not part of provisioning";
const USERS: &str = "tenant groups and roles belong to user management";

/// The operations of the contract, by their ids. A test fails if an operation of the contract is missing, or if a command does
/// not exist.
pub const OPERATIONS: &[(&str, Place)] = &[
    ("get_directory-provisioning", Command("get")),
    ("post_directory-provisioning", Command("create")),
    ("patch_directory-provisioning", Command("update")),
    ("delete_directory-provisioning", Command("delete")),
    ("get_directory_provisioning_default_mapping", Command("default-mapping")),
    ("post_synchronizations", Command("sync")),
    ("get_synchronized-groups", Command("groups list")),
    ("put_synchronized-groups", Command("groups replace")),
    ("post_synchronized-groups", Command("groups add")),
    ("delete_synchronized-groups", Command("groups remove")),
    ("get_connections-directory-provisionings", Command("list")),
    ("get_connections", Command("get")),
    ("post_connections", Without(BY_OTHER_TOOLS)),
    ("get_connections_by_id", Command("doctor")),
    ("patch_connections_by_id", Without(BY_OTHER_TOOLS)),
    ("delete_connections_by_id", Without(BY_OTHER_TOOLS)),
    ("get_status", Command("doctor")),
    ("get_connection_clients", Without(APPLICATIONS)),
    ("patch_clients", Without(APPLICATIONS)),
    ("get_scim-configuration", Command("scim get")),
    ("post_scim-configuration", Command("apply")),
    ("patch_scim-configuration", Command("apply")),
    ("delete_scim-configuration", Command("apply")),
    ("get_default-mapping", Without("a new configuration has this mapping, and `export` shows it")),
    ("get_scim_tokens", Command("scim token list")),
    ("post_scim_token", Command("scim token create")),
    ("delete_tokens_by_tokenId", Command("scim token revoke")),
    ("get_connections-scim-configurations", Command("scim list")),
    ("get_groups", Without(USERS)),
    ("get_group", Without(USERS)),
    ("delete_group", Without(USERS)),
    ("get_group_members", Without(USERS)),
    ("get_group_roles", Without(USERS)),
    ("post_group_roles", Without(USERS)),
    ("delete_group_roles", Without(USERS)),
    ("get_user_groups", Without(USERS)),
    ("get_logs", Command("runs")),
    ("get_logs_by_id", Without("the search behind `runs` returns complete events")),
];
