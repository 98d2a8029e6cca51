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

/// One change of a mapping: of what feeds a user field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MappingChange {
    /// The user field.
    pub auth0: String,
    /// The directory attribute that fed it; `None` for a new row.
    pub from: Option<String>,
    /// The directory attribute that feeds it now; `None` for a row that is gone.
    pub to: Option<String>,
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
                let (from, to) = (gone.next().map(str::to_owned), new.next().map(str::to_owned));
                if from.is_none() && to.is_none() {
                    break;
                }
                changes.push(MappingChange { auth0: auth0.to_owned(), from, to });
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
    pub(crate) fn reversed(&self) -> Self {
        let changes = self.changes.iter().cloned();
        let reverse = |MappingChange { auth0, from, to }| MappingChange { auth0, from: to, to: from };
        Self { changes: changes.map(reverse).collect() }
    }

    /// Makes the changes in a mapping; those that do not fit it, such as the removal of a row that it lacks, do nothing.
    pub fn apply(&self, mapping: &mut Vec<MappingItem>) {
        for MappingChange { auth0, from, to } in &self.changes {
            let is_meant = |row: &MappingItem| row.auth0 == *auth0 && Some(&row.idp) == from.as_ref();
            match (mapping.iter().position(is_meant), to) {
                (Some(index), Some(idp)) => idp.clone_into(&mut mapping[index].idp),
                (Some(index), None) => drop(mapping.remove(index)),
                (None, Some(idp)) if from.is_none() => mapping.push(MappingItem::new(auth0, idp)),
                (None, _) => {}
            }
        }
    }
}

impl fmt::Display for MappingChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let auth0 = &self.auth0;
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(formatter, "{auth0} ← {to} instead of {from}"),
            (Some(idp), None) => write!(formatter, "{auth0} ← {idp} removed"),
            (None, to) => write!(formatter, "{auth0} ← {} added", to.as_deref().unwrap_or_default()),
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
