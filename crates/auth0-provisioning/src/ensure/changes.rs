//! What has to change in a configuration.

use std::fmt;

use crate::{Desired, DirectoryProvisioning, MappingDifference, SynchronizeGroups};

/// What has to change in a configuration, or has been changed. Its `Display` has a line for each change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// How the mapping changes.
    pub mapping: Option<MappingDifference>,
    /// Whether runs start by themselves.
    pub synchronize_automatically: Option<Change<bool>>,
    /// Which groups are synchronized.
    pub synchronize_groups: Option<Change<SynchronizeGroups>>,
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change<T> {
    /// The value before.
    pub from: T,
    /// The value after.
    pub to: T,
}

impl<T: PartialEq + Clone> Change<T> {
    fn between(from: &T, to: Option<&T>) -> Option<Self> {
        let to = to.filter(|to| *to != from)?;
        Some(Self { from: from.clone(), to: to.clone() })
    }
}

impl Changes {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Desired {
    /// What has to change in a configuration for it to be as desired.
    #[must_use]
    pub fn changes_in(&self, present: &DirectoryProvisioning) -> Changes {
        let difference = self.mapping.as_ref().map(|rows| MappingDifference::between(&present.mapping, rows));
        // A tenant that does not tell the mode does not synchronize groups.
        let groups = present.synchronize_groups.as_ref().unwrap_or(&SynchronizeGroups::Off);
        Changes {
            mapping: difference.filter(|difference| !difference.is_empty()),
            synchronize_automatically: Change::between(
                &present.synchronize_automatically,
                self.synchronize_automatically.as_ref(),
            ),
            synchronize_groups: Change::between(groups, self.synchronize_groups.as_ref()),
        }
    }

    /// What is desired, without that which is so already.
    pub(super) fn only(&self, changes: &Changes) -> Self {
        Self {
            mapping: self.mapping.clone().filter(|_| changes.mapping.is_some()),
            synchronize_automatically: changes.synchronize_automatically.as_ref().map(|change| change.to),
            synchronize_groups: changes.synchronize_groups.as_ref().map(|change| change.to.clone()),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Change<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} instead of {}", self.to, self.from)
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        if let Some(change) = &self.synchronize_automatically {
            lines.push(format!("synchronize_automatically: {change}"));
        }
        if let Some(change) = &self.synchronize_groups {
            lines.push(format!("synchronize_groups: {change}"));
        }
        if let Some(difference) = &self.mapping {
            lines.extend(difference.changes().iter().map(|change| format!("mapping: {change}")));
        }
        formatter.write_str(&lines.join("\n"))
    }
}
