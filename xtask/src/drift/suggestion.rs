//! What following a document would mean for the next release: a version, and lines for the changelog.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    finding::{Finding, Kind, Side},
    release::Release,
};

/// What a difference means for those who compile against the client that follows it: its parameters are
/// positional, its structs and enums may grow, and everything else about a type is theirs too.
fn release_of(finding: &Finding) -> Release {
    if let Some(stated) = finding.verdict.rust {
        return stated;
    }
    // Failures are read without a type.
    let typed = finding.verdict.side != Side::Failure;
    match finding.kind {
        Kind::OperationAdded => Release::Minor,
        Kind::FieldAdded | Kind::EnumValueAdded | Kind::VariantAdded if typed => Release::Minor,
        Kind::OperationRemoved
        | Kind::OperationIdChanged
        | Kind::ParameterRemoved
        | Kind::ParameterRequired
        | Kind::ParameterOptional
        | Kind::RequestBodyAdded
        | Kind::RequestBodyRemoved => Release::Major,
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
            Release::Major
        }
        _ => Release::Patch,
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
        let release = findings.iter().map(release_of).max().unwrap_or(Release::None);
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
