//! The report for people.

use std::fmt::Write as _;

use super::{
    super::{finding::Finding, release::Release},
    FOR_PEOPLE, Report, clipped, plural,
};

pub(super) fn write(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_to(&mut out, report);
    out
}

fn write_to(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "before: {}\nafter:  {}", report.old, report.new)?;
    writeln!(out, "{}: {} in both", report.scope, plural(report.common, "operation"))?;
    writeln!(out, "{}", report.counts())?;

    let (groups, more) = report.by_operation(FOR_PEOPLE);
    for (operation, findings) in groups {
        match &operation.id {
            Some(id) => writeln!(out, "\n{} ({})", clipped(&operation.to_string()), clipped(id))?,
            None => writeln!(out, "\n{}", clipped(&operation.to_string()))?,
        }
        for finding in findings {
            write_finding(out, finding)?;
        }
    }
    if more > 0 {
        writeln!(out, "\n… and {more} more; `--format json` has them")?;
    }

    if !report.accepted.is_empty() {
        writeln!(out, "\naccepted:")?;
        for accepted in &report.accepted {
            writeln!(out, "  {:>3} x {}", accepted.findings.len(), accepted.entry.describe())?;
            writeln!(out, "        {}", accepted.entry.reason)?;
        }
    }
    if !report.stale.is_empty() {
        writeln!(out, "\naccepted differences that no longer exist; take them off the list:")?;
        for entry in &report.stale {
            writeln!(out, "  {}", entry.describe())?;
        }
    }

    let suggestion = &report.suggestion;
    if suggestion.release != Release::None {
        write!(out, "\nto follow this: a {} release", suggestion.release)?;
        if let Some(version) = &suggestion.version {
            write!(out, ", {version}")?;
        }
        writeln!(out, ", with these lines in the changelog to start from:")?;
        for (heading, lines) in report.changelog() {
            writeln!(out, "\n  ### {heading}\n")?;
            for line in lines {
                writeln!(out, "  - {line}")?;
            }
        }
    }
    Ok(())
}

fn write_finding(out: &mut String, finding: &Finding) -> std::fmt::Result {
    let (name, sentence) = (finding.kind.name(), finding.kind.sentence());
    if finding.spot.place.is_empty() {
        writeln!(out, "  {sentence} [{name}]: {}", finding.verdict)?;
    } else {
        let place = clipped(&finding.spot.place);
        writeln!(out, "  {place}\n    {sentence} [{name}]: {}", finding.verdict)?;
    }
    for (label, value) in [("before", &finding.before), ("after", &finding.after)] {
        if let Some(value) = value {
            writeln!(out, "    {label:<7} {}", clipped(value))?;
        }
    }
    writeln!(out, "    {:<7} #{}", "old", clipped(finding.spot.old_pointer.as_str()))?;
    writeln!(out, "    {:<7} #{}", "new", clipped(finding.spot.new_pointer.as_str()))
}
