//! OpenAPI documents, as the generator reads them.

use std::fs;

use xtask::generate::{Readers, generate, select::Selection};

use crate::{Reader, damage::damaged, says_something};

/// The bytes are a document, or say how a good one is damaged.
pub const READER: Reader = Reader {
    name: "generator",
    reads: "OpenAPI documents, through normalizer and generator",
    run,
    samples: &["\u{1}\u{0}\u{a}\u{9}\u{0}\u{2}", "{\"openapi\":\"3.1.0\",\"paths\":{}}"],
};

pub(super) const DOCUMENT: &str = include_str!("../../../../xtask/tests/constructs.json");

fn run(data: &[u8]) {
    let document = serde_json::from_str(DOCUMENT).expect("the document is JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("document.json");
    fs::write(&file, damaged(&document, data).to_string()).expect("it can be written");
    match generate(&file, &Selection::All, &Readers::Tolerant) {
        Ok(generated) => drop(generated),
        Err(problem) => says_something(&problem.to_string()),
    }
}
