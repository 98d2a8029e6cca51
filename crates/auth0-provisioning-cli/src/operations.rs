//! Where each operation of the API has its place in the program.

/// Where an operation has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The command that uses it.
    Command(&'static str),
    /// The program has no use for it, and why.
    Without(&'static str),
}

use Place::{Command, Without};

/// The operations of the contract, by their ids. A test compares them with the contract, and the commands with the program:
/// an operation without its place fails.
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
    ("post_connections", Without("the Deploy CLI and Terraform create connections")),
    ("get_connections_by_id", Command("doctor")),
    ("patch_connections_by_id", Without("the Deploy CLI and Terraform change options of connections")),
    ("delete_connections_by_id", Without("the Deploy CLI and Terraform delete connections")),
    ("get_status", Command("doctor")),
    ("get_connection_clients", Without("applications of a connection have no part in provisioning")),
    ("patch_clients", Without("applications of a connection have no part in provisioning")),
    ("get_scim-configuration", Command("scim get")),
    ("post_scim-configuration", Command("apply")),
    ("patch_scim-configuration", Command("apply")),
    ("delete_scim-configuration", Command("apply")),
    ("get_default-mapping", Without("a configuration without a mapping gets it, and `export` shows it")),
    ("get_scim_tokens", Command("scim token list")),
    ("post_scim_token", Command("scim token create")),
    ("delete_tokens_by_tokenId", Command("scim token revoke")),
    ("get_connections-scim-configurations", Command("scim list")),
    ("get_groups", Without("groups that arrived belong to the administration of users")),
    ("get_group", Without("groups that arrived belong to the administration of users")),
    ("delete_group", Without("groups that arrived belong to the administration of users")),
    ("get_group_members", Without("groups that arrived belong to the administration of users")),
    ("get_group_roles", Without("roles belong to the administration of users")),
    ("post_group_roles", Without("roles belong to the administration of users")),
    ("delete_group_roles", Without("roles belong to the administration of users")),
    ("get_user_groups", Without("groups that arrived belong to the administration of users")),
    ("get_logs", Command("runs")),
    ("get_logs_by_id", Without("`runs` reads everything in an event from the search")),
];
