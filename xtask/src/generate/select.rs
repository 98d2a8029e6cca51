//! Which operations a client gets.

use std::collections::BTreeSet;

use crate::{
    model::{Options, lower},
    openapi::{Document, Problem},
};

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
    /// Checks that the document has what is chosen.
    ///
    /// # Errors
    ///
    /// An id or a tag that no operation has, or nothing chosen at all.
    pub(super) fn check(&self, document: &Document) -> Result<(), Problem> {
        let Self::Some { operations, tags } = self else { return Ok(()) };
        let known = Known::of(document);
        for (kind, wanted, known) in [("operation", operations, &known.operations), ("tag", tags, &known.tags)] {
            if let Some(missing) = wanted.iter().find(|name| !known.contains(*name)) {
                return Err(Problem::new(format!("has no {kind} {missing:?}{}", nearest(missing, known))));
            }
        }
        if operations.is_empty() && tags.is_empty() {
            return Err(Problem::new("nothing was chosen from it"));
        }
        Ok(())
    }

    /// What is lowered.
    pub(super) fn options(&self, merge_equal_types: bool) -> Options {
        match self {
            Self::All => Options { merge_equal_types, ..Options::default() },
            Self::Some { operations, tags } => {
                Options { operations: operations.clone(), tags: tags.clone(), merge_equal_types }
            }
        }
    }
}

/// The ids and tags of a document.
#[derive(Default)]
struct Known {
    operations: BTreeSet<String>,
    tags: BTreeSet<String>,
}

impl Known {
    fn of(document: &Document) -> Self {
        let mut known = Self::default();
        let (api, diagnostics) = lower(document, &Options::default());
        for operation in api.operations {
            known.operations.insert(operation.id);
            known.tags.extend(operation.tags);
        }
        known.operations.extend(diagnostics.into_iter().filter_map(|diagnostic| diagnostic.operation));
        known
    }
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

    fn problem(operations: &[&str], tags: &[&str]) -> Option<String> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let selection = Selection::Some { operations: owned(operations), tags: owned(tags) };
        selection.check(&document()).err().map(|problem| problem.to_string())
    }

    #[test]
    fn names_what_is_not_there_and_what_may_be_meant() {
        assert_eq!(problem(&["put_a"], &["letters"]), None);
        let rejected = |operations: &[&str], tags: &[&str]| problem(operations, tags).unwrap();
        assert_eq!(rejected(&["get_aa"], &[]), "has no operation \"get_aa\"; did you mean \"get_a\"?");
        assert_eq!(rejected(&[], &["numbers"]), "has no tag \"numbers\"");
        assert_eq!(rejected(&[], &[]), "nothing was chosen from it");
    }
}
