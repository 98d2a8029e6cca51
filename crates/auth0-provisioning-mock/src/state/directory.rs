//! The directory behind a connection: what the next run finds there.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Users and groups of a directory, by the ids that they have there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Directory {
    #[serde(default)]
    pub(crate) users: BTreeMap<String, DirectoryUser>,
    #[serde(default)]
    pub(crate) groups: BTreeMap<String, DirectoryGroup>,
}

/// A user of a directory, such as one of a company's Google Workspace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryUser {
    /// As the directory tells them, `name` with `givenName` in it.
    #[serde(default)]
    pub(crate) attributes: Map<String, Value>,
    /// Why runs fail for this user, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fails: Option<String>,
}

impl DirectoryUser {
    /// A user with this email address, and nothing else.
    #[must_use]
    pub fn new(email: &str) -> Self {
        Self::default().attribute("primaryEmail", email)
    }

    /// Has an attribute; dots lead into objects, as in `name.givenName`.
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

    /// The value of an attribute; dots lead into objects.
    pub(crate) fn get(&self, path: &str) -> Option<&Value> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let value = self.attributes.get(first)?;
        rest.map_or(Some(value), |rest| value.pointer(&format!("/{}", rest.replace('.', "/"))))
    }
}

/// A group of a directory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryGroup {
    pub(crate) name: String,
    /// The ids of users.
    #[serde(default)]
    pub(crate) members: BTreeSet<String>,
}

impl DirectoryGroup {
    /// A group of this name, without members.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), members: BTreeSet::new() }
    }

    /// Has these members, by the ids that the users have in the directory.
    #[must_use]
    pub fn members<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.members.extend(ids.into_iter().map(String::from));
        self
    }
}

/// Sets a value within objects within objects. What is in the way and no object is replaced.
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
