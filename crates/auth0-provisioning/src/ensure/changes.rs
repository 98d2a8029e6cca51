//! Changes to a configuration.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Differences;
use crate::{Desired, DirectoryProvisioning, MappingDifference, SynchronizeGroups};

/// Changes to a configuration, made or to be made. Its `Display` has a line for each change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Changes {
    /// How the mapping changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<MappingDifference>,
    /// Whether runs start automatically.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synchronize_automatically: Option<Change<bool>>,
    /// Which groups are synchronized.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synchronize_groups: Option<Change<SynchronizeGroups>>,
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change<T> {
    /// The value before.
    pub from: T,
    /// The value after.
    pub to: T,
}

impl<T: PartialEq + Clone> Change<T> {
    pub(crate) fn between(from: &T, to: Option<&T>) -> Option<Self> {
        let to = to.filter(|to| *to != from)?;
        Some(Self { from: from.clone(), to: to.clone() })
    }

    pub(crate) fn reversed(&self) -> Self {
        Self { from: self.to.clone(), to: self.from.clone() }
    }
}

impl Changes {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Differences for Changes {
    fn of_fields_in(self, others: &Self) -> Self {
        let of_automatic = others.synchronize_automatically.is_some();
        Self {
            mapping: self.mapping.filter(|_| others.mapping.is_some()),
            synchronize_automatically: self.synchronize_automatically.filter(|_| of_automatic),
            synchronize_groups: self.synchronize_groups.filter(|_| others.synchronize_groups.is_some()),
        }
    }

    /// Both lead to the same desired state, so each field is that of its first difference.
    fn followed_by(self, later: Self) -> Self {
        Self {
            mapping: self.mapping.or(later.mapping),
            synchronize_automatically: self.synchronize_automatically.or(later.synchronize_automatically),
            synchronize_groups: self.synchronize_groups.or(later.synchronize_groups),
        }
    }

    fn reversed(&self) -> Self {
        Self {
            mapping: self.mapping.as_ref().map(MappingDifference::reversed),
            synchronize_automatically: self.synchronize_automatically.as_ref().map(Change::reversed),
            synchronize_groups: self.synchronize_groups.as_ref().map(Change::reversed),
        }
    }
}

impl Desired {
    /// Returns the changes from a configuration to its desired state.
    #[must_use]
    pub fn changes_in(&self, present: &DirectoryProvisioning) -> Changes {
        let difference = self.mapping.as_ref().map(|rows| MappingDifference::between(&present.mapping, rows));
        // A tenant that does not report the mode does not synchronize groups.
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

    /// The fields of what is desired that have to change.
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
