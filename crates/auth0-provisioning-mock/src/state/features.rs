//! What is enabled for a tenant.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::cause::Cause;

/// Something that Auth0 enables for a tenant, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Feature {
    /// Inbound directory provisioning as a whole.
    DirectoryProvisioning,
    /// The synchronization of groups and memberships.
    GroupSynchronization,
    /// The selection of single groups.
    GroupSelection,
    /// Names, emails and member counts of selected groups.
    GroupMetadata,
    /// The removal of single groups from the selection, `DELETE` of synchronized groups.
    GroupRemoval,
}

impl Feature {
    fn cause(self) -> Cause {
        match self {
            Self::DirectoryProvisioning => Cause::ProvisioningDisabled,
            Self::GroupSynchronization => Cause::GroupSynchronizationDisabled,
            Self::GroupSelection => Cause::GroupSelectionDisabled,
            Self::GroupMetadata => Cause::GroupMetadataDisabled,
            Self::GroupRemoval => Cause::GroupRemovalUnavailable,
        }
    }
}

/// The features that a tenant lacks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct FeatureSet {
    lacking: BTreeSet<Feature>,
}

impl FeatureSet {
    pub(crate) fn set(&mut self, feature: Feature, enabled: bool) {
        if enabled {
            self.lacking.remove(&feature);
        } else {
            self.lacking.insert(feature);
        }
    }

    pub(crate) fn require(&self, feature: Feature) -> Result<(), Cause> {
        if self.lacking.contains(&feature) { Err(feature.cause()) } else { Ok(()) }
    }
}
