//! Requirements of a connection before runs can read the directory.

use crate::cause::Cause;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requirement {
    /// The setup by an administrator at the provider.
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

    /// Returns the option of the connection that meets the requirement, if there is one.
    pub(crate) fn option(self) -> Option<&'static str> {
        match self {
            Self::Setup => None,
            Self::UsersApi => Some("api_enable_users"),
            Self::GroupsApi => Some("api_enable_groups"),
        }
    }
}
