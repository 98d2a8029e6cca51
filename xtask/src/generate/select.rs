//! Which operations a client gets.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::shapes::notes::OWN_ID;
use crate::openapi::{Document, METHODS, Problem};

/// A choice among the operations of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Every operation.
    All,
    /// The operations with these ids or one of these tags.
    Some {
        /// Operation ids.
        operations: Vec<String>,
        /// Tags.
        tags: Vec<String>,
    },
}

impl Selection {
    /// The document with the chosen operations alone.
    ///
    /// # Errors
    ///
    /// An id or a tag that no operation has, or nothing chosen at all.
    pub fn apply(&self, document: &Document) -> Result<Document, Problem> {
        let mut root = Map::new();
        for member in ["openapi", "info", "paths", "components"] {
            if let Some(value) = document.root.get(member) {
                root.insert(member.to_owned(), value.clone());
            }
        }
        root.entry("info").or_insert_with(|| serde_json::json!({"title": "", "version": ""}));
        let mut selected = Document { root: Value::Object(root) };
        let mut seen = Seen::default();
        if let Some(paths) = selected.root["paths"].as_object_mut() {
            for item in paths.values_mut() {
                let mut kept = Map::new();
                for method in METHODS {
                    if let Some(operation) = item.get(method)
                        && self.chooses(operation, &mut seen)
                    {
                        kept.insert(method.to_owned(), operation.clone());
                    }
                }
                *item = Value::Object(kept);
            }
            paths.retain(|path, item| !path.starts_with("x-") && item.as_object().is_some_and(|item| !item.is_empty()));
        }
        self.check(&seen)?;
        Ok(selected)
    }

    fn chooses(&self, operation: &Value, seen: &mut Seen) -> bool {
        let key = if operation.get(OWN_ID).is_some() { OWN_ID } else { "operationId" };
        let id = operation[key].as_str().unwrap_or_default();
        let tags: Vec<_> = operation["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        seen.operations.insert(id.to_owned());
        seen.tags.extend(tags.iter().map(|tag| (*tag).to_owned()));
        match self {
            Self::All => true,
            Self::Some { operations, tags: wanted } => {
                operations.iter().any(|wanted| wanted == id)
                    || wanted.iter().any(|wanted| tags.contains(&wanted.as_str()))
            }
        }
    }

    fn check(&self, seen: &Seen) -> Result<(), Problem> {
        let Self::Some { operations, tags } = self else {
            return if seen.operations.is_empty() { Err(Problem::new("has no operations")) } else { Ok(()) };
        };
        for (kind, wanted, known) in [("operation", operations, &seen.operations), ("tag", tags, &seen.tags)] {
            if let Some(missing) = wanted.iter().find(|name| !known.contains(*name)) {
                return Err(Problem::new(format!("has no {kind} {missing:?}{}", nearest(missing, known))));
            }
        }
        if operations.is_empty() && tags.is_empty() {
            return Err(Problem::new("nothing was chosen from it"));
        }
        Ok(())
    }
}

#[derive(Default)]
struct Seen {
    operations: BTreeSet<String>,
    tags: BTreeSet<String>,
}

/// "; did you mean …", where some known name is near.
fn nearest(missing: &str, known: &BTreeSet<String>) -> String {
    let ratio = |name: &str| similar::TextDiff::from_chars(missing, name).ratio();
    let best = known.iter().map(|name| (ratio(name), name)).max_by(|(one, _), (two, _)| one.total_cmp(two));
    best.filter(|(ratio, _)| *ratio > 0.5).map(|(_, name)| format!("; did you mean {name:?}?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        Document {
            root: json!({"openapi": "3.1.0", "info": {}, "servers": [], "paths": {
                "/a": {"get": {"operationId": "get_a", "tags": ["letters"]}, "put": {"operationId": "put_a"}},
                "/b": {"get": {"operationId": "get_b", "tags": ["letters"]}},
                "x-note": {},
            }}),
        }
    }

    fn chosen(operations: &[&str], tags: &[&str]) -> Result<Vec<String>, String> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let selection = Selection::Some { operations: owned(operations), tags: owned(tags) };
        let selected = selection.apply(&document()).map_err(|problem| problem.to_string())?;
        let items = selected.root["paths"].as_object().unwrap().values();
        let ids = items.flat_map(|item| item.as_object().unwrap().values());
        Ok(ids.map(|operation| operation["operationId"].as_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn chooses_by_id_and_by_tag() {
        assert_eq!(chosen(&["put_a"], &[]).unwrap(), ["put_a"]);
        assert_eq!(chosen(&["put_a"], &["letters"]).unwrap(), ["get_a", "put_a", "get_b"]);
    }

    #[test]
    fn names_what_is_not_there_and_what_may_be_meant() {
        assert_eq!(chosen(&["get_aa"], &[]).unwrap_err(), "has no operation \"get_aa\"; did you mean \"get_a\"?");
        assert_eq!(chosen(&[], &["numbers"]).unwrap_err(), "has no tag \"numbers\"");
        assert_eq!(chosen(&[], &[]).unwrap_err(), "nothing was chosen from it");
    }
}
