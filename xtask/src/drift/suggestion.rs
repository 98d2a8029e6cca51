//! What following a document would mean for the next release: a version, and lines for the changelog.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::finding::{Finding, Kind, Side};

/// How far a release has to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Release {
    /// Nothing to release.
    None,
    /// Documentation, and what the server does by itself.
    Patch,
    /// Something new.
    Minor,
    /// Something that callers have to follow.
    Major,
}

impl Release {
    /// What a difference means for those who compile against the client that follows it: its parameters are
    /// positional, its structs and enums may grow, and everything else about a type is theirs too.
    fn of(finding: &Finding) -> Self {
        if let Some(stated) = finding.verdict.rust {
            return stated;
        }
        // Failures are read without a type.
        let typed = finding.verdict.side != Side::Failure;
        match finding.kind {
            Kind::OperationAdded => Self::Minor,
            Kind::FieldAdded | Kind::EnumValueAdded | Kind::VariantAdded if typed => Self::Minor,
            Kind::OperationRemoved
            | Kind::OperationIdChanged
            | Kind::ParameterRemoved
            | Kind::ParameterRequired
            | Kind::ParameterOptional
            | Kind::RequestBodyAdded
            | Kind::RequestBodyRemoved => Self::Major,
            Kind::FieldRemoved
            | Kind::FieldRequired
            | Kind::FieldOptional
            | Kind::TypeChanged
            | Kind::EnumValueRemoved
            | Kind::EnumAdded
            | Kind::EnumRemoved
            | Kind::VariantRemoved
            | Kind::CompositionChanged
                if typed =>
            {
                Self::Major
            }
            _ => Self::Patch,
        }
    }

    /// The version after this one. Before 1.0, a minor release may break and a patch release may add.
    fn after(self, version: &str) -> Option<String> {
        let mut numbers = version.split('.').map(|part| part.parse::<u64>().ok());
        let (major, minor, patch) = (numbers.next()??, numbers.next()??, numbers.next()??);
        let next = match (major, self) {
            (_, Self::None) => return None,
            (0, Self::Major) => (0, minor + 1, 0),
            (0, _) | (_, Self::Patch) => (major, minor, patch + 1),
            (_, Self::Minor) => (major, minor + 1, 0),
            (_, Self::Major) => (major + 1, 0, 0),
        };
        Some(format!("{}.{}.{}", next.0, next.1, next.2))
    }
}

impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// A draft for the maintainer to edit.
#[derive(Debug, Serialize)]
pub(super) struct Suggestion {
    pub(super) release: Release,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// Lines by heading, as in `CHANGELOG.md`.
    pub(super) changelog: BTreeMap<&'static str, Vec<String>>,
}

/// Beyond this many lines the rest is counted.
const LINES: usize = 50;
/// Beyond this many operations the rest of a line's operations is counted.
const OPERATIONS: usize = 4;

impl Suggestion {
    pub(super) fn new(findings: &[Finding], version: &str) -> Self {
        let release = findings.iter().map(Release::of).max().unwrap_or(Release::None);
        let mut lines: BTreeMap<(&'static str, String), Vec<String>> = BTreeMap::new();
        for finding in findings {
            let operations = lines.entry((heading(finding.kind), sentence(finding))).or_default();
            let operation = finding.operation.to_string();
            if !operations.contains(&operation) {
                operations.push(operation);
            }
        }
        let mut changelog: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let more = lines.len().saturating_sub(LINES);
        for ((heading, sentence), operations) in lines.into_iter().take(LINES) {
            let named: Vec<String> = operations.iter().take(OPERATIONS).map(|name| format!("`{name}`")).collect();
            let rest = match operations.len() - named.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let line = format!("{sentence} ({}{rest})", named.join(", "));
            changelog.entry(heading).or_default().push(line);
        }
        if more > 0 {
            changelog.entry("Changed").or_default().push(format!("… and {more} more"));
        }
        Self { release, version: release.after(version), changelog }
    }
}

fn heading(kind: Kind) -> &'static str {
    match kind.name().rsplit('-').next() {
        Some("added") => "Added",
        Some("removed") => "Removed",
        _ if kind == Kind::DeprecationChanged => "Deprecated",
        _ => "Changed",
    }
}

/// What happened, with the innermost name of the position and the values that say it in full.
fn sentence(finding: &Finding) -> String {
    let place = &finding.spot.place;
    let subject = place.rsplit_once(": ").map_or(place.as_str(), |(_, path)| path);
    let subject = if subject.is_empty() { String::new() } else { format!("`{subject}`: ") };
    let values = match (&finding.before, &finding.after) {
        (Some(before), Some(after)) => format!(", from {before} to {after}"),
        (Some(only), None) | (None, Some(only)) => format!(" ({only})"),
        (None, None) => String::new(),
    };
    format!("{subject}{}{values}", finding.kind.sentence())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_1_0_a_breaking_change_raises_the_minor_version() {
        assert_eq!(Release::Major.after("0.1.4").as_deref(), Some("0.2.0"));
        assert_eq!(Release::Minor.after("0.1.4").as_deref(), Some("0.1.5"));
        assert_eq!(Release::Major.after("1.2.3").as_deref(), Some("2.0.0"));
        assert_eq!(Release::Minor.after("1.2.3").as_deref(), Some("1.3.0"));
        assert_eq!(Release::Patch.after("1.2.3").as_deref(), Some("1.2.4"));
        assert_eq!(Release::None.after("1.2.3"), None);
    }
}
