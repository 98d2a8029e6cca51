//! Why a request is refused, by the name that the contract gives the cause.

use strum::{EnumString, IntoStaticStr, VariantArray};

/// The cause of an error response: each is one of the contract's named examples of an error body, `AlreadyConfigured` the
/// one that is called `already_configured` under `components/examples`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Cause {
    AlreadyConfigured,
    AlreadyRunning,
    ClientNotGlobal,
    CommonEndpointWithScim,
    ConfigurationNotFound,
    ConflictingChange,
    ConnectionBeingDeleted,
    ConnectionClientTaken,
    ConnectionNameTaken,
    ConnectionNotFound,
    ConnectionNotReady,
    CrossAppAccessUnavailable,
    CrossAppAccessUnsupported,
    EntityLimitReached,
    ExpiredCursor,
    GroupMetadataDisabled,
    GroupNotFound,
    GroupRemovalUnavailable,
    GroupSynchronizationDisabled,
    GroupsApiDisabled,
    InsufficientScope,
    InvalidBody,
    InvalidMapping,
    InvalidPaging,
    InvalidPath,
    InvalidQuery,
    InvalidScimMapping,
    InvalidSignature,
    InvalidToken,
    LogNotFound,
    ProvisioningDisabled,
    RateLimited,
    RealmTaken,
    RoleNotFound,
    ScimAlreadyConfigured,
    ScimConfigurationNotFound,
    ScimTokenNotFound,
    ScimUnsupported,
    SetupIncomplete,
    SynchronizedRecently,
    TooManyScimTokens,
    UnsupportedStrategy,
    UserNotFound,
    UsersApiDisabled,
    UsersApiInUse,
}

impl Cause {
    /// The cause that the contract calls so.
    pub(crate) fn named(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    pub(crate) fn name(self) -> &'static str {
        self.into()
    }
}
