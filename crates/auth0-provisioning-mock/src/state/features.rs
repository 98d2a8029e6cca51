//! Features of a tenant.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::cause::Cause;

/// A feature that Auth0 enables for a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Feature {
    /// Inbound directory provisioning as a whole.
    DirectoryProvisioning,
    /// The synchronization of groups and memberships.
    GroupSynchronization,
    /// Names, emails and member counts of selected groups.
    GroupMetadata,
    /// The removal of single groups from the selection, `DELETE` of synchronized groups.
    GroupRemoval,
    /// Cross-app access through the identity provider of a connection.
    CrossAppAccess,
    /// The purposes of new connections, login or connected accounts, which tenants have since late 2025.
    ConnectionPurposes,
}

impl Feature {
    #[cfg(feature = "control")]
    pub(crate) const ALL: [Self; 6] = [
        Self::DirectoryProvisioning,
        Self::GroupSynchronization,
        Self::GroupMetadata,
        Self::GroupRemoval,
        Self::CrossAppAccess,
        Self::ConnectionPurposes,
    ];

    /// Returns the cause of the error response without the feature, if there is one.
    fn cause(self) -> Option<Cause> {
        Some(match self {
            Self::DirectoryProvisioning => Cause::ProvisioningDisabled,
            Self::GroupSynchronization => Cause::GroupSynchronizationDisabled,
            Self::GroupMetadata => Cause::GroupMetadataDisabled,
            Self::GroupRemoval => Cause::GroupRemovalUnavailable,
            Self::CrossAppAccess => Cause::CrossAppAccessUnavailable,
            Self::ConnectionPurposes => return None,
        })
    }
}

/// The features that a tenant has: all except some.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct FeatureSet {
    disabled: BTreeSet<Feature>,
}

impl FeatureSet {
    pub(crate) fn set(&mut self, feature: Feature, enabled: bool) {
        if enabled {
            self.disabled.remove(&feature);
        } else {
            self.disabled.insert(feature);
        }
    }

    pub(crate) fn require(&self, feature: Feature) -> Result<(), Cause> {
        match feature.cause() {
            Some(cause) if !self.has(feature) => Err(cause),
            _ => Ok(()),
        }
    }

    pub(crate) fn has(&self, feature: Feature) -> bool {
        !self.disabled.contains(&feature)
    }
}
