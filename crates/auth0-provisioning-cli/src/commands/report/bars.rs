//! The runs of a connection over time: a bar for each, as high as it took long, red where it failed.

use std::fmt::Write as _;

use auth0_provisioning::{
    RunState,
    chrono::{DateTime, Utc},
};

use super::html::escape;
use crate::{commands::runs::Run, duration, output::count};

const HEIGHT: u64 = 44;
const STEP: usize = 12;
const BAR: usize = 9;

/// A picture of runs, the latest to the right.
pub(super) fn render(runs: &[Run], now: DateTime<Utc>) -> String {
    let longest = runs.iter().filter_map(|run| run.report.duration()).map(|time| time.as_secs()).max();
    let longest = longest.unwrap_or(0).max(1);
    let width = runs.len() * STEP;
    let label = format!("the last {} runs", runs.len());
    let mut svg = format!(
        "<svg class=\"bars\" role=\"img\" aria-label=\"{label}\" width=\"{width}\" height=\"{HEIGHT}\" viewBox=\"0 0 {width} {HEIGHT}\">"
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
        // Writing to a text cannot fail.
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{BAR}\" height=\"{height}\" rx=\"2\"><title>{}</title></rect>",
            escape(&title(run, now)),
        );
    }
    svg.push_str("</svg>");
    svg
}

fn title(run: &Run, now: DateTime<Utc>) -> String {
    let mut parts = vec![run.report.state.to_string()];
    parts.extend(
        run.report
            .started_at
            .map(|time| format!("{} ({})", duration::relative(time, now), time.format("%Y-%m-%d %H:%M UTC"))),
    );
    parts.extend(run.report.duration().map(|took| format!("took {}", duration::exact(took))));
    parts.extend(
        run.failed_users().filter(|users| *users > 0).map(|users| format!("failed for {}", count(users, "user"))),
    );
    parts.join(", ")
}
