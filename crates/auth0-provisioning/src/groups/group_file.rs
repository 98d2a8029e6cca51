//! Files that list groups.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::SelectedGroup;
use crate::GroupId;

/// The groups of a JSON file: an array of groups, or an object with such an array in `groups`, as in the API's own bodies
/// and in the lists of Google's Directory API. A group is its id, or an object with `id`, `name`, `email` and
/// `direct_members_count`, which Google writes as `directMembersCount`. Other fields are ignored.
///
/// ```
/// use auth0_provisioning::GroupFile;
///
/// let file = r#"{ "groups": [{ "id": "g1", "name": "Engineering" }, { "id": "g2", "directMembersCount": "7" }] }"#;
/// let GroupFile(groups) = serde_json::from_str(file)?;
/// assert_eq!(groups[0].to_string(), "g1 (Engineering)");
/// assert_eq!(groups[1].direct_members_count, Some(7));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct GroupFile(pub Vec<SelectedGroup>);

impl IntoIterator for GroupFile {
    type Item = SelectedGroup;
    type IntoIter = std::vec::IntoIter<SelectedGroup>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<SelectedGroup> for GroupFile {
    fn from_iter<I: IntoIterator<Item = SelectedGroup>>(groups: I) -> Self {
        Self(groups.into_iter().collect())
    }
}

/// Written as the API's own bodies: an object with `groups`.
impl Serialize for GroupFile {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            groups: &'a [SelectedGroup],
        }
        Body { groups: &self.0 }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for GroupFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FileVisitor)
    }
}

struct FileVisitor;

impl<'de> Visitor<'de> for FileVisitor {
    type Value = GroupFile;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of groups, or an object with `groups`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut groups: A) -> Result<GroupFile, A::Error> {
        let mut read = Vec::new();
        while let Some(Entry(group)) = groups.next_element()? {
            read.push(group);
        }
        Ok(GroupFile(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<GroupFile, A::Error> {
        let mut groups = None;
        while let Some(name) = fields.next_key::<String>()? {
            if name == "groups" {
                groups = Some(fields.next_value::<Vec<Entry>>()?);
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        let groups = groups.ok_or_else(|| A::Error::missing_field("groups"))?;
        Ok(GroupFile(groups.into_iter().map(|Entry(group)| group).collect()))
    }
}

struct Entry(SelectedGroup);

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a group id, or an object with `id`")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Entry, E> {
        let id: GroupId = id.parse().map_err(E::custom)?;
        Ok(Entry(id.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Entry, A::Error> {
        let (mut id, mut name, mut email, mut members) = (None, None, None, None);
        while let Some(field) = fields.next_key::<String>()? {
            match field.as_str() {
                "id" => id = Some(fields.next_value()?),
                "name" => name = fields.next_value()?,
                "email" => email = fields.next_value()?,
                "direct_members_count" | "directMembersCount" => members = fields.next_value::<Option<Count>>()?,
                _ => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        let id = id.ok_or_else(|| A::Error::missing_field("id"))?;
        Ok(Entry(SelectedGroup { id, name, email, direct_members_count: members.map(|Count(members)| members) }))
    }
}

/// A number, or a string that holds one.
struct Count(u32);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CountVisitor;

        impl Visitor<'_> for CountVisitor {
            type Value = Count;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number of members")
            }

            fn visit_u64<E: Error>(self, members: u64) -> Result<Count, E> {
                members.try_into().map(Count).map_err(E::custom)
            }

            fn visit_str<E: Error>(self, members: &str) -> Result<Count, E> {
                members.parse().map(Count).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(CountVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_and_objects_of_ids_and_groups_are_read() {
        let expected: GroupFile = ["g1", "g2"].map(|id| SelectedGroup::new(id.parse().unwrap())).into_iter().collect();
        for file in [
            r#"["g1", "g2"]"#,
            r#"[{ "id": "g1" }, "g2"]"#,
            r#"{ "kind": "admin#directory#groups", "groups": [{ "id": "g1", "etag": "x" }, { "id": "g2" }] }"#,
        ] {
            assert_eq!(serde_json::from_str::<GroupFile>(file).unwrap(), expected, "{file}");
        }
        let written = serde_json::to_string(&expected).unwrap();
        assert_eq!(written, r#"{"groups":[{"id":"g1"},{"id":"g2"}]}"#);
        assert_eq!(serde_json::from_str::<GroupFile>(&written).unwrap(), expected);
    }

    #[test]
    fn errors_say_what_is_wrong_and_where() {
        for (file, message) in [
            (r#"{ "group": [] }"#, "missing field `groups`"),
            (r#"[{ "name": "Engineering" }]"#, "missing field `id`"),
            (r#"["eng@example.com"]"#, "is not a group id: it contains '@'"),
            (r#"[{ "id": "g1", "directMembersCount": "many" }]"#, "invalid digit"),
            ("7", "expected an array of groups, or an object with `groups`"),
        ] {
            let error = serde_json::from_str::<GroupFile>(file).unwrap_err().to_string();
            assert!(error.contains(message) && error.contains("line 1"), "{error}");
        }
    }
}
