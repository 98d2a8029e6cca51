//! `cargo xtask contract` reports every deviation between the contract and the record of the official document.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::{
    project,
    tasks::contract::{Moved, additions, deviations, record, since},
};

fn document(schema: &Value, scope: &str) -> Value {
    json!({ "openapi": "3.1.0", "info": { "title": "Things", "version": "1" }, "paths": { "/things/{id}": { "get": {
        "operationId": "get_thing", "description": "Prose of the official document.",
        "security": [{ "oauth": [scope] }],
        "parameters": [{ "name": "take", "in": "query", "schema": { "type": "integer", "maximum": 100 } }],
        "responses": { "200": { "content": { "application/json": { "schema": schema } } } }
    } } } })
}

fn thing(values: &[&str], title: &str) -> Value {
    json!({ "type": "object", "title": title, "required": ["id"], "properties": {
        "id": { "type": "string" },
        "mode": { "type": "string", "enum": values },
        "parts": { "type": "array", "items": { "type": "object", "properties": { "kind": { "type": "string" } } } },
    } })
}

/// Records a contract beside an official document, and returns the deviations of another contract.
fn deviations_of(contract: &Value, official: &Value, accepted: &Value, now: &Value) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let contract = file("contract.json", &contract.to_string());
    let official = file("official.json", &official.to_string());
    let accepted = file("accepted.json", &json!({ "accepted": accepted }).to_string());
    let recorded = record(&contract, &official, &accepted).unwrap();
    assert!(!recorded.contains("Prose"), "{recorded}");
    deviations(&file("contract.json", &now.to_string()), &file("recorded.txt", &recorded)).unwrap()
}

#[test]
fn the_contract_has_what_is_recorded() {
    let recorded = project::workspace().join("openapi").join("official-document.txt");
    assert_eq!(deviations(&project::contract(), &recorded).unwrap(), Vec::<String>::new());
}

#[test]
fn a_missing_text_is_a_deviation() {
    let sound = document(&thing(&["on"], "ours"), "read:things");
    let unwritten = document(&thing(&["on"], "TODO"), "read:things");
    let deviations = deviations_of(&sound, &sound, &json!([]), &unwritten);
    assert!(deviations[0].contains("has 1 ×"), "{deviations:?}");
}

