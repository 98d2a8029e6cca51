//! The desired state of a configuration.

mod file;

use serde::{Deserialize, Serialize};

use crate::{
    DirectoryProvisioning, InvalidValue, MappingItem, SynchronizeGroups,
    types::{CreateDirectoryProvisioningRequest, UpdateDirectoryProvisioningRequest},
};

/// The desired state of a configuration. A field that is not set gets a default when a configuration is
/// [created](crate::DirectoryProvisioningHandle::create), stays as it is when one is
/// [updated](crate::DirectoryProvisioningHandle::update), and is ignored by
/// [`ensure`](crate::DirectoryProvisioningHandle::ensure).
///
/// ```
/// use auth0_provisioning::{Desired, MappingItem, SynchronizeGroups};
///
/// let desired = Desired::default()
///     .mapping([MappingItem::new("email", "primaryEmail"), MappingItem::new("blocked", "suspended")])
///     .synchronize_automatically(true)
///     .synchronize_groups(SynchronizeGroups::Selected);
/// assert!(desired.validate().is_ok());
/// ```
///
/// In a file it has the fields of the API. Reading is strict: an unknown field, and a value of `synchronize_groups` that
/// this version does not know, are errors, so that a misspelling is not sent to the tenant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct Desired {
    /// The whole mapping, in any order.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "file::mapping")]
    pub mapping: Option<Vec<MappingItem>>,
    /// Whether a run starts automatically 30 minutes after the last one completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synchronize_automatically: Option<bool>,
    /// Which groups are synchronized along with the users.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "file::synchronize_groups")]
    pub synchronize_groups: Option<SynchronizeGroups>,
}

impl Desired {
    /// The whole mapping: at least one row, in any order. It replaces the present one.
    pub fn mapping(mut self, rows: impl IntoIterator<Item = MappingItem>) -> Self {
        self.mapping = Some(rows.into_iter().collect());
        self
    }

    /// Whether a run starts automatically 30 minutes after the last one completed. New configurations default to `false`.
    pub fn synchronize_automatically(mut self, automatically: bool) -> Self {
        self.synchronize_automatically = Some(automatically);
        self
    }

    /// Which groups are synchronized along with the users. New configurations default to `Off`.
    pub fn synchronize_groups(mut self, groups: SynchronizeGroups) -> Self {
        self.synchronize_groups = Some(groups);
        self
    }

    /// Checks what the API would reject: an empty mapping, a row with an empty name, a user field that is mapped twice.
    /// [`ensure`](crate::DirectoryProvisioningHandle::ensure) does so itself, also in a dry run.
    ///
    /// # Errors
    ///
    /// The first of these that it finds.
    pub fn validate(&self) -> Result<(), InvalidValue> {
        let Some(rows) = &self.mapping else { return Ok(()) };
        if rows.is_empty() {
            return Err(InvalidValue::new("the mapping is empty; it needs at least one row"));
        }
        InvalidValue::check_rows(rows.iter().map(|row| (&row.auth0, &row.idp)), "idp")
    }
}

/// The state of an existing configuration, for example to restore it or to copy it to another connection.
impl From<&DirectoryProvisioning> for Desired {
    fn from(configuration: &DirectoryProvisioning) -> Self {
        Self {
            mapping: Some(configuration.mapping.clone()),
            synchronize_automatically: Some(configuration.synchronize_automatically),
            synchronize_groups: configuration.synchronize_groups.clone(),
        }
    }
}

impl Desired {
    pub(crate) fn creation(self) -> CreateDirectoryProvisioningRequest {
        let mut request = CreateDirectoryProvisioningRequest::default();
        request.mapping = self.mapping;
        request.synchronize_automatically = self.synchronize_automatically;
        request.synchronize_groups = self.synchronize_groups;
        request
    }

    pub(crate) fn update(self) -> UpdateDirectoryProvisioningRequest {
        let mut request = UpdateDirectoryProvisioningRequest::default();
        request.mapping = self.mapping;
        request.synchronize_automatically = self.synchronize_automatically;
        request.synchronize_groups = self.synchronize_groups;
        request
    }
}
