//! What a configuration should be like.

use crate::{
    MappingItem, SynchronizeGroups,
    types::{CreateDirectoryProvisioningRequest, UpdateDirectoryProvisioningRequest},
};

/// What a configuration should be like. What is not set gets a default when a configuration is
/// [created](crate::DirectoryProvisioningHandle::create), stays as it is when one is
/// [updated](crate::DirectoryProvisioningHandle::update), and is not looked at by
/// [`ensure`](crate::DirectoryProvisioningHandle::ensure).
///
/// ```
/// use auth0_provisioning::{Desired, MappingItem, SynchronizeGroups};
///
/// let desired = Desired::default()
///     .mapping([MappingItem::new("email", "primaryEmail"), MappingItem::new("blocked", "suspended")])
///     .synchronize_automatically(true)
///     .synchronize_groups(SynchronizeGroups::Selected);
/// # drop(desired);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct Desired {
    pub(super) mapping: Option<Vec<MappingItem>>,
    pub(super) synchronize_automatically: Option<bool>,
    pub(super) synchronize_groups: Option<SynchronizeGroups>,
}

impl Desired {
    /// The whole mapping: at least one row, in any order. It takes the place of the present one.
    pub fn mapping(mut self, rows: impl IntoIterator<Item = MappingItem>) -> Self {
        self.mapping = Some(rows.into_iter().collect());
        self
    }

    /// Whether a run starts by itself 30 minutes after the last one completed. Off by default.
    pub fn synchronize_automatically(mut self, automatically: bool) -> Self {
        self.synchronize_automatically = Some(automatically);
        self
    }

    /// Which groups are synchronized along with the users. None by default.
    pub fn synchronize_groups(mut self, groups: SynchronizeGroups) -> Self {
        self.synchronize_groups = Some(groups);
        self
    }
}

impl From<Desired> for CreateDirectoryProvisioningRequest {
    fn from(desired: Desired) -> Self {
        let mut request = Self::default();
        request.mapping = desired.mapping;
        request.synchronize_automatically = desired.synchronize_automatically;
        request.synchronize_groups = desired.synchronize_groups;
        request
    }
}

impl From<Desired> for UpdateDirectoryProvisioningRequest {
    fn from(desired: Desired) -> Self {
        let mut request = Self::default();
        request.mapping = desired.mapping;
        request.synchronize_automatically = desired.synchronize_automatically;
        request.synchronize_groups = desired.synchronize_groups;
        request
    }
}
