//! Generation holds progenitor's panics back, and nobody else's: a test that fails beside it still says why.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::{
    panic::{catch_unwind, set_hook},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use serde_json::json;
use xtask::generate::{Readers, generate, select::Selection};

static REPORTED: AtomicUsize = AtomicUsize::new(0);
const PANICS: usize = 2_000;

#[test]
fn panics_of_other_threads_are_reported_while_a_client_is_generated() {
    set_hook(Box::new(|_| {
        REPORTED.fetch_add(1, Ordering::Relaxed);
    }));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.json");
    let operation = json!({ "operationId": "get_a", "responses": { "204": { "description": "fine" } } });
    let document = json!({ "openapi": "3.1.0", "info": { "title": "test", "version": "1" }, "paths": { "/a": { "get": operation } } });
    std::fs::write(&file, document.to_string()).unwrap();
    generate(&file, &Selection::All, &Readers::Tolerant).unwrap();

    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                generate(&file, &Selection::All, &Readers::Tolerant).unwrap();
            }
        });
        for _ in 0..PANICS {
            catch_unwind(|| panic!("a test fails")).unwrap_err();
            thread::yield_now();
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(REPORTED.load(Ordering::Relaxed), PANICS);
}
