//! The differences between our contract and the official document that are meant to be.

use std::{collections::BTreeSet, path::Path};

use serde::{Deserialize, Serialize};

use super::{
    compare::Comparison,
    finding::{Finding, Kind},
};
use crate::openapi::Problem;

/// A difference that is meant to be, and why. Every statement narrows down what it matches.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// The method and the path; `*` stands for any text.
    operation: String,
    pub(super) kind: Kind,
    /// The position in words, as reports show it; `*` stands for any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// The date of the official document that added what the contract says. An older one has nothing of that date:
    /// while it has any of it, the entries of the date account for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    added_by: Option<String>,
    pub(super) reason: String,
}

/// The recorded list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptedDifferences {
    accepted: Vec<Entry>,
}

/// An entry, and the findings that it accounts for.
#[derive(Debug, Serialize)]
pub(super) struct Accepted {
    #[serde(flatten)]
    pub(super) entry: Entry,
    pub(super) findings: Vec<Finding>,
}

/// Findings, told apart by the list.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) open: Vec<Finding>,
    pub(super) accepted: Vec<Accepted>,
    /// Entries that no longer match anything although their operations are there.
    pub(super) stale: Vec<Entry>,
}

impl AcceptedDifferences {
    pub(super) fn read(file: &Path) -> Result<Self, Problem> {
        let read = || -> Result<Self, String> {
            let text = std::fs::read_to_string(file).map_err(|error| format!("cannot be read: {error}"))?;
            let list: Self = serde_json::from_str(&text).map_err(|error| format!("is not a list: {error}"))?;
            match list.accepted.iter().position(|entry| entry.reason.trim().is_empty()) {
                Some(index) => Err(format!("entry {index} (counted from 0): an accepted difference needs a reason")),
                None => Ok(list),
            }
        };
        read().map_err(|what| Problem::new(what).in_file(file))
    }

    /// Takes the accepted differences out of what was found. The first entry that matches accounts for a finding.
    pub(super) fn sort(self, comparison: &Comparison) -> Sorted {
        let mut sorted = Sorted::default();
        let known = self.known_additions(comparison);
        let mut matched = vec![false; self.accepted.len()];
        let mut findings: Vec<Vec<Finding>> = vec![Vec::new(); self.accepted.len()];
        for finding in &comparison.findings {
            let mut first = None;
            let applies = |entry: &Entry| {
                entry.added_by.as_ref().is_none_or(|date| !known.contains(date)) && entry.matches(finding)
            };
            for (index, _) in self.accepted.iter().enumerate().filter(|(_, entry)| applies(entry)) {
                matched[index] = true;
                first = first.or(Some(index));
            }
            match first {
                Some(index) => findings[index].push(finding.clone()),
                None => sorted.open.push(finding.clone()),
            }
        }
        for ((entry, matched), findings) in self.accepted.into_iter().zip(matched).zip(findings) {
            if !findings.is_empty() {
                sorted.accepted.push(Accepted { entry, findings });
            } else if !matched && entry.added_by.is_none() && entry.can_be_judged(comparison) {
                sorted.stale.push(entry);
            }
        }
        sorted
    }

    /// The dates of which the document has something, so that what else it lacks of them was taken out.
    fn known_additions(&self, comparison: &Comparison) -> BTreeSet<String> {
        let lacks = |entry: &Entry| comparison.findings.iter().any(|finding| entry.matches(finding));
        self.accepted.iter().filter(|entry| !lacks(entry)).filter_map(|entry| entry.added_by.clone()).collect()
    }
}

impl Entry {
    fn matches(&self, finding: &Finding) -> bool {
        let says = |stated: &Option<String>, actual: &Option<String>| stated.is_none() || stated == actual;
        self.kind == finding.kind
            && glob(&self.operation, &finding.operation.to_string())
            && self.place.as_ref().is_none_or(|place| glob(place, &finding.spot.place))
            && says(&self.before, &finding.before)
            && says(&self.after, &finding.after)
    }

    /// An entry about the inside of an operation that the document lacks as a whole says nothing either way: the
    /// missing operation is reported, and the entry may be needed again for the next document.
    fn can_be_judged(&self, comparison: &Comparison) -> bool {
        let about = |name: &dyn ToString| glob(&self.operation, &name.to_string());
        let missing = comparison
            .findings
            .iter()
            .any(|finding| finding.kind == Kind::OperationRemoved && about(&finding.operation));
        comparison.common.iter().any(|name| about(name)) || !missing
    }

    pub(super) fn describe(&self) -> String {
        let mut words = format!("{} {}", self.operation, self.kind.name());
        for (label, value) in [("at", &self.place), ("before", &self.before), ("after", &self.after)] {
            if let Some(value) = value {
                words = format!("{words}, {label} `{value}`");
            }
        }
        if let Some(date) = &self.added_by {
            words = format!("{words}, in a document older than {date}");
        }
        words
    }
}

/// Whether `text` is what the pattern says, in which `*` stands for any text.
fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("GET *", "GET /a", true),
            ("GET *", "POST /a", false),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abde", false),
            ("a", "ab", false),
            ("*b", "ab", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
    }
}
