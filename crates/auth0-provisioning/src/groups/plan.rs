//! What it takes to get from one selection of groups to another.

use std::collections::BTreeMap;

use super::{change::GroupChange, limits::MOST_GROUPS, selected_group::SelectedGroup};
use crate::GroupId;

/// A selection by id.
pub(super) type Selection = BTreeMap<GroupId, SelectedGroup>;

/// What has to change in a selection, and what it then is.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Added and updated groups, in the order of their ids.
    put: Vec<(GroupChange, SelectedGroup)>,
    remove: Vec<SelectedGroup>,
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
    /// The least change; without `overwrite_metadata`, groups that are selected keep theirs. Groups of `present` whose ids cannot be sent have to be left out of it before.
    pub(super) fn between(present: &Selection, wanted: &Selection, overwrite_metadata: bool) -> Self {
        let gone = present.values().filter(|group| !wanted.contains_key(&group.id));
        let (mut put, mut target) = (Vec::new(), Selection::new());
        for (id, group) in wanted {
            let change = match present.get(id) {
                None => Some(GroupChange::Add(group.clone())),
                Some(known) if overwrite_metadata && known != group => {
                    Some(GroupChange::Update { from: known.clone(), to: group.clone() })
                }
                Some(known) => {
                    target.insert(id.clone(), known.clone());
                    continue;
                }
            };
            put.extend(change.map(|change| (change, group.clone())));
            target.insert(id.clone(), group.clone());
        }
        Self { put, remove: gone.cloned().collect(), target }
    }

    /// How many groups stay as they are.
    pub(super) fn kept(&self) -> usize {
        self.target.len() - self.put.len()
    }

    pub(super) fn removals(&self) -> usize {
        self.remove.len()
    }

    /// The target, if it takes more than one call to get there by single changes.
    pub(super) fn replacement(&self) -> Option<&Selection> {
        let calls = self.put.len().div_ceil(MOST_GROUPS) + self.remove.len().div_ceil(MOST_GROUPS);
        (calls > 1).then_some(&self.target)
    }

    /// What has to change, as one list.
    pub(super) fn into_changes(self) -> Vec<GroupChange> {
        let put = self.put.into_iter().map(|(change, _)| change);
        put.chain(self.remove.into_iter().map(GroupChange::Remove)).collect()
    }

    /// One replacement.
    pub(super) fn into_replacement(self) -> Vec<Step> {
        let call = Call::Replace(self.target.values().cloned().collect());
        vec![Step { call, changes: self.into_changes() }]
    }

    /// Adds and removes of at most 100 groups each. Adds come first, so that a failure leaves too many groups rather than
    /// too few.
    pub(super) fn into_single_changes(self) -> Vec<Step> {
        let adding = self.put.chunks(MOST_GROUPS).map(|groups| {
            let (changes, groups) = groups.iter().cloned().unzip();
            Step { call: Call::Add(groups), changes }
        });
        let removing = self.remove.chunks(MOST_GROUPS).map(|groups| Step {
            call: Call::Remove(groups.iter().map(|group| group.id.clone()).collect()),
            changes: groups.iter().cloned().map(GroupChange::Remove).collect(),
        });
        adding.chain(removing).collect()
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
                (group.id.clone(), group)
            };
            groups.into_iter().map(group).collect()
        })
    }

    fn steps(plan: Plan, may_replace: bool) -> Vec<Step> {
        if may_replace && plan.replacement().is_some() { plan.into_replacement() } else { plan.into_single_changes() }
    }

    /// What the API does with a call.
    fn carry_out(selection: &mut Selection, call: Call) {
        match call {
            Call::Add(groups) => selection.extend(groups.into_iter().map(|group| (group.id.clone(), group))),
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
            let mut expected = wanted.clone();
            if !overwrite {
                for (id, group) in &mut expected {
                    if let Some(known) = present.get(id) {
                        group.clone_from(known);
                    }
                }
            }
            let mut selection = present.clone();
            for step in steps(Plan::between(&present, &wanted, overwrite), may_replace) {
                carry_out(&mut selection, step.call);
            }
            prop_assert_eq!(&selection, &expected);
            prop_assert!(steps(Plan::between(&selection, &wanted, overwrite), may_replace).is_empty());
        }

        #[test]
        fn it_replaces_only_on_request(
            present in selection(500), wanted in selection(500), may_replace: bool,
        ) {
            let added = wanted.keys().filter(|id| !present.contains_key(*id)).count();
            let removed = present.keys().filter(|id| !wanted.contains_key(*id)).count();
            let single = added.div_ceil(100) + removed.div_ceil(100);
            let replaces = may_replace && single > 1;
            let steps = steps(Plan::between(&present, &wanted, false), may_replace);
            prop_assert_eq!(steps.len(), if replaces { 1 } else { single });
            prop_assert_eq!(steps.iter().map(|step| step.changes.len()).sum::<usize>(), added + removed);
            for step in steps {
                match step.call {
                    Call::Add(groups) => prop_assert!(groups.len() <= 100),
                    Call::Remove(ids) => prop_assert!(ids.len() <= 100),
                    Call::Replace(_) => prop_assert!(replaces),
                }
            }
        }

        #[test]
        fn a_run_that_stops_after_any_step_is_finished_by_another(
            present in selection(500), wanted in selection(500), stop in 0_usize..6,
        ) {
            let mut selection = present.clone();
            for step in Plan::between(&present, &wanted, true).into_single_changes().into_iter().take(stop) {
                carry_out(&mut selection, step.call);
            }
            for step in Plan::between(&selection, &wanted, true).into_single_changes() {
                carry_out(&mut selection, step.call);
            }
            prop_assert_eq!(selection, wanted);
        }
    }
}
