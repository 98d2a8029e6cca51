//! Writes the result as `docs/benchmarks.md`.

use std::{fmt::Write, thread};

use super::Row;

const METHOD: &str = "\
# Benchmarks

`cargo xtask bench --record` writes this page. Each row compares two sides of one run. A ratio below 1 is better for the
client, except if the figure is a rate.

- The server sends fixed bytes from a thread of its own over loopback, so that the rows compare clients.
- Both sides decode the same types. The client has everything on: a fetched token, pacing by response headers, retries.
- Rounds of 1,000 calls alternate between the sides, and the rows compare medians of 41 rounds. The load of the machine
  affects both sides. On a machine that does other work, ratios of times vary by a tenth from run to run. Instructions and
  allocations do not vary.
- Memory is the peak of the process minus its size at the start.
- \"From nothing\" means: with an empty target directory and all sources on disk.

";

pub(super) fn write(rows: &[Row]) -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut text = METHOD.to_owned();
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "Measured on {cores} cores.\n\n| figure | compared with | theirs | ours | ratio |\n| --- | --- | --- | --- | --- |\n"
    );
    for row in rows {
        let Row { what, beside, .. } = row;
        let (other, ours) = (figure(row.other, &row.unit), figure(row.ours, &row.unit));
        let _ = writeln!(text, "| {what} | {beside} | {other} | {ours} | {:.3} |", row.ours / row.other);
    }
    text.push_str(&plot(rows));
    text
}

/// Returns a chart of calls in microseconds.
fn plot(rows: &[Row]) -> String {
    let calls: Vec<_> = rows.iter().filter(|row| row.what.starts_with("a call") && row.beside == "reqwest").collect();
    if calls.is_empty() {
        return String::new();
    }
    let list = |pick: fn(&Row) -> String| calls.iter().map(|row| pick(row)).collect::<Vec<_>>().join(", ");
    format!(
        "\nMicroseconds of a call. Bars are ours, the line is reqwest's.\n\n```mermaid\nxychart-beta\n    x-axis [{}]\n    \
         y-axis \"µs\"\n    bar [{}]\n    line [{}]\n```\n",
        list(|row| format!("{:?}", row.what.trim_start_matches("a call, "))),
        list(|row| format!("{:.1}", row.ours)),
        list(|row| format!("{:.1}", row.other)),
    )
}

fn figure(value: f64, unit: &str) -> String {
    let digits = if value >= 1_000.0 {
        0
    } else if value >= 100.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$} {unit}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_both_figures_and_their_ratio() {
        let row = Row {
            what: "a call, 1 in flight".into(),
            beside: "reqwest".into(),
            unit: "µs".into(),
            other: 20.0,
            ours: 21.0,
        };
        let text = write(&[row]);
        assert!(text.contains("| a call, 1 in flight | reqwest | 20.00 µs | 21.00 µs | 1.050 |"), "{text}");
        assert!(text.contains("bar [21.0]\n    line [20.0]"), "{text}");
    }
}
