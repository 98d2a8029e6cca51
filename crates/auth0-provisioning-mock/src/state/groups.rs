//! The groups that are selected for synchronization.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::{Deserialize, Serialize};
use serde_json::Number;

/// The metadata of a group, as clients sent it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct GroupMetadata {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) direct_members_count: Option<Number>,
}

/// A group in requests and responses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: String,
    #[serde(flatten)]
    pub(crate) metadata: GroupMetadata,
}

/// The selected groups of a connection, by id.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Selection(BTreeMap<String, GroupMetadata>);

impl Selection {
    /// Adds groups. The metadata of a known group is replaced.
    pub(crate) fn add(&mut self, groups: Vec<Group>) {
        self.0.extend(groups.into_iter().map(|group| (group.id, group.metadata)));
    }

    pub(crate) fn replace(&mut self, groups: Vec<Group>) {
        self.0.clear();
        self.add(groups);
    }

    /// Removes groups by their ids. Unknown ids are ignored.
    pub(crate) fn remove(&mut self, groups: Vec<Group>) {
        for group in groups {
            self.0.remove(&group.id);
        }
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|id, _| keep(id));
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    #[cfg(feature = "control")]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns the groups after this id, or all.
    pub(crate) fn after(&self, id: Option<&str>) -> impl Iterator<Item = Group> {
        let start = id.map_or(Bound::Unbounded, Bound::Excluded);
        let groups = self.0.range::<str, _>((start, Bound::Unbounded));
        groups.map(|(id, metadata)| Group { id: id.clone(), metadata: metadata.clone() })
    }
}
