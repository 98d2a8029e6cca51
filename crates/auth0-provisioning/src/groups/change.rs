//! One change of a selection.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::SelectedGroup;

/// One change of a selection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GroupChange {
    /// A group is added to the selection.
    Add(SelectedGroup),
    /// The metadata of a selected group is overwritten.
    #[non_exhaustive]
    Update {
        /// The group as it was.
        from: SelectedGroup,
        /// The group as it is then.
        to: SelectedGroup,
    },
    /// A group is removed from the selection. With the metadata that it had.
    Remove(SelectedGroup),
}

impl GroupChange {
    /// The group that is changed, with its new metadata where it stays selected.
    #[must_use]
    pub fn group(&self) -> &SelectedGroup {
        match self {
            Self::Add(group) | Self::Update { to: group, .. } | Self::Remove(group) => group,
        }
    }
}

/// One line, such as `g1 (Engineering) added`.
impl fmt::Display for GroupChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self {
            Self::Add(_) => "added",
            Self::Update { .. } => "updated",
            Self::Remove(_) => "removed",
        };
        write!(formatter, "{} {verb}", self.group())
    }
}
