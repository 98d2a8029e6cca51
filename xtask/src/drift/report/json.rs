//! The report for programs.

use serde_json::json;

use super::{FOR_PROGRAMS, Report};

pub(super) fn write(report: &Report) -> String {
    let shown = &report.findings[..report.findings.len().min(FOR_PROGRAMS)];
    let report = json!({
        "old": report.old,
        "new": report.new,
        "scope": report.scope,
        "summary": {
            "common_operations": report.common,
            "findings": report.findings.len(),
            "breaking": report.breaking(),
            "not_survived": report.not_survived(),
            "accepted": report.accepted(),
            "stale": report.stale.len(),
            "omitted": report.findings.len() - shown.len(),
        },
        "findings": shown,
        "accepted": report.accepted,
        "stale": report.stale,
        "suggestion": report.suggestion,
    });
    format!("{report:#}\n")
}
