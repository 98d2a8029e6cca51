//! The directory of a connection, which runs read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Users and groups, by their ids in the directory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "control", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Directory {
    pub(crate) users: BTreeMap<String, DirectoryUser>,
    pub(crate) groups: BTreeMap<String, DirectoryGroup>,
}

/// A user of a directory, such as one of a company's Google Workspace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "control", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DirectoryUser {
    /// Such as `primaryEmail`, and `name` with `givenName` in it.
    pub(crate) attributes: Map<String, Value>,
    /// The reason why runs fail for this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fails: Option<String>,
}

impl DirectoryUser {
    /// Creates a user with this email address.
    #[must_use]
    pub fn new(email: &str) -> Self {
        Self::default().attribute("primaryEmail", email)
    }

    /// Sets an attribute. Dots lead into objects, as in `name.givenName`.
    #[must_use]
    pub fn attribute(mut self, path: &str, value: impl Into<Value>) -> Self {
        set(&mut self.attributes, path, value.into());
        self
    }

    /// Makes each run fail for this user, with this reason.
    #[must_use]
    pub fn fails(mut self, reason: impl Into<String>) -> Self {
        self.fails = Some(reason.into());
        self
    }

    /// Returns an attribute. Dots lead into objects.
    pub(crate) fn get(&self, path: &str) -> Option<&Value> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let value = self.attributes.get(first)?;
        rest.map_or(Some(value), |rest| value.pointer(&format!("/{}", rest.replace('.', "/"))))
    }
}

/// A group of a directory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "control", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DirectoryGroup {
    pub(crate) name: String,
    /// The ids of users.
    pub(crate) members: BTreeSet<String>,
}

impl DirectoryGroup {
    /// Creates a group without members.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), members: BTreeSet::new() }
    }

    /// Adds members, by the ids of the users in the directory.
    #[must_use]
    pub fn members<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.members.extend(ids.into_iter().map(String::from));
        self
    }
}

/// Sets a value within nested objects. A value on the way that is not an object is replaced.
pub(crate) fn set(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            object.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = object.entry(first).or_insert_with(|| Map::new().into());
            if !inner.is_object() {
                *inner = Map::new().into();
            }
            if let Value::Object(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}
