//! JSON files that list groups.

use std::fmt;

use auth0_provisioning::{GroupId, SelectedGroup};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// Reads an array of groups, or an object with such an array in `groups`, as in the API's own bodies and in the lists of
/// Google's Directory API. A group is its id, or an object. Other fields are ignored.
pub(super) fn read(text: &str) -> Result<Vec<SelectedGroup>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Body {
        groups: Vec<Entry>,
    }
    let is_array = text.trim_start().starts_with('[');
    let entries: Vec<Entry> =
        if is_array { serde_json::from_str(text)? } else { serde_json::from_str::<Body>(text)?.groups };
    Ok(entries.into_iter().map(|Entry(group)| group).collect())
}

struct Entry(SelectedGroup);

#[derive(Deserialize)]
struct Properties {
    id: GroupId,
    name: Option<String>,
    email: Option<String>,
    #[serde(default, alias = "directMembersCount", deserialize_with = "count")]
    direct_members_count: Option<u32>,
}

/// Google writes the number as a string.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Count {
        Number(u32),
        Text(String),
    }
    match Option::<Count>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Count::Number(count)) => Ok(Some(count)),
        Some(Count::Text(count)) => count.parse().map(Some).map_err(D::Error::custom),
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntryVisitor;

        impl<'de> Visitor<'de> for EntryVisitor {
            type Value = Entry;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a group id, or an object with `id`")
            }

            fn visit_str<E: Error>(self, id: &str) -> Result<Entry, E> {
                id.parse().map(|id| Entry(SelectedGroup::new(id))).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Entry, A::Error> {
                let read = Properties::deserialize(MapAccessDeserializer::new(fields))?;
                let mut group = SelectedGroup::new(read.id);
                group.name = read.name;
                group.email = read.email;
                group.direct_members_count = read.direct_members_count;
                Ok(Entry(group))
            }
        }
        deserializer.deserialize_any(EntryVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ids_and_groups_of_arrays_and_objects() {
        let expected = ["g1", "g2"].map(|id| SelectedGroup::new(id.parse().unwrap()));
        for file in [
            r#"["g1", "g2"]"#,
            r#"[{ "id": "g1" }, "g2"]"#,
            r#"{ "kind": "admin#directory#groups", "groups": [{ "id": "g1", "etag": "x" }, { "id": "g2" }] }"#,
        ] {
            assert_eq!(read(file).unwrap(), expected, "{file}");
        }
        let counted = read(r#"[{ "id": "g1", "directMembersCount": "7" }, { "id": "g2", "direct_members_count": 7 }]"#);
        assert!(counted.unwrap().iter().all(|group| group.direct_members_count == Some(7)));
    }

    #[test]
    fn errors_name_problem_and_line() {
        for (file, message) in [
            (r#"{ "group": [] }"#, "missing field `groups`"),
            (r#"[{ "name": "Engineering" }]"#, "missing field `id`"),
            (r#"["eng@example.com"]"#, "is not a group id: it contains '@'"),
            (r#"[{ "id": "g1", "directMembersCount": "many" }]"#, "invalid digit"),
        ] {
            let error = read(file).unwrap_err().to_string();
            assert!(error.contains(message) && error.contains("line 1"), "{error}");
        }
    }
}
