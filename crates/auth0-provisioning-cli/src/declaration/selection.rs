//! What has to change in a selection of groups.

use std::collections::BTreeMap;

use auth0_provisioning::{GroupId, SelectedGroup};

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

/// What has to change. Where the file tells names and the like, those of the tenant follow; what the file leaves out of
/// a group keeps the tenant's value. Of several entries with one id the last counts.
pub(super) fn changes(present: &[SelectedGroup], wanted: Vec<SelectedGroup>) -> Vec<SelectionChange> {
    let mut known: BTreeMap<&GroupId, &SelectedGroup> = present.iter().map(|group| (&group.id, group)).collect();
    let wanted: BTreeMap<GroupId, SelectedGroup> = wanted.into_iter().map(|group| (group.id.clone(), group)).collect();
    let mut changes = Vec::new();
    for mut group in wanted.into_values() {
        let Some(from) = known.remove(&group.id) else {
            changes.push(SelectionChange::Add(group));
            continue;
        };
        group.name = group.name.or_else(|| from.name.clone());
        group.email = group.email.or_else(|| from.email.clone());
        group.direct_members_count = group.direct_members_count.or(from.direct_members_count);
        if group != *from {
            changes.push(SelectionChange::Update { from: from.clone(), to: group });
        }
    }
    changes.extend(known.into_values().cloned().map(SelectionChange::Remove));
    changes
}
