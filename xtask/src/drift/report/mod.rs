//! What is told, in the three forms that it is told in.

mod json;
mod markdown;
mod text;

use clap::ValueEnum;

use super::{
    accepted::{Accepted, Entry},
    finding::Finding,
    suggestion::Suggestion,
};
use crate::openapi::operation::OperationName;

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Format {
    /// For people, grouped by operation.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// Everything that a comparison has to tell.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) old: String,
    pub(super) new: String,
    /// What was compared, in words.
    pub(super) scope: &'static str,
    pub(super) common: usize,
    pub(super) findings: Vec<Finding>,
    pub(super) accepted: Vec<Accepted>,
    pub(super) stale: Vec<Entry>,
    pub(super) suggestion: Suggestion,
}

/// Beyond this many findings people are told how many more there are; programs get many more.
const FOR_PEOPLE: usize = 200;
const FOR_PROGRAMS: usize = 20_000;
/// Longer values are cut, in characters, and so are longer lines of the changelog.
const VALUE: usize = 160;
const LINE: usize = 1_000;

impl Report {
    pub(super) fn write(&self, format: Format) -> String {
        match format {
            Format::Text => text::write(self),
            Format::Json => json::write(self),
            Format::Markdown => markdown::write(self),
        }
    }

    fn breaking(&self) -> usize {
        self.findings.iter().filter(|finding| finding.is_breaking()).count()
    }

    fn not_survived(&self) -> usize {
        self.findings.iter().filter(|finding| !finding.verdict.survives).count()
    }

    fn accepted(&self) -> usize {
        self.accepted.iter().map(|accepted| accepted.findings.len()).sum()
    }

    /// The findings by operation, at most `limit` of them, and how many that leaves out.
    fn by_operation(&self, limit: usize) -> (Vec<(&OperationName, &[Finding])>, usize) {
        let shown = &self.findings[..self.findings.len().min(limit)];
        let groups = shown
            .chunk_by(|one, other| one.operation == other.operation)
            .map(|group| (&group[0].operation, group))
            .collect();
        (groups, self.findings.len() - shown.len())
    }

    /// The lines of the changelog under their headings.
    fn changelog(&self) -> impl Iterator<Item = (&'static str, Vec<String>)> {
        let headings = self.suggestion.changelog.iter();
        headings.map(|(heading, lines)| (*heading, lines.iter().map(|line| clipped_to(line, LINE)).collect()))
    }

    /// The counts in one sentence.
    fn counts(&self) -> String {
        format!(
            "{}, {} breaking, {} that today's client does not survive; {} accepted",
            plural(self.findings.len(), "difference"),
            self.breaking(),
            self.not_survived(),
            self.accepted(),
        )
    }
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A value on one line, cut where it is long; control characters are made visible.
fn clipped(value: &str) -> String {
    clipped_to(value, VALUE)
}

fn clipped_to(value: &str, limit: usize) -> String {
    let mut clipped = String::new();
    for (count, character) in value.chars().enumerate() {
        if count == limit {
            clipped.push('…');
            break;
        }
        if character.is_control() {
            clipped.extend(character.escape_default());
        } else {
            clipped.push(character);
        }
    }
    clipped
}
