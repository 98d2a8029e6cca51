//! The users and groups that have arrived in the tenant.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Users and groups by the ids that they have in the tenant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct People {
    pub(crate) users: BTreeMap<String, UserRecord>,
    pub(crate) groups: BTreeMap<String, GroupRecord>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UserRecord {
    pub(crate) connection_id: String,
    /// The id that the user has in the directory.
    pub(crate) external_id: String,
    /// What the mapping makes of the directory's attributes.
    pub(crate) profile: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GroupRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The id that the group has in the directory.
    pub(crate) external_id: String,
    pub(crate) connection_id: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    /// Ids of users, and since when they are members.
    pub(crate) members: BTreeMap<String, DateTime<Utc>>,
    pub(crate) roles: BTreeSet<String>,
}

impl People {
    /// Forgets everybody who came through this connection.
    pub(crate) fn remove_connection(&mut self, connection_id: &str) {
        self.users.retain(|_, user| user.connection_id != connection_id);
        self.groups.retain(|_, group| group.connection_id != connection_id);
    }
}
