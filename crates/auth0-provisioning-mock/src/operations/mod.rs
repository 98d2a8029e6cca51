//! The operations that the tenant answers: their names, and what each does with a request that is in order.

pub(crate) mod call;
mod configuration;
mod configurations;
mod connections;
mod default_mapping;
mod groups;
mod page;
mod synchronization;

use crate::answer::Answer;
use crate::denial::Denial;
use crate::state::TenantState;
use call::Call;

/// Names the operations. A line holds the name in Rust, the operation id of the contract, and the function that carries
/// the operation out; method, path, scopes, form and refusals are the contract's.
macro_rules! operations {
    ($($name:ident = $id:literal => $carry_out:path;)*) => {
        /// One operation of the tenant: those of the contract, and the token endpoint.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Operation {
            /// `POST /oauth/token`
            IssueToken,
            $(#[doc = concat!("The operation `", $id, "` of the contract.")] $name,)*
        }

        impl Operation {
            /// The operations that the contract describes.
            pub const OF_CONTRACT: &[Self] = &[$(Self::$name),*];

            /// The operation id: that of the contract, and one of our own for the token endpoint.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    Self::IssueToken => "post_oauth-token",
                    $(Self::$name => $id,)*
                }
            }

            /// Does what the operation is for.
            pub(crate) fn carry_out(self, state: &mut TenantState, call: &Call<'_>) -> Result<Answer, Denial> {
                match self {
                    Self::IssueToken => Ok(Answer::fault_of_the_mock("the token endpoint has no call")),
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
    GetConnection = "get_connections_by_id" => connections::get;
}
