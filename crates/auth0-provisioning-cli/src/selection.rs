//! Changes of a selection of groups: comparing, writing and verifying them.

use std::collections::BTreeMap;

use auth0_provisioning::{Error, GroupId, SelectedGroup, SynchronizedGroupsHandle};
use futures_util::TryStreamExt as _;

use crate::{
    failure::Failure,
    output::{count, first_names},
    work::State,
};

/// The most groups of one call.
const AT_ONCE: usize = 100;

/// The most groups that a message names.
const NAMED: usize = 5;

/// One change of a selection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SelectionChange {
    Add(SelectedGroup),
    /// Name, email or number of members change.
    Update {
        from: SelectedGroup,
        to: SelectedGroup,
    },
    Remove(SelectedGroup),
}

impl SelectionChange {
    pub(crate) fn action(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Update { .. } => "update",
            Self::Remove(_) => "remove",
        }
    }

    pub(crate) fn group(&self) -> &SelectedGroup {
        match self {
            Self::Add(group) | Self::Update { to: group, .. } | Self::Remove(group) => group,
        }
    }

    pub(crate) fn is_removal(&self) -> bool {
        matches!(self, Self::Remove(_))
    }
}

/// Removes duplicates. Fails if a group is there twice with different values.
pub(crate) fn without_duplicates(groups: Vec<SelectedGroup>) -> Result<Vec<SelectedGroup>, String> {
    let mut known: BTreeMap<GroupId, SelectedGroup> = BTreeMap::new();
    let mut unique = Vec::with_capacity(groups.len());
    for group in groups {
        match known.get(&group.id) {
            None => {
                known.insert(group.id.clone(), group.clone());
                unique.push(group);
            }
            Some(first) if *first == group => {}
            Some(_) => return Err(format!("the group {} is there twice, with different values", group.id)),
        }
    }
    Ok(unique)
}

/// Returns the selected groups.
pub(crate) async fn read(handle: &SynchronizedGroupsHandle) -> Result<Vec<SelectedGroup>, Error> {
    handle.list().items().map_ok(SelectedGroup::from).try_collect().await
}

/// Returns the changes after which exactly the wanted groups are selected: additions and updates, then removals. A wanted
/// group without a name, email or number of members keeps that of the tenant.
pub(crate) fn changes(present: &[SelectedGroup], wanted: &[SelectedGroup]) -> Vec<SelectionChange> {
    let mut known: BTreeMap<&GroupId, &SelectedGroup> = present.iter().map(|group| (&group.id, group)).collect();
    let wanted: BTreeMap<&GroupId, &SelectedGroup> = wanted.iter().map(|group| (&group.id, group)).collect();
    let mut changes = Vec::new();
    for group in wanted.into_values() {
        let Some(from) = known.remove(&group.id) else {
            changes.push(SelectionChange::Add(group.clone()));
            continue;
        };
        let to = filled(group, from);
        if to != *from {
            changes.push(SelectionChange::Update { from: from.clone(), to });
        }
    }
    changes.extend(known.into_values().cloned().map(SelectionChange::Remove));
    changes
}

/// Returns the wanted groups. Values that they leave out are those of the tenant.
pub(crate) fn filled_from(present: &[SelectedGroup], wanted: &[SelectedGroup]) -> Vec<SelectedGroup> {
    let known: BTreeMap<&GroupId, &SelectedGroup> = present.iter().map(|group| (&group.id, group)).collect();
    let filled = |group: &SelectedGroup| known.get(&group.id).map_or_else(|| group.clone(), |from| filled(group, from));
    wanted.iter().map(filled).collect()
}

fn filled(group: &SelectedGroup, from: &SelectedGroup) -> SelectedGroup {
    let mut group = group.clone();
    group.name = group.name.or_else(|| from.name.clone());
    group.email = group.email.or_else(|| from.email.clone());
    group.direct_members_count = group.direct_members_count.or(from.direct_members_count);
    group
}

/// Writes changes, and reads the selection again: a response does not show what is selected. Additions come first, so that a
/// failure leaves too many groups rather than too few. Calls `reached` with the number of each change and its state.
pub(crate) async fn write(
    handle: &SynchronizedGroupsHandle,
    changes: &[SelectionChange],
    mut reached: impl FnMut(usize, State),
) -> Result<(), Failure> {
    if changes.is_empty() {
        return Ok(());
    }
    let (removals, additions): (Vec<usize>, Vec<usize>) =
        (0..changes.len()).partition(|number| changes[*number].is_removal());
    let additions = additions.chunks(AT_ONCE).map(|part| (part, false));
    for (part, removes) in additions.chain(removals.chunks(AT_ONCE).map(|part| (part, true))) {
        let mut all = |state| part.iter().for_each(|number| reached(*number, state));
        all(State::Unknown);
        let groups = part.iter().map(|number| changes[*number].group());
        let written = if removes {
            handle.remove(groups.map(|group| group.id.clone())).await
        } else {
            handle.add(groups.cloned()).await
        };
        match written {
            Ok(()) => all(State::Done),
            Err(error) => {
                all(State::after(Some(&error), State::NotDone));
                return Err(error.into());
            }
        }
    }
    verify(handle, changes, reached).await
}

/// Compares the selection with the changes.
pub(crate) async fn verify(
    handle: &SynchronizedGroupsHandle,
    changes: &[SelectionChange],
    mut reached: impl FnMut(usize, State),
) -> Result<(), Failure> {
    let selected = match read(handle).await {
        // A token that may not read the selection cannot verify it.
        Err(error) if !error.missing_scopes().is_empty() => return Ok(()),
        selected => selected.map_err(|error| Failure::from(error).at("cannot read the changed selection"))?,
    };
    let selected: BTreeMap<&GroupId, &SelectedGroup> = selected.iter().map(|group| (&group.id, group)).collect();
    let mut ignored = Vec::new();
    for (number, change) in changes.iter().enumerate() {
        let group = change.group();
        let found = selected.get(&group.id);
        let is_done = match change {
            SelectionChange::Remove(_) => found.is_none(),
            _ => found.is_some_and(|found| filled(group, found) == **found),
        };
        if !is_done {
            reached(number, State::Failed);
            ignored.push(format!("{} {}", change.action(), group.id));
        }
    }
    if ignored.is_empty() {
        return Ok(());
    }
    let (number, named) = (count(ignored.len(), "change"), first_names(&ignored, NAMED));
    Err(Failure::failed(format!("the tenant accepted {number} without making them: {named}"))
        .remedy("find out who else changes the selection, and run it again"))
}
