//! `cargo xtask words`: finds the words that the table of `CONTRIBUTING.md` rejects.

use std::{
    fs,
    path::Path,
    process::{Command, ExitCode},
};

use crate::project;

/// The document with the table of rejected words, and the heading above the table. The section itself is not checked.
const TABLE: (&str, &str) = ("CONTRIBUTING.md", "## Words\n");

/// Paths whose sources, manifests and workflows are checked in addition to every Markdown file.
const CLEAN: &[&str] = &[
    ".github",
    "Cargo.toml",
    "clippy.toml",
    "crates/auth0-provisioning-api/src/lib.rs",
    "crates/auth0-provisioning-api/tests/it/decoding.rs",
    "crates/auth0-provisioning-api/tests/it/inventory.rs",
    "crates/auth0-provisioning-api/tests/it/json_schema.rs",
    "crates/auth0-provisioning-api/tests/it/requests",
    "crates/auth0-provisioning-api/tests/it/successes.rs",
    "crates/auth0-provisioning-api/tests/it/wire",
    "crates/auth0-provisioning-bench",
    "crates/auth0-provisioning-cli",
    "crates/auth0-provisioning-examples",
    "crates/auth0-provisioning-hardening",
    "crates/auth0-provisioning-mock",
    "crates/auth0-provisioning",
    "crates/auth0-transport",
    "crates/auth0-transport-redis",
    "deny.toml",
    "xtask/src/generate",
    "xtask/src/lib.rs",
    "xtask/src/main.rs",
    "xtask/src/model",
    "xtask/src/openapi",
    "xtask/src/project.rs",
    "xtask/src/tasks",
    "xtask/tests/contract.rs",
    "xtask/tests/places.rs",
];

/// Rejected words that are right in one file: its path and the word.
const EXCEPTIONS: &[(&str, &str)] = &[
    // A word of the record of the official document.
    ("xtask/tests/contract.rs", "answers"),
];

const _: () = assert!(EXCEPTIONS.len() <= 20, "fix the words instead of adding exceptions");

/// Prints each rejected word with its place: 0 none, 1 some, 2 the files could not be read.
#[must_use]
pub fn run() -> ExitCode {
    match check() {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            for problem in problems {
                eprintln!("{problem}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: cannot read the checked-in files: {error}");
            ExitCode::from(2)
        }
    }
}

fn check() -> std::io::Result<Vec<String>> {
    let root = project::workspace();
    let rejected = Rejected::read(&fs::read_to_string(root.join(TABLE.0))?);
    let list = Command::new("git").arg("ls-files").current_dir(&root).output()?;
    let list = String::from_utf8_lossy(&list.stdout);
    let mut problems = Vec::new();
    let mut unused = EXCEPTIONS.to_vec();
    for path in list.lines().filter(|path| is_checked(path)) {
        for (line, word, right) in rejected.find(&without_table(path, &fs::read_to_string(root.join(path))?)) {
            if EXCEPTIONS.contains(&(path, word)) {
                unused.retain(|exception| *exception != (path, word));
            } else {
                problems.push(format!("{path}:{line}: `{word}`; use: {right}"));
            }
        }
    }
    problems.extend(unused.iter().map(|(path, word)| format!("{path}: the exception for `{word}` is not needed")));
    Ok(problems)
}

fn is_checked(path: &str) -> bool {
    let has_extension = |extensions: &[&str]| {
        Path::new(path).extension().is_some_and(|found| extensions.iter().any(|extension| found == *extension))
    };
    let is_below = |folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_clean = CLEAN.iter().any(|clean| is_below(*clean));
    // This file names words to test that they are found.
    let is_this = path == "xtask/src/tasks/words.rs";
    has_extension(&["md"]) || (has_extension(&["rs", "toml", "yml"]) && is_clean && !is_this)
}

/// Replaces the section of the table by empty lines, so that line numbers stay right.
fn without_table(path: &str, text: &str) -> String {
    match text.split_once(TABLE.1) {
        Some((before, section)) if path == TABLE.0 => {
            let rest = section.find("\n## ").map_or("", |end| &section[end..]);
            let lines = section[..section.len() - rest.len()].matches('\n').count() + 1;
            [before, &"\n".repeat(lines), rest].concat()
        }
        _ => text.to_owned(),
    }
}

/// Rejected words or phrases, and the right words for each.
struct Rejected(Vec<(String, String)>);

impl Rejected {
    /// Reads the table: rejected words, separated by commas, and the right ones.
    fn read(document: &str) -> Self {
        let section = document.split_once(TABLE.1).map_or("", |(_, section)| section);
        let rows = section.split("\n## ").next().unwrap_or_default().lines();
        let cells = rows.filter_map(|row| row.strip_prefix('|')?.strip_suffix('|')?.split_once('|')).skip(2);
        let words = cells.flat_map(|(rejected, right)| {
            rejected.split(',').map(|word| (word.trim().to_owned(), right.trim().to_owned()))
        });
        Self(words.collect())
    }

    /// Returns the line, the rejected word and the right words of each place. Underscores separate words, and a phrase
    /// can continue on the next line.
    fn find(&self, text: &str) -> Vec<(usize, &str, &str)> {
        let words: Vec<(usize, String)> = (1..)
            .zip(text.lines())
            .flat_map(|(number, line)| {
                let words = line.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
                words.map(move |word| (number, word.to_lowercase()))
            })
            .collect();
        let mut found = Vec::new();
        for (at, (line, _)) in words.iter().enumerate() {
            for (rejected, right) in &self.0 {
                let mut following = words[at..].iter().map(|(_, word)| word.as_str());
                if rejected.split(' ').all(|word| following.next() == Some(word)) {
                    found.push((*line, rejected.as_str(), right.as_str()));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# Contributing\n\n## Words\n\n| rejected | use |\n| --- | --- |\n| anew | again |\n\
                            | in vain, lost | without effect |\n\n## A release\n\nAnew.\n";

    #[test]
    fn finds_words_in_prose_and_identifiers() {
        let rejected = Rejected::read(DOCUMENT);
        let source = "/// Starts anew.\nfn start_anew() {}\n/// It waits in\n/// vain.\nlet renew = 1;\n";
        let again = |line| (line, "anew", "again");
        assert_eq!(rejected.find(source), [again(1), again(2), (3, "in vain", "without effect")]);
    }

    #[test]
    fn checks_contributing_without_its_table() {
        let text = without_table("CONTRIBUTING.md", DOCUMENT);
        assert_eq!(Rejected::read(DOCUMENT).find(&text), [(12, "anew", "again")]);
        assert_eq!(without_table("README.md", DOCUMENT), DOCUMENT);
    }

    #[test]
    fn reads_the_table_of_contributing() {
        let document = fs::read_to_string(project::workspace().join(TABLE.0)).unwrap_or_default();
        assert!(Rejected::read(&document).0.len() > 20);
    }

    #[test]
    fn checks_markdown_and_clean_paths() {
        assert!(is_checked("docs/pacing.md"));
        assert!(is_checked("crates/auth0-provisioning-bench/src/lib.rs"));
        assert!(!is_checked("crates/auth0-provisioning-bench2/src/lib.rs") && !is_checked("Cargo.lock"));
    }
}
