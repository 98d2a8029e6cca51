//! A selection of groups: what has to change in it, and writing that.

use std::collections::BTreeMap;

use auth0_provisioning::{Error, GroupId, SelectedGroup, SynchronizedGroupsHandle};
use futures_util::TryStreamExt as _;

use crate::{failure::Failure, output::count, work::State};

/// Groups that one call adds or removes.
const AT_ONCE: usize = 100;

/// How many groups a message names.
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

    fn is_removal(&self) -> bool {
        matches!(self, Self::Remove(_))
    }
}

/// The groups, each once. A group that is there twice must be the same both times.
pub(crate) fn each_once(groups: Vec<SelectedGroup>) -> Result<Vec<SelectedGroup>, String> {
    let mut known: BTreeMap<GroupId, SelectedGroup> = BTreeMap::new();
    let mut once = Vec::with_capacity(groups.len());
    for group in groups {
        match known.get(&group.id) {
            None => {
                known.insert(group.id.clone(), group.clone());
                once.push(group);
            }
            Some(first) if *first == group => {}
            Some(_) => return Err(format!("the group {} is there twice, with different values", group.id)),
        }
    }
    Ok(once)
}

/// The groups that are selected.
pub(crate) async fn read(handle: &SynchronizedGroupsHandle) -> Result<Vec<SelectedGroup>, Error> {
    handle.list().items().map_ok(SelectedGroup::from).try_collect().await
}

/// What has to change to have exactly the wanted groups selected: additions and updates, then removals. What is wanted
/// without a name, email or number of members keeps that of the tenant.
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

/// The wanted groups, with what they leave out and the tenant has.
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

/// Writes changes, and reads them back: a response says nothing about what is selected. Adds before it removes, so that a
/// failure leaves too many groups rather than too few. Reports how far each change has come, by its number.
pub(crate) async fn write(
    handle: &SynchronizedGroupsHandle,
    changes: &[SelectionChange],
    mut reached: impl FnMut(usize, State),
) -> Result<(), Failure> {
    if changes.is_empty() {
        return Ok(());
    }
    let (removals, puts): (Vec<usize>, Vec<usize>) =
        (0..changes.len()).partition(|number| changes[*number].is_removal());
    for (part, removes) in
        puts.chunks(AT_ONCE).map(|it| (it, false)).chain(removals.chunks(AT_ONCE).map(|it| (it, true)))
    {
        let mut all = |state| {
            for number in part {
                reached(*number, state);
            }
        };
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
                if !error.may_have_been_processed() {
                    all(State::NotDone);
                }
                return Err(error.into());
            }
        }
    }
    verify(handle, changes, reached).await
}

/// Compares what is selected with what was written.
pub(crate) async fn verify(
    handle: &SynchronizedGroupsHandle,
    changes: &[SelectionChange],
    mut reached: impl FnMut(usize, State),
) -> Result<(), Failure> {
    let selected = match read(handle).await {
        // Who may write and not read has nothing to compare.
        Err(error) if !error.missing_scopes().is_empty() => return Ok(()),
        selected => selected.map_err(|error| Failure::from(error).at("cannot read the selection back"))?,
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
    let more = ignored.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let named = ignored[..ignored.len().min(NAMED)].join(", ");
    let what = format!("the tenant accepted {}, and did not make them: {named}{more}", count(ignored.len(), "change"));
    Err(Failure::failed(what).remedy("find out who else changes the selection, and run it again"))
}
