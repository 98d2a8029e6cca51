//! A bar chart of the runs of a connection: the height is the duration, and a sign shows the result.

use std::fmt::Write as _;

use auth0_provisioning::RunState;

use super::html::escape;
use crate::{commands::runs::Run, duration, output::count};

const HEIGHT: u64 = 44;
/// The height of the signs below the bars.
const SIGNS: u64 = 14;
const STEP: usize = 14;
const BAR: usize = 10;

/// Returns a sign for the result of a run: colour alone is not accessible.
pub(super) fn sign(state: RunState) -> char {
    match state {
        RunState::Completed => '✓',
        RunState::Failed => '✗',
        _ => '…',
    }
}

/// Renders runs as SVG, the latest at the right.
pub(super) fn render(runs: &[Run]) -> String {
    let longest = runs.iter().filter_map(|run| run.report.duration()).map(|time| time.as_secs()).max();
    let longest = longest.unwrap_or(0).max(1);
    let (width, whole) = (runs.len() * STEP, HEIGHT + SIGNS);
    let failed = runs.iter().filter(|run| run.report.state == RunState::Failed).count();
    let label = format!("the last {}, {failed} failed", count(runs.len(), "run"));
    let mut svg = format!(
        "<svg class=\"bars\" role=\"img\" aria-label=\"{label}\" width=\"{width}\" height=\"{whole}\" viewBox=\"0 0 {width} {whole}\">"
    );
    for (place, run) in runs.iter().rev().enumerate() {
        let seconds = run.report.duration().map_or(0, |time| time.as_secs());
        let height = (seconds * (HEIGHT - 4) / longest).max(4);
        let (x, y) = (place * STEP, HEIGHT - height);
        let class = match run.report.state {
            RunState::Completed => "good",
            RunState::Failed => "bad",
            _ => "open",
        };
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<g class=\"{class}\"><rect x=\"{x}\" y=\"{y}\" width=\"{BAR}\" height=\"{height}\" rx=\"2\"/>\
             <text x=\"{}\" y=\"{}\">{}</text><title>{}</title></g>",
            x + BAR / 2,
            whole - 3,
            sign(run.report.state),
            escape(&title(run)),
        );
    }
    svg.push_str("</svg>");
    svg
}

fn title(run: &Run) -> String {
    let mut parts = vec![run.report.state.to_string()];
    parts.extend(run.report.started_at.map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string()));
    parts.extend(run.report.duration().map(|took| format!("took {}", duration::exact(took))));
    parts.extend(
        run.failed_users().filter(|users| *users > 0).map(|users| format!("failed for {}", count(users, "user"))),
    );
    parts.join(", ")
}
