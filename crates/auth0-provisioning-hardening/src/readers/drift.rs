//! OpenAPI documents, as drift compares them.

use std::fs;

use xtask::drift::{DriftArguments, FailOn, Format, Scope, assess};

use super::generator::DOCUMENT;
use crate::{Reader, assert_has_reason, mutation::mutated};

/// The bytes are a document, or describe mutations of a valid one.
pub const READER: Reader = Reader {
    name: "drift",
    reads: "OpenAPI documents, as drift compares them",
    run,
    samples: &["\u{1}\u{0}\u{a}\u{9}\u{0}\u{2}", "{\"openapi\":\"3.1.0\",\"paths\":{}}"],
};

fn run(data: &[u8]) {
    let document = serde_json::from_str(DOCUMENT).expect("the document is JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = (folder.path().join("old.json"), folder.path().join("new.json"));
    fs::write(&old, DOCUMENT).expect("it can be written");
    fs::write(&new, mutated(&document, data).to_string()).expect("it can be written");
    for (file, since) in [(&new, &old), (&old, &new)] {
        let outcome = assess(&DriftArguments {
            file: file.clone(),
            since: Some(since.clone()),
            format: Format::Text,
            fail_on: FailOn::Any,
            scope: Some(Scope::All),
            contract: None,
            accepted: None,
        });
        match outcome {
            Ok(outcome) => assert_has_reason(&outcome.report),
            Err(problem) => assert_has_reason(&problem.to_string()),
        }
    }
}
