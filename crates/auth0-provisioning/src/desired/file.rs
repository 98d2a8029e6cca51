//! Reading a desired state strictly: people write these files, and misspell.

use serde::{Deserialize, Deserializer, de::Error};

use crate::{MappingItem, SynchronizeGroups};

/// A row of a mapping. Unlike the type that responses are read into, it accepts no other fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    auth0: String,
    idp: String,
}

pub(super) fn mapping<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<MappingItem>>, D::Error> {
    let rows = Option::<Vec<Row>>::deserialize(deserializer)?;
    Ok(rows.map(|rows| rows.into_iter().map(|row| MappingItem::new(row.auth0, row.idp)).collect()))
}

pub(super) fn synchronize_groups<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SynchronizeGroups>, D::Error> {
    match Option::<SynchronizeGroups>::deserialize(deserializer)? {
        Some(SynchronizeGroups::Unknown(value)) => {
            Err(D::Error::custom(format!("unknown value `{}`, expected `all`, `off` or `selected`", value.as_str())))
        }
        known => Ok(known),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Desired, MappingItem, SynchronizeGroups};

    #[test]
    fn reads_back_the_written_state() {
        let desired = Desired::default()
            .mapping([MappingItem::new("email", "primaryEmail")])
            .synchronize_automatically(true)
            .synchronize_groups(SynchronizeGroups::All);
        let json = serde_json::to_string(&desired).unwrap();
        assert_eq!(serde_json::from_str::<Desired>(&json).unwrap(), desired);
        assert_eq!(serde_json::from_str::<Desired>("{}").unwrap(), Desired::default());
        assert_eq!(serde_json::to_string(&Desired::default()).unwrap(), "{}");
    }

    #[test]
    fn misspelled_fields_and_values_are_errors() {
        for (json, expected) in [
            (r#"{ "synchronize_groups": "selcted" }"#, "unknown value `selcted`"),
            (r#"{ "synchronise_groups": "all" }"#, "unknown field `synchronise_groups`"),
            (r#"{ "mapping": [{ "auth0": "email", "idp": "primaryEmail", "note": "" }] }"#, "unknown field `note`"),
            (r#"{ "mapping": [{ "auth0": "email" }] }"#, "missing field `idp`"),
        ] {
            let error = serde_json::from_str::<Desired>(json).unwrap_err().to_string();
            assert!(error.contains(expected) && error.contains("line 1"), "{error}");
        }
    }
}
