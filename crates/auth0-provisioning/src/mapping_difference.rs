//! How two mappings differ.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::MappingItem;

/// How one mapping differs from another. The order of the rows has no meaning and is ignored.
///
/// ```
/// use auth0_provisioning::{MappingDifference, MappingItem};
///
/// let before = [MappingItem::new("email", "primaryEmail"), MappingItem::new("blocked", "archived")];
/// let after = [MappingItem::new("blocked", "suspended"), MappingItem::new("email", "primaryEmail")];
/// let difference = MappingDifference::between(&before, &after);
/// assert_eq!(difference.to_string(), "blocked ← suspended instead of archived");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MappingDifference {
    changes: Vec<MappingChange>,
}

/// One change of a mapping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[non_exhaustive]
pub enum MappingChange {
    /// A row that is new.
    Added {
        /// The user field.
        auth0: String,
        /// The directory attribute that feeds it.
        idp: String,
    },
    /// A row that is gone.
    Removed {
        /// The user field.
        auth0: String,
        /// The directory attribute that fed it.
        idp: String,
    },
    /// A user field that is fed from another directory attribute.
    Moved {
        /// The user field.
        auth0: String,
        /// The attribute that fed it before.
        from: String,
        /// The attribute that feeds it now.
        to: String,
    },
}

impl MappingDifference {
    /// What has to change in `before` to make it `after`.
    #[must_use]
    pub fn between(before: &[MappingItem], after: &[MappingItem]) -> Self {
        // How often each row is there too few (or too many) times, by user field.
        let mut fields: BTreeMap<&str, BTreeMap<&str, isize>> = BTreeMap::new();
        let counted = before.iter().map(|row| (row, -1)).chain(after.iter().map(|row| (row, 1)));
        for (row, count) in counted {
            *fields.entry(&row.auth0).or_default().entry(&row.idp).or_default() += count;
        }
        let mut changes = Vec::new();
        for (auth0, attributes) in fields {
            let repeated = |wanted: fn(isize) -> bool| {
                let these = attributes.iter().filter(move |(_, count)| wanted(**count));
                these.flat_map(|(idp, count)| std::iter::repeat_n(*idp, count.unsigned_abs()))
            };
            let (mut gone, mut new) = (repeated(|count| count < 0), repeated(|count| count > 0));
            loop {
                let auth0 = auth0.to_owned();
                changes.push(match (gone.next(), new.next()) {
                    (Some(from), Some(to)) => MappingChange::Moved { auth0, from: from.into(), to: to.into() },
                    (Some(idp), None) => MappingChange::Removed { auth0, idp: idp.into() },
                    (None, Some(idp)) => MappingChange::Added { auth0, idp: idp.into() },
                    (None, None) => break,
                });
            }
        }
        Self { changes }
    }

    /// Whether both mappings are the same but for the order of their rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes, by user field.
    #[must_use]
    pub fn changes(&self) -> &[MappingChange] {
        &self.changes
    }

    /// The difference seen from the other side: what undoes it.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let reverse = |change: &MappingChange| match change.clone() {
            MappingChange::Added { auth0, idp } => MappingChange::Removed { auth0, idp },
            MappingChange::Removed { auth0, idp } => MappingChange::Added { auth0, idp },
            MappingChange::Moved { auth0, from, to } => MappingChange::Moved { auth0, from: to, to: from },
        };
        Self { changes: self.changes.iter().map(reverse).collect() }
    }

    /// Makes the changes in a mapping; those that do not fit it, such as the removal of a row that it lacks, do nothing.
    pub fn apply(&self, mapping: &mut Vec<MappingItem>) {
        let mut replace = |auth0: &str, from: Option<&str>, to: Option<&str>| {
            let place = from.map(|idp| mapping.iter().position(|row| row.auth0 == auth0 && row.idp == idp));
            match (place, to) {
                (Some(None), _) | (None, None) => {}
                (Some(Some(place)), Some(idp)) => idp.clone_into(&mut mapping[place].idp),
                (Some(Some(place)), None) => drop(mapping.remove(place)),
                (None, Some(idp)) => mapping.push(MappingItem::new(auth0, idp)),
            }
        };
        for change in &self.changes {
            match change {
                MappingChange::Added { auth0, idp } => replace(auth0, None, Some(idp)),
                MappingChange::Removed { auth0, idp } => replace(auth0, Some(idp), None),
                MappingChange::Moved { auth0, from, to } => replace(auth0, Some(from), Some(to)),
            }
        }
    }
}

impl fmt::Display for MappingChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { auth0, idp } => write!(formatter, "{auth0} ← {idp} added"),
            Self::Removed { auth0, idp } => write!(formatter, "{auth0} ← {idp} removed"),
            Self::Moved { auth0, from, to } => write!(formatter, "{auth0} ← {to} instead of {from}"),
        }
    }
}

/// The changes, with `, ` between them.
impl fmt::Display for MappingDifference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, change) in self.changes.iter().enumerate() {
            write!(formatter, "{}{change}", if place == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Few names, so that fields and rows often meet again, also within one mapping.
    fn mapping() -> impl Strategy<Value = Vec<MappingItem>> {
        vec(("[ab]|cd", "[xyz]").prop_map(|(auth0, idp)| MappingItem::new(auth0, idp)), 0..8)
    }

    fn sorted(mut mapping: Vec<MappingItem>) -> Vec<MappingItem> {
        mapping.sort_by(|one, other| (&one.auth0, &one.idp).cmp(&(&other.auth0, &other.idp)));
        mapping
    }

    proptest! {
        #[test]
        fn reversed_it_leads_back(before in mapping(), after in mapping()) {
            let mut applied = after.clone();
            MappingDifference::between(&before, &after).reversed().apply(&mut applied);
            prop_assert_eq!(sorted(applied), sorted(before));
        }

        #[test]
        fn applied_it_leads_from_one_to_the_other(before in mapping(), after in mapping()) {
            let difference = MappingDifference::between(&before, &after);
            let mut applied = before;
            difference.apply(&mut applied);
            prop_assert_eq!(sorted(applied), sorted(after));
        }

        #[test]
        fn it_is_empty_for_another_order_alone(
            (before, after) in mapping().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
            other in mapping(),
        ) {
            prop_assert!(MappingDifference::between(&before, &after).is_empty());
            let same = sorted(before.clone()) == sorted(other.clone());
            prop_assert_eq!(MappingDifference::between(&before, &other).is_empty(), same);
        }

        #[test]
        fn has_the_fewest_changes(before in mapping(), after in mapping()) {
            // An unchanged row costs nothing, and each change fixes at most one row on either side.
            let mut gone = after.clone();
            let common = before.iter().filter(|row| {
                gone.iter().position(|other| other == *row).map(|place| gone.swap_remove(place)).is_some()
            });
            let common = common.count();
            let most = (before.len() - common) + (after.len() - common);
            let least = (before.len() - common).max(after.len() - common);
            let changes = MappingDifference::between(&before, &after).changes().len();
            prop_assert!((least..=most).contains(&changes));
        }
    }
}
