//! The operations of the tenant.

mod arrived_groups;
pub(crate) mod call;
mod configuration;
mod configurations;
mod connection_clients;
mod connections;
mod default_mapping;
mod group_roles;
mod groups;
mod listing;
mod logs;
mod page;
mod projection;
mod scim_configuration;
mod scim_tokens;
mod synchronization;

use crate::rejection::Rejection;
use crate::response::Response;
use crate::state::TenantState;
use call::Call;

/// Declares the operations. A line contains the name in Rust, the operation id of the contract, and the function that
/// carries the operation out. The contract provides method, path, scopes, parameters, bodies and error responses.
macro_rules! operations {
    ($($name:ident = $id:literal => $carry_out:path;)*) => {
        /// An operation of the contract, or the token endpoint.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Operation {
            /// `POST /oauth/token`
            IssueToken,
            $(#[doc = concat!("The operation `", $id, "` of the contract.")] $name,)*
        }

        impl Operation {
            /// The operations of the contract.
            pub const OF_CONTRACT: &[Self] = &[$(Self::$name),*];

            /// Returns the operation with this id.
            #[cfg(feature = "control")]
            pub(crate) fn named(id: &str) -> Option<Self> {
                [Self::IssueToken].iter().chain(Self::OF_CONTRACT).copied().find(|known| known.id() == id)
            }

            /// Returns the operation id in the contract, or `post_oauth-token` for the token endpoint.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    Self::IssueToken => "post_oauth-token",
                    $(Self::$name => $id,)*
                }
            }

            /// Carries the operation out.
            pub(crate) fn carry_out(self, state: &mut TenantState, call: &Call<'_>) -> Result<Response, Rejection> {
                match self {
                    Self::IssueToken => Ok(Response::fault_of_the_mock("the token endpoint has no call")),
                    $(Self::$name => $carry_out(state, call),)*
                }
            }
        }
    };
}

operations! {
    GetConfiguration = "get_directory-provisioning" => configuration::get;
    CreateConfiguration = "post_directory-provisioning" => configuration::create;
    UpdateConfiguration = "patch_directory-provisioning" => configuration::update;
    DeleteConfiguration = "delete_directory-provisioning" => configuration::delete;
    GetDefaultMapping = "get_directory_provisioning_default_mapping" => default_mapping::get;
    Synchronize = "post_synchronizations" => synchronization::request;
    ListSynchronizedGroups = "get_synchronized-groups" => groups::list;
    ReplaceSynchronizedGroups = "put_synchronized-groups" => groups::replace;
    AddSynchronizedGroups = "post_synchronized-groups" => groups::add;
    RemoveSynchronizedGroups = "delete_synchronized-groups" => groups::remove;
    ListConfigurations = "get_connections-directory-provisionings" => configurations::list;
    ListConnections = "get_connections" => connections::list;
    CreateConnection = "post_connections" => connections::create;
    GetConnection = "get_connections_by_id" => connections::get;
    UpdateConnection = "patch_connections_by_id" => connections::update;
    DeleteConnection = "delete_connections_by_id" => connections::delete;
    GetConnectionStatus = "get_status" => connections::status;
    ListConnectionClients = "get_connection_clients" => connection_clients::list;
    UpdateConnectionClients = "patch_clients" => connection_clients::update;
    GetScimConfiguration = "get_scim-configuration" => scim_configuration::get;
    CreateScimConfiguration = "post_scim-configuration" => scim_configuration::create;
    UpdateScimConfiguration = "patch_scim-configuration" => scim_configuration::update;
    DeleteScimConfiguration = "delete_scim-configuration" => scim_configuration::delete;
    GetScimDefaultMapping = "get_default-mapping" => scim_configuration::default_mapping;
    ListScimConfigurations = "get_connections-scim-configurations" => scim_configuration::list_all;
    ListScimTokens = "get_scim_tokens" => scim_tokens::list;
    CreateScimToken = "post_scim_token" => scim_tokens::create;
    DeleteScimToken = "delete_tokens_by_tokenId" => scim_tokens::delete;
    ListGroups = "get_groups" => arrived_groups::list;
    GetGroup = "get_group" => arrived_groups::get;
    DeleteGroup = "delete_group" => arrived_groups::delete;
    ListGroupMembers = "get_group_members" => arrived_groups::members;
    ListUserGroups = "get_user_groups" => arrived_groups::of_user;
    ListGroupRoles = "get_group_roles" => group_roles::list;
    AddGroupRoles = "post_group_roles" => group_roles::add;
    RemoveGroupRoles = "delete_group_roles" => group_roles::remove;
    ListLogs = "get_logs" => logs::list;
    GetLog = "get_logs_by_id" => logs::get;
}
