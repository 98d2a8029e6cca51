//! What `ensure` did to a SCIM configuration.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use super::{ScimDesired, ScimRow};
use crate::{Change, types::ScimConfiguration};

/// What was done, or in a dry run would be done, and the configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScimEnsured {
    /// What was done.
    pub outcome: ScimOutcome,
    /// The configuration as it is now; `None` only after a dry run that found none.
    pub configuration: Option<ScimConfiguration>,
}

/// What was done over all writes, or in a dry run would be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScimOutcome {
    /// The configuration was as desired; nothing was written.
    #[default]
    Unchanged,
    /// There was no configuration.
    Created,
    /// There was one, and it was not as desired.
    Updated(Box<ScimChanges>),
}

/// What has to change in a SCIM configuration, or was changed. Its `Display` has a line for each change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ScimChanges {
    /// The attribute that ids of users are made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_attribute: Option<Change<String>>,
    /// Rows that the mapping gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<ScimRow>,
    /// Rows that it loses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<ScimRow>,
}

impl ScimChanges {
    /// What has to change in a configuration to make it as desired.
    pub(super) fn to_reach(desired: &ScimDesired, present: &ScimConfiguration) -> Self {
        let before: BTreeSet<ScimRow> = present.mapping.iter().map(ScimRow::from).collect();
        let after = desired.mapping.as_ref().map(|rows| rows.iter().cloned().collect::<BTreeSet<_>>());
        let after = after.as_ref().unwrap_or(&before);
        Self {
            user_id_attribute: Change::between(&present.user_id_attribute, desired.user_id_attribute.as_ref()),
            added: after.difference(&before).cloned().collect(),
            removed: before.difference(after).cloned().collect(),
        }
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ScimOutcome {
    /// Whether there was nothing to do.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        *self == Self::Unchanged
    }

    /// Adds what a further write did. What was created and then updated was created; the changes of two updates are those
    /// since the first.
    pub(super) fn add(&mut self, later: Self) {
        *self = match (std::mem::take(self), later) {
            (Self::Created, _) | (_, Self::Created) => Self::Created,
            (Self::Updated(first), Self::Updated(then)) => Self::Updated(Box::new(first.followed_by(*then))),
            (Self::Unchanged, outcome) | (outcome, Self::Unchanged) => outcome,
        };
    }

    /// The outcome of an update that made these changes.
    pub(super) fn of(changes: ScimChanges) -> Self {
        if changes.is_empty() { Self::Unchanged } else { Self::Updated(Box::new(changes)) }
    }
}

impl ScimChanges {
    fn followed_by(self, then: Self) -> Self {
        let attribute = match (self.user_id_attribute, then.user_id_attribute) {
            (Some(first), Some(then)) => Change::between(&first.from, Some(&then.to)),
            (one, other) => one.or(other),
        };
        let without = |rows: Vec<ScimRow>, undone: &[ScimRow]| -> Vec<ScimRow> {
            rows.into_iter().filter(|row| !undone.contains(row)).collect()
        };
        let added = [without(self.added.clone(), &then.removed), without(then.added.clone(), &self.removed)].concat();
        let removed = [without(self.removed, &then.added), without(then.removed, &self.added)].concat();
        Self { user_id_attribute: attribute, added, removed }
    }
}

impl fmt::Display for ScimOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => formatter.write_str("created"),
            Self::Updated(changes) => write!(formatter, "updated\n{changes}"),
            Self::Unchanged => formatter.write_str("unchanged"),
        }
    }
}

impl fmt::Display for ScimChanges {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        if let Some(change) = &self.user_id_attribute {
            lines.push(format!("user_id_attribute: {} instead of {}", change.to, change.from));
        }
        lines.extend(self.added.iter().map(|row| format!("mapping: + {row}")));
        lines.extend(self.removed.iter().map(|row| format!("mapping: - {row}")));
        formatter.write_str(&lines.join("\n"))
    }
}
