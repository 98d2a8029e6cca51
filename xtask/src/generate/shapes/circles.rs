//! Schemas that are put together from components which lead to themselves become components, so that they have an end.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    components::{reference_of, reference_to},
    schemas::{Schema, free_name, is_prose},
};
use crate::openapi::document::components_in;

/// How many components are made, and how many of them in a row for what one of them holds: each may differ from all that
/// were made before.
const MOST_MADE: usize = 10_000;
const LONGEST_ROW: usize = 16;

pub(super) struct Circles<'a> {
    schemas: &'a Map<String, Value>,
    /// The components that each names.
    holds: BTreeMap<&'a str, BTreeSet<String>>,
    /// Which of them lead to themselves, as far as it was asked.
    circular: BTreeMap<String, bool>,
    /// The components that are made, by what they say.
    made: BTreeMap<String, String>,
    waiting: Vec<(String, Schema, usize)>,
    /// How many components were made in a row up to this one.
    row: usize,
}

impl<'a> Circles<'a> {
    pub(super) fn of(schemas: &'a Map<String, Value>) -> Self {
        Self {
            schemas,
            holds: schemas.iter().map(|(name, schema)| (name.as_str(), components_in(schema))).collect(),
            circular: BTreeMap::new(),
            made: BTreeMap::new(),
            waiting: Vec::new(),
            row: 0,
        }
    }

    /// A component that is made and not put together yet, with its name.
    pub(super) fn next(&mut self) -> Option<(String, Schema)> {
        let (name, schema, row) = self.waiting.pop()?;
        self.row = row;
        Some((name, schema))
    }

    /// Whether a schema is put together from components that lead to themselves.
    pub(super) fn leads_back(&mut self, schema: &Schema) -> bool {
        let structure: Vec<_> = schema.iter().filter(|(key, _)| !is_prose(key)).collect();
        let is_union = matches!(structure[..], [(key, _)] if key != "allOf");
        !is_union && reference_of(schema).is_none() && {
            let parts = structure.into_iter().filter(|(key, _)| ["allOf", "oneOf", "anyOf"].contains(&key.as_str()));
            parts.flat_map(|(_, parts)| components_in(parts)).any(|name| self.holds_itself(&name))
        }
    }

    fn holds_itself(&mut self, name: &str) -> bool {
        if let Some(known) = self.circular.get(name) {
            return *known;
        }
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&String> = self.holds.get(name).into_iter().flatten().collect();
        while let Some(held) = waiting.pop() {
            if seen.insert(held) {
                waiting.extend(self.holds.get(held.as_str()).into_iter().flatten());
            }
        }
        let found = seen.contains(&name.to_owned());
        self.circular.insert(name.to_owned(), found);
        found
    }

    /// A reference to the component that says what a schema says, with the prose of the schema beside it; where there are
    /// too many, to the first of which it is put together.
    pub(super) fn component(&mut self, schema: Schema, name: &str) -> Schema {
        let (prose, structure): (Schema, Schema) = schema.into_iter().partition(|(key, _)| is_prose(key));
        let says = Value::from(structure.clone()).to_string();
        let name = match self.made.get(&says) {
            Some(name) => name.clone(),
            None if self.made.len() == MOST_MADE || self.row == LONGEST_ROW => {
                components_in(&structure.into()).pop_first().unwrap_or_default()
            }
            None => {
                let names: BTreeSet<_> = self.made.values().collect();
                let taken = |name: &str| self.schemas.contains_key(name) || names.contains(&name.to_owned());
                let name = free_name(name, taken);
                self.made.insert(says, name.clone());
                self.waiting.push((name.clone(), structure, self.row + 1));
                name
            }
        };
        let mut schema = prose;
        schema.insert("allOf".to_owned(), json!([{"$ref": reference_to(&name)}]));
        schema
    }
}
