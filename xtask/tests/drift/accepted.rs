//! The list of accepted differences.

use serde_json::{Value, json};
use xtask::{
    drift::{Outcome, assess},
    openapi::Problem,
};

use super::documents::{Folder, read, response};

fn object(field: &str) -> Value {
    response(&json!({ "type": "object", "properties": { field: { "type": "string" } } }))
}

/// A contract with the field `a`, a document with the field `b`, and this list.
fn with_list(accepted: &Value) -> Result<Outcome, Problem> {
    let folder = Folder::new();
    folder.write("contract.json", object("a").to_string());
    folder.write("new.json", object("b").to_string());
    folder.write("accepted.json", accepted.to_string());
    assess(&folder.against_contract())
}

#[test]
fn accepted_differences_do_not_count() {
    let gone = json!({ "operation": "GET /things/{id}", "kind": "field-removed", "reason": "ours is ahead" });
    let added = json!({
        "operation": "* /things/*", "kind": "field-added", "place": "response 2*: b",
        "after": "optional, string", "reason": "theirs is ahead"
    });
    let outcome = with_list(&json!({ "accepted": [gone, added] })).unwrap();
    assert_eq!(outcome.code, 0);
    assert_eq!(read(&outcome), Vec::<String>::new());
    let report: Value = serde_json::from_str(&outcome.report).unwrap();
    assert_eq!(report["summary"]["accepted"], 2);
    assert_eq!(report["accepted"][0]["reason"], "ours is ahead");
    assert_eq!(report["suggestion"]["release"], "none");

    let outcome = with_list(&json!({ "accepted": [gone] })).unwrap();
    assert_eq!(outcome.code, 1);
    assert_eq!(read(&outcome), ["b | field-added | - -> optional, string | "]);
}

#[test]
fn every_statement_of_an_entry_has_to_hold() {
    for wrong in [
        json!({ "operation": "POST *", "kind": "field-added", "reason": "x" }),
        json!({ "operation": "*", "kind": "field-required", "reason": "x" }),
        json!({ "operation": "*", "kind": "field-added", "place": "*: c", "reason": "x" }),
        json!({ "operation": "*", "kind": "field-added", "after": "optional, number", "reason": "x" }),
        json!({ "operation": "*", "kind": "field-added", "before": "x", "reason": "x" }),
    ] {
        let outcome = with_list(&json!({ "accepted": [wrong] })).unwrap();
        assert_eq!(read(&outcome).len(), 2, "{wrong}");
        assert_eq!(outcome.code, 2, "an entry that matches nothing is an error: {wrong}");
    }
}

#[test]
fn an_entry_about_an_operation_that_the_document_lacks_is_kept() {
    let folder = Folder::new();
    folder.write("contract.json", object("a").to_string());
    let mut other = object("a");
    let item = other["paths"].as_object_mut().unwrap().remove("/things/{id}").unwrap();
    other["paths"]["/things/{id}/parts"] = item;
    folder.write("new.json", other.to_string());
    let entry = json!({ "operation": "GET /things/{id}", "kind": "field-removed", "reason": "x" });
    folder.write("accepted.json", json!({ "accepted": [entry] }).to_string());
    assert_eq!(assess(&folder.against_contract()).unwrap().code, 1);
}

#[test]
fn an_addition_is_missing_from_an_older_document_as_a_whole_or_it_is_a_difference() {
    let added = |field: &str| {
        json!({
            "operation": "*", "kind": "field-removed", "place": format!("response 200 application/json: {field}"),
            "added_by": "2026-08-20", "reason": "a later document has it"
        })
    };
    let three = |fields: &[&str]| {
        let properties: serde_json::Map<_, _> =
            fields.iter().map(|field| ((*field).to_owned(), json!({ "type": "string" }))).collect();
        response(&json!({ "type": "object", "properties": properties })).to_string()
    };
    let against = |document: &[&str]| {
        let folder = Folder::new();
        folder.write("contract.json", three(&["a", "b", "c"]));
        folder.write("new.json", three(document));
        folder.write("accepted.json", json!({ "accepted": [added("b"), added("c")] }).to_string());
        let outcome = assess(&folder.against_contract()).unwrap();
        (outcome.code, read(&outcome))
    };
    assert_eq!(against(&["a"]), (0, Vec::new()), "older than both");
    assert_eq!(against(&["a", "b", "c"]), (0, Vec::new()), "not older: the entries wait, and are no error");
    let (code, findings) = against(&["a", "b"]);
    assert_eq!((code, findings.len()), (1, 1), "not older, so c was taken out: {findings:?}");
}

#[test]
fn a_list_that_says_nothing_is_refused() {
    for (list, expected) in [
        (json!({ "accepted": [{ "operation": "*", "kind": "field-added", "reason": " " }] }), "needs a reason"),
        (json!({ "accepted": [{ "operation": "*", "kind": "field-added" }] }), "missing field `reason`"),
        (json!({ "accepted": [{ "operation": "*", "kind": "x", "reason": "x" }] }), "unknown variant `x`"),
        (json!({ "accepted": [{ "operation": "*", "kind": "field-added", "why": "x", "reason": "x" }] }), "`why`"),
        (json!([]), "accepted.json"),
    ] {
        let error = with_list(&list).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn the_projects_own_list_can_be_read_and_none_of_it_holds_between_the_contract_and_itself() {
    let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/auth0-provisioning.json");
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/accepted-differences.json");
    let entries: Value = serde_json::from_str(&std::fs::read_to_string(list).unwrap()).unwrap();
    let mut arguments = Folder::new().against_contract();
    arguments.file = contract.into();
    arguments.contract = None;
    arguments.accepted = None;
    let outcome = assess(&arguments).unwrap();
    assert_eq!(outcome.code, 2);
    let report: Value = serde_json::from_str(&outcome.report).unwrap();
    let lasting =
        entries["accepted"].as_array().unwrap().iter().filter(|entry| entry.get("added_by").is_none()).count();
    assert_eq!(report["stale"].as_array().unwrap().len(), lasting);
}
