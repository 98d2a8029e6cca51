//! No checked-in file contains a token or a private key.

use std::{fs, path::Path};

/// The beginning of a JWT, and a part of the first line of a private key in PEM.
const MARKS: [&str; 2] = ["eyJ", "PRIVATE KEY-----"];
/// JWTs and keys are longer than this.
const SHORTEST: usize = 40;

fn is_part_of_a_secret(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+/=_-.\n".contains(character)
}

fn search(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if matches!(name.as_str(), "target" | ".git" | "corpus" | "artifacts" | "node_modules") {
            continue;
        }
        if path.is_dir() {
            search(&path, found);
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for mark in MARKS {
            for (at, _) in text.match_indices(mark) {
                let length = text[at + mark.len()..].chars().take_while(|it| is_part_of_a_secret(*it)).count();
                if length >= SHORTEST {
                    found.push(format!("{} at byte {at}", path.display()));
                }
            }
        }
    }
}

#[test]
fn checked_in_files_contain_no_secret() {
    let mut found = Vec::new();
    search(Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap(), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn search_finds_a_token_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let token = ["eyJ", &"aGVhZGVy".repeat(4), ".", &"cGF5bG9hZA".repeat(3)].concat();
    fs::write(folder.path().join("a.snap"), format!("authorization: Bearer {token}\n")).unwrap();
    let mut found = Vec::new();
    search(folder.path(), &mut found);
    assert_eq!(found.len(), 1);
}
