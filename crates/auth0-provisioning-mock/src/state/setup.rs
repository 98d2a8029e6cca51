//! What has to be done at Google and on the connection before a directory can be read.

use crate::cause::Cause;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requirement {
    /// What an administrator does on the other side.
    Setup,
    UsersApi,
    GroupsApi,
}

impl Requirement {
    pub(crate) fn cause(self) -> Cause {
        match self {
            Self::Setup => Cause::SetupIncomplete,
            Self::UsersApi => Cause::UsersApiDisabled,
            Self::GroupsApi => Cause::GroupsApiDisabled,
        }
    }

    /// The option of the connection that switches it on; none for the setup.
    pub(crate) fn option(self) -> Option<&'static str> {
        match self {
            Self::Setup => None,
            Self::UsersApi => Some("api_enable_users"),
            Self::GroupsApi => Some("api_enable_groups"),
        }
    }
}
