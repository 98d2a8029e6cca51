//! Mappings from attributes of the directory to user fields.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The rows of a mapping. Cheap to clone, because a tenant can have 100,000 connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping(Arc<[MappingItem]>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MappingItem {
    pub(crate) idp: String,
    pub(crate) auth0: String,
}

impl Mapping {
    pub(crate) fn from_rows(rows: &[(&str, &str)]) -> Self {
        Self(rows.iter().map(|&(idp, auth0)| MappingItem { idp: idp.into(), auth0: auth0.into() }).collect())
    }

    pub(crate) fn rows(&self) -> &[MappingItem] {
        &self.0
    }

    /// Whether no name is empty and no user field is filled twice. An attribute can fill several fields.
    pub(crate) fn is_valid(&self) -> bool {
        let mut filled = HashSet::new();
        self.0.iter().all(|row| !row.idp.is_empty() && !row.auth0.is_empty() && filled.insert(row.auth0.as_str()))
    }
}

impl Serialize for Mapping {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter())
    }
}

impl<'de> Deserialize<'de> for Mapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(|rows: Vec<MappingItem>| Self(rows.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_can_fill_two_fields_but_not_vice_versa() {
        assert!(Mapping::from_rows(&[("suspended", "blocked"), ("suspended", "is_suspended")]).is_valid());
        assert!(!Mapping::from_rows(&[("suspended", "blocked"), ("archived", "blocked")]).is_valid());
        assert!(!Mapping::from_rows(&[("", "blocked")]).is_valid());
        assert!(!Mapping::from_rows(&[("suspended", "")]).is_valid());
    }
}