#[test]
fn each_deviation_is_named() {
    let sound = document(&thing(&["on", "off"], "ours"), "read:things");
    let now = |contract: &Value| deviations_of(&sound, &sound, &json!([]), contract);
    assert_eq!(now(&sound), Vec::<String>::new());
    assert_eq!(now(&document(&thing(&["on", "off"], "in other words"), "read:things")), Vec::<String>::new());
    let gone = now(&document(&thing(&["on"], "ours"), "read:things"));
    assert_eq!(
        gone[..2],
        [
            "the contract no longer has, and the official document has: GET /things/{} 200 application/json mode: \
             string, one of \"on\", \"off\", optional",
            "the contract now has, unlike the official document: GET /things/{} 200 application/json mode: \
             string, one of \"on\", optional",
        ]
    );
    let scope = now(&document(&thing(&["on", "off"], "ours"), "read:all"));
    assert!(scope[0].ends_with("GET /things/{} lets in oauth (read:things)"), "{scope:?}");
    for (sound_text, edit, expected) in [
        (r#""maximum":100"#, r#""maximum":99"#, "query take: integer, optional, maximum 100"),
        (r#""get_thing""#, r#""get""#, "is get_thing"),
        (r#""200""#, r#""201""#, "answers 200"),
        (r#""kind""#, r#""sort""#, "200 application/json parts[] kind: string, optional"),
        (r#""required":["id"]"#, r#""required":[]"#, "200 application/json id: string"),
    ] {
        let text = sound.to_string().replace(sound_text, edit);
        let found = now(&serde_json::from_str(&text).unwrap());
        assert!(found.iter().any(|line| line.contains(expected)), "{edit}: {found:?}");
    }
}

#[test]
fn what_only_the_contract_has_is_recorded_too() {
    let ours = document(&thing(&["on", "off", "auto"], "ours"), "read:things");
    let theirs = document(&thing(&["on", "off"], "theirs"), "read:things");
    let accepted = json!([{ "operation": "*", "kind": "enum-value-removed", "reason": "Ours is ahead." }]);
    let back = deviations_of(&ours, &theirs, &accepted, &theirs);
    assert!(back[0].starts_with("the contract no longer has, and the record has: "), "{back:?}");
    assert!(back[1].starts_with("the contract now has, as the official document has: "), "{back:?}");
}

#[test]
fn nothing_is_recorded_while_differences_are_open() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, value: &Value| {
        let path = folder.path().join(name);
        fs::write(&path, value.to_string()).unwrap();
        path
    };
    let contract = file("contract.json", &document(&thing(&["on"], ""), "read:things"));
    let official = file("official.json", &document(&thing(&["on", "off"], ""), "read:things"));
    let problem = record(&contract, &official, &file("accepted.json", &json!({ "accepted": [] }))).unwrap_err();
    assert!(problem.to_string().contains("official.json: differs from the contract in what is not accepted"));
}

#[test]
fn additions_of_an_sdk_are_named_and_what_it_lacks_is_not() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, value: &Value| {
        let path = folder.path().join(name);
        fs::write(&path, value.to_string()).unwrap();
        path
    };
    let ours = document(&thing(&["on", "off"], ""), "read:things");
    let mut theirs = document(&thing(&["on", "auto"], ""), "read:things");
    let get = &mut theirs["paths"]["/things/{id}"]["get"];
    get["responses"]["409"] = json!({ "description": "" });
    get["parameters"][0]["schema"]["maximum"] = json!(10);
    get["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["size"] =
        json!({ "type": "number" });
    theirs["paths"]["/things/{id}"]["delete"] = json!({ "operationId": "delete_thing", "responses": {} });
    let contract = file("contract.json", &ours);
    let found = |accepted: &Value| {
        additions(&contract, &theirs.to_string(), &file("accepted.json", &json!({ "accepted": accepted }))).unwrap()
    };
    let all = found(&json!([]));
    for expected in [
        "DELETE /things/{id}: new operation",
        "GET /things/{id}: new status code in response 409",
        "GET /things/{id}: new field in response 200 application/json: size",
        "GET /things/{id}: new enum value in response 200 application/json: mode: \"auto\"",
    ] {
        assert!(all.iter().any(|line| line.starts_with(expected)), "{expected}: {all:?}");
    }
    assert_eq!(all.len(), 4, "{all:?}");
    let accepted = json!([{ "operation": "DELETE *", "kind": "operation-added", "reason": "Things stay." }]);
    assert_eq!(found(&accepted).len(), 3);
    assert!(
        additions(&contract, &ours.to_string(), &file("accepted.json", &json!({ "accepted": [] }))).unwrap().is_empty()
    );
}

fn git(root: &Path, arguments: &[&str]) -> bool {
    let identity = ["-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "commit.gpgsign=false"];
    Command::new("git")
        .arg("-C")
        .arg(root)
        .args(identity)
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

#[test]
fn a_changed_contract_needs_a_changed_changelog() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    assert_eq!(since(root, "main").unwrap(), Moved::Unknown);
    fs::create_dir(root.join("openapi")).unwrap();
    let write = |values: &[&str]| {
        let document = document(&thing(values, ""), "read:things");
        fs::write(root.join("openapi/auth0-provisioning.json"), document.to_string()).unwrap();
    };
    write(&["on"]);
    fs::write(root.join("CHANGELOG.md"), "# Changes\n").unwrap();
    if !git(root, &["init", "--initial-branch=main"]) {
        return; // Without git there is no merge base.
    }
    assert!(git(root, &["add", "."]) && git(root, &["commit", "--message", "One"]));
    assert!(git(root, &["switch", "--create", "change"]));
    assert_eq!(since(root, "main").unwrap(), Moved::Not);
    write(&["on", "off"]);
    let Moved::NotInChangelog(report) = since(root, "main").unwrap() else { panic!("the changelog did not change") };
    assert!(report.contains("enum-value-added"), "{report}");
    fs::write(root.join("CHANGELOG.md"), "# Changes\n- `mode` has `off`.\n").unwrap();
    assert!(matches!(since(root, "main").unwrap(), Moved::InChangelog(_)));
}
