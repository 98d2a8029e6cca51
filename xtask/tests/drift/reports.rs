//! The three forms of a report.

use serde_json::{Value, json};
use xtask::drift::{Format, assess};

use super::documents::{Folder, document};

fn contract() -> Value {
    let schema = json!({ "type": "object", "additionalProperties": false, "required": ["id", "state"], "properties": {
        "id": { "type": "string" }, "state": { "type": "string", "enum": ["on", "off"] } } });
    document(&json!({ "/things/{id}": {
        "get": {
            "operationId": "get_thing",
            "parameters": [{ "name": "fields", "in": "query", "schema": { "type": "string" } }],
            "responses": { "200": { "content": { "application/json": { "schema": schema } } } }
        },
        "delete": { "operationId": "delete_thing", "responses": { "204": {} } }
    } }))
}

fn official() -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Thing" });
    let mut document = document(&json!({ "/things/{thing}": {
        "get": {
            "operationId": "get_thing",
            "x-release-lifecycle": "EA",
            "responses": { "200": { "content": { "application/json": { "schema": schema } } } }
        },
        "patch": { "operationId": "patch_thing", "responses": { "200": {} } }
    } }));
    document["components"] = json!({ "schemas": { "Thing": {
        "type": "object", "additionalProperties": false, "required": ["state"],
        "properties": { "state": { "type": "string", "enum": ["on", "off", "auto"] }, "note": { "type": "string" } }
    } } });
    document
}

/// The report, with the suggested version (which follows the workspace's own) replaced.
fn report(format: Format) -> String {
    let folder = Folder::new();
    folder.write("contract.json", contract().to_string());
    folder.write("new.json", official().to_string());
    let accepted = json!({ "accepted": [
        { "operation": "DELETE *", "kind": "operation-removed", "reason": "The contract is ahead here." },
        { "operation": "GET *", "kind": "field-added", "place": "*: gone", "reason": "It was expected once." }
    ] });
    folder.write("accepted.json", accepted.to_string());
    let mut arguments = folder.against_contract();
    let plain = assess(&arguments).unwrap();
    assert_eq!(plain.code, 2);
    let plain: Value = serde_json::from_str(&plain.report).unwrap();
    let version = plain["suggestion"]["version"].as_str().unwrap();
    arguments.format = format;
    assess(&arguments).unwrap().report.replace(version, "[version]")
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn text_is_for_people() {
    settings().bind(|| insta::assert_snapshot!("report_text", report(Format::Text)));
}

#[test]
fn markdown_is_for_a_pull_request() {
    settings().bind(|| insta::assert_snapshot!("report_markdown", report(Format::Markdown)));
}

#[test]
fn json_is_for_programs() {
    settings().bind(|| insta::assert_snapshot!("report_json", report(Format::Json)));
}
