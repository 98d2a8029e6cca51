//! What it takes to get from one selection of groups to another.

use std::{collections::BTreeMap, fmt};

use super::selected_group::{GroupMetadata, SelectedGroup};
use crate::GroupId;

/// The most groups that one call may add or remove.
pub(super) const LARGEST_CALL: usize = 100;

/// What becomes of the metadata of groups that are selected already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Metadata {
    /// It stays as it is.
    #[default]
    Keep,
    /// It becomes that of the wanted group; what is not set there is cleared.
    Overwrite,
}

/// One change of a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupChange {
    /// A group is selected.
    Add(GroupId),
    /// A selected group's metadata is overwritten.
    Update(GroupId),
    /// A group is selected no longer.
    Remove(GroupId),
}

/// A selection by id.
pub(super) type Selection = BTreeMap<GroupId, GroupMetadata>;

/// What has to change in a selection, and what it then is.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Added and updated groups, in the order of their ids.
    put: Vec<(GroupChange, SelectedGroup)>,
    remove: Vec<GroupId>,
    target: Selection,
}

/// One call, and the changes that it makes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) call: Call,
    pub(super) changes: Vec<GroupChange>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Call {
    Add(Vec<SelectedGroup>),
    Remove(Vec<GroupId>),
    Replace(Vec<SelectedGroup>),
}

impl Plan {
    pub(super) fn between(present: &Selection, wanted: Selection, policy: Metadata) -> Self {
        let remove = present.keys().filter(|id| !wanted.contains_key(*id)).cloned().collect();
        let (mut put, mut target) = (Vec::new(), Selection::new());
        for (id, metadata) in wanted {
            let change = match present.get(&id) {
                None => Some(GroupChange::Add(id.clone())),
                Some(known) if policy == Metadata::Overwrite && *known != metadata => {
                    Some(GroupChange::Update(id.clone()))
                }
                Some(known) => {
                    target.insert(id, known.clone());
                    continue;
                }
            };
            put.extend(change.map(|change| (change, selected(&id, &metadata))));
            target.insert(id, metadata);
        }
        Self { put, remove, target }
    }

    /// How many groups stay as they are.
    pub(super) fn kept(&self) -> usize {
        self.target.len() - self.put.len()
    }

    /// The fewest calls: adds and removes of at most 100 groups each, or one replacement in place of several of them.
    pub(super) fn steps(self, may_replace: bool) -> Vec<Step> {
        let calls = self.put.len().div_ceil(LARGEST_CALL) + self.remove.len().div_ceil(LARGEST_CALL);
        let removals = self.remove.iter().cloned().map(GroupChange::Remove);
        if may_replace && calls > 1 {
            let changes = self.put.into_iter().map(|(change, _)| change).chain(removals).collect();
            let groups = self.target.iter().map(|(id, metadata)| selected(id, metadata)).collect();
            return vec![Step { call: Call::Replace(groups), changes }];
        }
        // Adding comes first, so that a failure in between leaves rather too many groups than too few.
        let adding = self.put.chunks(LARGEST_CALL).map(|groups| {
            let (changes, groups) = groups.iter().cloned().unzip();
            Step { call: Call::Add(groups), changes }
        });
        let removing = self.remove.chunks(LARGEST_CALL).map(|ids| Step {
            call: Call::Remove(ids.to_vec()),
            changes: ids.iter().cloned().map(GroupChange::Remove).collect(),
        });
        adding.chain(removing).collect()
    }
}

fn selected(id: &GroupId, metadata: &GroupMetadata) -> SelectedGroup {
    let mut group = SelectedGroup::new(id.clone());
    group.metadata.clone_from(metadata);
    group
}

impl GroupChange {
    /// The group that it is about.
    #[must_use]
    pub fn group_id(&self) -> &GroupId {
        match self {
            Self::Add(id) | Self::Update(id) | Self::Remove(id) => id,
        }
    }
}

impl fmt::Display for GroupChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Add(id) => write!(formatter, "{id} added"),
            Self::Update(id) => write!(formatter, "{id} updated"),
            Self::Remove(id) => write!(formatter, "{id} removed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_map, prelude::*};

    use super::*;

    fn selection(most: usize) -> impl Strategy<Value = Selection> {
        btree_map(0_u32..600, 0_u8..3, 0..most).prop_map(|groups| {
            let group = |(number, name): (u32, u8)| {
                let group = SelectedGroup::new(format!("g{number}").parse().unwrap());
                let group = if name == 0 { group } else { group.name(name.to_string()) };
                (group.id().clone(), group.metadata)
            };
            groups.into_iter().map(group).collect()
        })
    }

    /// What the API does with a call.
    fn carry_out(selection: &mut Selection, call: Call) {
        match call {
            Call::Add(groups) => selection.extend(groups.into_iter().map(|group| (group.id().clone(), group.metadata))),
            Call::Remove(ids) => selection.retain(|id, _| !ids.contains(id)),
            Call::Replace(groups) => {
                selection.clear();
                carry_out(selection, Call::Add(groups));
            }
        }
    }

    proptest! {
        #[test]
        fn its_steps_lead_from_one_selection_to_the_other(
            present in selection(500), wanted in selection(500), may_replace: bool, overwrite: bool,
        ) {
            let policy = if overwrite { Metadata::Overwrite } else { Metadata::Keep };
            let mut expected = wanted.clone();
            if policy == Metadata::Keep {
                for (id, metadata) in &mut expected {
                    if let Some(known) = present.get(id) {
                        metadata.clone_from(known);
                    }
                }
            }
            let mut selection = present.clone();
            for step in Plan::between(&present, wanted.clone(), policy).steps(may_replace) {
                carry_out(&mut selection, step.call);
            }
            prop_assert_eq!(&selection, &expected);
            prop_assert!(Plan::between(&selection, wanted, policy).steps(may_replace).is_empty());
        }

        #[test]
        fn no_call_is_too_many(present in selection(500), wanted in selection(500), may_replace: bool) {
            let added = wanted.keys().filter(|id| !present.contains_key(*id)).count();
            let removed = present.keys().filter(|id| !wanted.contains_key(*id)).count();
            let piecemeal = added.div_ceil(100) + removed.div_ceil(100);
            let steps = Plan::between(&present, wanted, Metadata::Keep).steps(may_replace);
            prop_assert_eq!(steps.len(), if may_replace { piecemeal.min(1) } else { piecemeal });
            prop_assert_eq!(steps.iter().map(|step| step.changes.len()).sum::<usize>(), added + removed);
            for step in steps {
                match step.call {
                    Call::Add(groups) => prop_assert!(groups.len() <= 100),
                    Call::Remove(ids) => prop_assert!(ids.len() <= 100),
                    Call::Replace(_) => prop_assert!(may_replace && piecemeal > 1),
                }
            }
        }

        #[test]
        fn a_walk_that_stops_after_any_step_is_finished_by_another(
            present in selection(500), wanted in selection(500), stop in 0_usize..6,
        ) {
            let mut selection = present.clone();
            for step in Plan::between(&present, wanted.clone(), Metadata::Overwrite).steps(false).into_iter().take(stop) {
                carry_out(&mut selection, step.call);
            }
            for step in Plan::between(&selection, wanted.clone(), Metadata::Overwrite).steps(false) {
                carry_out(&mut selection, step.call);
            }
            prop_assert_eq!(selection, wanted);
        }
    }
}
