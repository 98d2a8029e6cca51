//! What has to change in a SCIM configuration.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use super::{ScimDesired, ScimRow};
use crate::{Change, ensure::Differences, types::ScimConfiguration};

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
        let before: BTreeSet<ScimRow> = present.mapping.iter().map(ScimRow::of).collect();
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

impl Differences for ScimChanges {
    fn of_fields_in(self, others: &Self) -> Self {
        let of_mapping = !others.added.is_empty() || !others.removed.is_empty();
        Self {
            user_id_attribute: self.user_id_attribute.filter(|_| others.user_id_attribute.is_some()),
            added: if of_mapping { self.added } else { Vec::new() },
            removed: if of_mapping { self.removed } else { Vec::new() },
        }
    }

    /// A row that is added and then removed, or the other way round, has not changed.
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
    fn reversed(&self) -> Self {
        Self {
            user_id_attribute: self.user_id_attribute.as_ref().map(Change::reversed),
            added: self.removed.clone(),
            removed: self.added.clone(),
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
