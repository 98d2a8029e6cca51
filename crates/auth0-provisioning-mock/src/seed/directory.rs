//! What a seed file says of a directory: its users and groups, by the ids that they have there.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::state::directory::{Directory, DirectoryGroup, DirectoryUser};

/// Users and groups by the ids that they have in the directory.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SeedDirectory {
    users: BTreeMap<String, SeedUser>,
    groups: BTreeMap<String, SeedDirectoryGroup>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SeedUser {
    /// As the directory tells them, such as `primaryEmail`, and `name` with `givenName` in it.
    attributes: Map<String, Value>,
    /// Why runs fail for this user, if they do.
    fails: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SeedDirectoryGroup {
    name: String,
    /// Ids of users in the directory.
    members: Vec<String>,
}

impl SeedDirectory {
    pub(crate) fn directory(&self) -> Directory {
        Directory {
            users: self.users.iter().map(|(id, user)| (id.clone(), user.user())).collect(),
            groups: self.groups.iter().map(|(id, group)| (id.clone(), group.group())).collect(),
        }
    }
}

impl SeedUser {
    pub(crate) fn user(&self) -> DirectoryUser {
        DirectoryUser { attributes: self.attributes.clone(), fails: self.fails.clone() }
    }
}

impl SeedDirectoryGroup {
    pub(crate) fn group(&self) -> DirectoryGroup {
        DirectoryGroup::new(self.name.clone()).members(self.members.iter().map(String::as_str))
    }
}
