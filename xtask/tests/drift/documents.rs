//! The small documents that the tests compare, and how the tests read the answer.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::{
    drift::{DriftArguments, FailOn, Format, Outcome, Scope, assess},
    openapi::Problem,
};

/// Files in a folder of their own, gone with the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Compares `new.json` with `old.json`, everything in them.
    pub(crate) fn arguments(&self) -> DriftArguments {
        DriftArguments {
            file: self.0.path().join("new.json"),
            since: Some(self.0.path().join("old.json")),
            format: Format::Json,
            fail_on: FailOn::Any,
            scope: Some(Scope::All),
            contract: None,
            accepted: None,
        }
    }

    /// Compares `new.json` with `contract.json` and the list `accepted.json`.
    pub(crate) fn against_contract(&self) -> DriftArguments {
        DriftArguments {
            since: None,
            scope: None,
            contract: Some(self.0.path().join("contract.json")),
            accepted: Some(self.0.path().join("accepted.json")),
            ..self.arguments()
        }
    }
}

pub(crate) fn document(paths: &Value) -> Value {
    json!({ "openapi": "3.1.0", "info": { "title": "Things", "version": "1" }, "paths": paths })
}

/// A document with one operation, `GET /things/{id}`.
pub(crate) fn operation(operation: &Value) -> Value {
    document(&json!({ "/things/{id}": { "get": operation } }))
}

/// A document whose one operation answers with JSON of this schema.
pub(crate) fn response(schema: &Value) -> Value {
    operation(&json!({
        "operationId": "get_thing",
        "responses": { "200": { "content": { "application/json": { "schema": schema } } } }
    }))
}

/// A document whose one operation takes JSON of this schema.
pub(crate) fn request(schema: &Value) -> Value {
    operation(&json!({
        "operationId": "get_thing",
        "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
        "responses": { "204": {} }
    }))
}

pub(crate) fn compare(old: &Value, new: &Value) -> Result<Outcome, Problem> {
    let folder = Folder::new();
    folder.write("old.json", old.to_string());
    folder.write("new.json", new.to_string());
    assess(&folder.arguments())
}

/// The findings as `place | kind | before -> after | whom it breaks`, with `!` where the client does
/// not survive, and `~` where it decodes what it can do nothing with.
pub(crate) fn findings(old: &Value, new: &Value) -> Vec<String> {
    read(&compare(old, new).unwrap())
}

pub(crate) fn read(outcome: &Outcome) -> Vec<String> {
    let report: Value = serde_json::from_str(&outcome.report).unwrap();
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

fn line(finding: &Value) -> String {
    let place = finding["place"].as_str().unwrap();
    let place = place.split_once(": ").map_or(place, |(_, path)| path);
    let value = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
    let breaks: Vec<&str> = finding["breaks"].as_array().unwrap().iter().map(|whom| whom.as_str().unwrap()).collect();
    let survives = match (&finding["survives"], &finding["decodes"]) {
        (Value::Bool(true), Value::Bool(true)) => "",
        (Value::Bool(false), Value::Bool(true)) => "~",
        (Value::Bool(false), Value::Bool(false)) => "!",
        other => panic!("{other:?}"),
    };
    let kind = finding["kind"].as_str().unwrap();
    format!("{place} | {kind} | {} -> {} | {}{survives}", value("before"), value("after"), breaks.join("+"))
}
