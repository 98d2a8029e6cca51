//! OpenAPI documents, as the generator reads them.

use std::fs;

use xtask::generate::{Readers, generate, select::Selection};

use crate::{Reader, assert_has_reason, mutation::mutated};

/// The bytes are a document, or describe mutations of a valid one.
pub const READER: Reader = Reader {
    name: "generator",
    reads: "OpenAPI documents, as the generator reads them",
    run,
    samples: &["\u{1}\u{0}\u{a}\u{9}\u{0}\u{2}", "{\"openapi\":\"3.1.0\",\"paths\":{}}"],
};

pub(super) const DOCUMENT: &str = include_str!("../../../../xtask/tests/constructs.json");

fn run(data: &[u8]) {
    let document = serde_json::from_str(DOCUMENT).expect("the document is JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("document.json");
    fs::write(&file, mutated(&document, data).to_string()).expect("it can be written");
    match generate(&file, &Selection::All, &Readers::Tolerant) {
        Ok(generated) => drop(generated),
        Err(problem) => assert_has_reason(&problem.to_string()),
    }
}
