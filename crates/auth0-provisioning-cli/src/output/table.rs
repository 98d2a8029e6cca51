//! Tables that fit the width of the terminal.

use std::collections::BTreeMap;

use console::{measure_text_width, truncate_str};

use super::{Cell, Tone};

/// The space between two columns.
const GAP: usize = 2;

/// The least width of a column that is shortened.
const NARROWEST: usize = 6;

/// Renders a table whose columns are as wide as their content. A table that is too wide loses its spare columns, the
/// rightmost first, and then its widest columns are shortened. If that makes two texts of the first column look the same, the
/// rightmost columns are left out.
pub(super) fn render(
    mut titles: Vec<String>,
    mut rows: Vec<Vec<Cell>>,
    spare: &[bool],
    are_chosen: bool,
    width: Option<usize>,
    colour: bool,
) -> String {
    let mut widths: Vec<usize> = titles.iter().map(|title| measure_text_width(title)).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(measure_text_width(&cell.text));
        }
    }
    if let Some(width) = width {
        for (place, _) in spare.iter().enumerate().rev().filter(|(_, spare)| **spare) {
            if total(&widths) > width {
                widths.remove(place);
                titles.remove(place);
                for row in &mut rows {
                    row.remove(place);
                }
            }
        }
        let all = widths.clone();
        shrink(&mut widths, width);
        // Two rows must not look the same. Chosen columns stay, and the first one becomes wider; other columns are left out
        // at the right, until the first one has enough room.
        while are_chosen && !are_distinct(&rows, widths[0]) {
            widths[0] += 1;
        }
        while widths.len() > 1 && !are_distinct(&rows, widths[0]) {
            let kept = widths.len() - 1;
            titles.truncate(kept);
            for row in &mut rows {
                row.truncate(kept);
            }
            widths = all[..kept].to_vec();
            shrink(&mut widths, width);
        }
    }
    let mut text = String::new();
    let header: Vec<Cell> = titles.into_iter().map(|title| Cell::new(title, Tone::Dim)).collect();
    for row in std::iter::once(&header).chain(&rows) {
        text.push_str(&line(row, &widths, colour));
        text.push('\n');
    }
    text
}

/// Returns whether different texts of the first column are different in this width, too.
fn are_distinct(rows: &[Vec<Cell>], width: usize) -> bool {
    let mut shown = BTreeMap::new();
    let texts = rows.iter().filter_map(|row| row.first()).map(|cell| cell.text.as_str());
    texts.into_iter().all(|text| *shown.entry(truncate_str(text, width, "…")).or_insert(text) == text)
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

/// Shortens the widest columns until all fit, or none can be shortened.
fn shrink(widths: &mut [usize], width: usize) {
    while total(widths) > width {
        // `max_by_key` returns the last of equally wide columns: names and ids are at the left.
        match widths.iter_mut().max_by_key(|width| **width) {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => return,
        }
    }
}

fn line(row: &[Cell], widths: &[usize], colour: bool) -> String {
    let mut line = String::new();
    let mut space = 0;
    for (cell, width) in row.iter().zip(widths) {
        let text = truncate_str(&cell.text, *width, "…");
        line.push_str(&" ".repeat(space));
        line.push_str(&cell.tone.paint(&text, colour));
        // A line has no spaces at its end, which would wrap in a terminal that becomes narrower.
        space = width - measure_text_width(&text) + GAP;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(width: usize) -> String {
        let titles = ["NAME", "ID", "ERROR"].map(str::to_owned).to_vec();
        let row = |name: &str, error: &str| vec![Cell::plain(name), Cell::plain("con_1"), Cell::new(error, Tone::Bad)];
        let rows = vec![row("acme", "the directory denied access"), row("日本支社のディレクトリ", "")];
        render(titles, rows, &[false, true, false], false, Some(width), false)
    }

    #[test]
    fn column_is_as_wide_as_its_content() {
        insta::assert_snapshot!(table(80), @r"
        NAME                    ID     ERROR
        acme                    con_1  the directory denied access
        日本支社のディレクトリ  con_1  
        ");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 14..60 {
            let table = table(width);
            assert!(table.lines().all(|line| measure_text_width(line) <= width), "{width}:\n{table}");
        }
        insta::assert_snapshot!(table(30), @r"
        NAME            ERROR
        acme            the directory…
        日本支社のデ…
        ");
    }

    #[test]
    fn shortened_rows_stay_distinct() {
        let titles = ["NAME", "STATE", "LAST RUN", "GROUPS", "ERROR"].map(str::to_owned).to_vec();
        let row = |name: &str| {
            let cells = [name, "completed", "30 h ago", "selected", "the directory denied access"];
            cells.map(Cell::plain).to_vec()
        };
        let rows = vec![row("acme-labs"), row("acme-logistics-east"), row("acme-logistics-west")];
        for width in 20..80 {
            let table = render(titles.clone(), rows.clone(), &[false; 5], false, Some(width), false);
            let names: std::collections::BTreeSet<_> =
                table.lines().map(|line| line.split("  ").next().unwrap_or_default()).collect();
            assert_eq!(names.len(), 4, "{width}:\n{table}");
            assert!(table.lines().all(|line| measure_text_width(line) <= width), "{width}:\n{table}");
        }
        let chosen = render(titles, rows, &[false; 5], true, Some(40), false);
        assert!(chosen.contains("acme-logistics-w…") && chosen.contains("ERROR"), "{chosen}");
    }

    #[test]
    fn control_characters_are_replaced() {
        let cell = Cell::plain("a\x1b[2Jb\nc");
        assert_eq!(cell.text, "a [2Jb c");
    }
}
