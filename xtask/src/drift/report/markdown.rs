//! The report as a comment on a pull request.

use std::fmt::Write as _;

use super::{super::release::Release, FOR_PEOPLE, Report, clipped, plural};

pub(super) fn write(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_to(&mut out, report);
    out
}

fn write_to(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "### Drift: {} → {}\n", code(&report.old), code(&report.new))?;
    let common = plural(report.common, "operation");
    writeln!(out, "{}: {common} in both. {}.", report.scope, report.counts())?;

    let (groups, more) = report.by_operation(FOR_PEOPLE);
    for (operation, findings) in groups {
        writeln!(out, "\n#### {}\n", code(&operation.to_string()))?;
        writeln!(out, "| where | what | before | after | breaks | survived |")?;
        writeln!(out, "| --- | --- | --- | --- | --- | --- |")?;
        for finding in findings {
            let place = if finding.spot.place.is_empty() { "operation" } else { &finding.spot.place };
            let pointers =
                format!("{}<br>{}", code(finding.spot.old_pointer.as_str()), code(finding.spot.new_pointer.as_str()));
            writeln!(
                out,
                "| {}<br><sub>{pointers}</sub> | {} | {} | {} | {} | {} |",
                code(place),
                finding.kind.sentence(),
                finding.before.as_deref().map(code).unwrap_or_default(),
                finding.after.as_deref().map(code).unwrap_or_default(),
                if finding.is_breaking() { finding.verdict.breaks.join(", ") } else { "nobody".to_owned() },
                match (finding.verdict.survives, finding.verdict.decodes) {
                    (true, _) => "yes",
                    (false, true) => "**decodes only**",
                    (false, false) => "**no**",
                },
            )?;
        }
    }
    if more > 0 {
        writeln!(out, "\n… and {more} more.")?;
    }

    if !report.accepted.is_empty() {
        writeln!(out, "\n<details><summary>{} accepted</summary>\n", report.accepted())?;
        for accepted in &report.accepted {
            let entry = &accepted.entry;
            writeln!(out, "- {} × {}: {}", accepted.findings.len(), code(&entry.describe()), entry.reason)?;
        }
        writeln!(out, "\n</details>")?;
    }
    if !report.stale.is_empty() {
        writeln!(out, "\n#### Accepted differences that no longer exist, to be taken off the list\n")?;
        for entry in &report.stale {
            writeln!(out, "- {}", code(&entry.describe()))?;
        }
    }

    let suggestion = &report.suggestion;
    if suggestion.release != Release::None {
        let version = suggestion.version.as_deref().unwrap_or_default();
        writeln!(out, "\n#### To follow this: a {} release, {version}\n", suggestion.release)?;
        writeln!(out, "```markdown")?;
        for (heading, lines) in report.changelog() {
            writeln!(out, "### {heading}\n")?;
            for line in lines {
                writeln!(out, "- {}", line.replace("```", "'''"))?;
            }
            writeln!(out)?;
        }
        writeln!(out, "```")?;
    }
    Ok(())
}

/// Text of a document as code in a table cell: it can neither end the code nor the cell.
fn code(text: &str) -> String {
    format!("`{}`", clipped(text).replace('`', "'").replace('|', "\\|"))
}
