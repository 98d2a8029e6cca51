//! The table of `docs/faults.md`: the outcome of each fault.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use super::verbs::Ended;

/// For each fault: how many combinations ended how.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<(String, BTreeMap<String, usize>)>,
}

impl Table {
    pub(crate) fn add(&mut self, fault: &str, times: &str, ended: &Ended) {
        let name = format!("{fault}, {times}");
        let outcome = match ended {
            Ok(()) => "done".to_owned(),
            Err(failure) => failure.kind.map_or_else(|| "reported".to_owned(), |kind| format!("{kind:?}")),
        };
        if !self.rows.iter().any(|(known, _)| *known == name) {
            self.rows.push((name.clone(), BTreeMap::new()));
        }
        let row = self.rows.iter_mut().find(|(known, _)| *known == name);
        *row.unwrap().1.entry(outcome).or_default() += 1;
    }

    pub(crate) fn combinations(&self) -> usize {
        self.rows.iter().flat_map(|(_, outcomes)| outcomes.values()).sum()
    }

    /// Fails unless the docs show this table; `UPDATE_DOCS=1` writes it there.
    pub(crate) fn compare(&self) {
        const BEGIN: &str = "<!-- table -->\n";
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/faults.md");
        let docs = fs::read_to_string(&file).unwrap();
        let (before, shown) = docs.split_once(BEGIN).expect("docs/faults.md has a place for the table");
        let table = self.render();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&file, format!("{before}{BEGIN}{table}")).unwrap();
            return;
        }
        assert_eq!(shown, table, "run the test again with FULL=1 UPDATE_DOCS=1 and review docs/faults.md");
    }

    /// Fails where a combination ended as none of its row does in the docs.
    pub(crate) fn check_sample(&self) {
        let docs = include_str!("../../../../../docs/faults.md");
        for (name, outcomes) in &self.rows {
            let row = docs.lines().find_map(|line| line.strip_prefix(&format!("| {name} | ")));
            let row =
                row.unwrap_or_else(|| panic!("docs/faults.md has no row {name:?}: run with FULL=1 UPDATE_DOCS=1"));
            for outcome in outcomes.keys() {
                let is_known =
                    if outcome == "done" { !row.starts_with("0 ") } else { row.contains(&format!(" {outcome}")) };
                assert!(is_known, "{name} ended as {outcome:?}, which docs/faults.md does not show: {row}");
            }
        }
    }

    fn render(&self) -> String {
        let mut text = format!(
            "\n{} combinations.\n\n| fault | done | ended with an error |\n| --- | --- | --- |\n",
            self.combinations()
        );
        for (name, outcomes) in &self.rows {
            let done = outcomes.get("done").copied().unwrap_or_default();
            let failed = outcomes.iter().filter(|(outcome, _)| *outcome != "done");
            let failed: Vec<_> = failed.map(|(outcome, times)| format!("{times} × {outcome}")).collect();
            let _ = writeln!(text, "| {name} | {done} | {} |", failed.join(", "));
        }
        text
    }
}
