//! The users and groups of the tenant.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ids;

/// Users and groups, by their ids in the tenant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct People {
    pub(crate) users: BTreeMap<String, UserRecord>,
    pub(crate) groups: BTreeMap<String, GroupRecord>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UserRecord {
    pub(crate) connection_id: String,
    /// The id of the user in the directory.
    pub(crate) external_id: String,
    /// The fields that the mapping fills from the attributes of the directory.
    pub(crate) profile: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GroupRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The id of the group in the directory.
    pub(crate) external_id: String,
    pub(crate) connection_id: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    /// Ids of users, and the time when each became a member.
    pub(crate) members: BTreeMap<String, DateTime<Utc>>,
    pub(crate) roles: BTreeSet<String>,
}

impl People {
    /// Creates or updates the group of a connection with this external id, and returns its id.
    pub(crate) fn put_group(
        &mut self,
        connection_id: &str,
        (external_id, name): (&str, &str),
        members: BTreeSet<String>,
        random: &mut fastrand::Rng,
        at: DateTime<Utc>,
    ) -> String {
        let is_known = |group: &&GroupRecord| group.connection_id == connection_id && group.external_id == external_id;
        let known = self.groups.values().find(is_known).map(|group| group.id.clone());
        let id = known.unwrap_or_else(|| ids::new_group_id(random));
        let record = self.groups.entry(id.clone()).or_insert_with(|| GroupRecord {
            id: id.clone(),
            name: String::new(),
            external_id: external_id.to_owned(),
            connection_id: connection_id.to_owned(),
            created_at: at,
            updated_at: at,
            members: BTreeMap::new(),
            roles: BTreeSet::new(),
        });
        if record.name != name {
            name.clone_into(&mut record.name);
            record.updated_at = at;
        }
        record.members.retain(|id, _| members.contains(id));
        for member in members {
            record.members.entry(member).or_insert(at);
        }
        id
    }

    /// Removes the users and groups of a connection.
    pub(crate) fn remove_connection(&mut self, connection_id: &str) {
        self.users.retain(|_, user| user.connection_id != connection_id);
        self.groups.retain(|_, group| group.connection_id != connection_id);
    }
}
