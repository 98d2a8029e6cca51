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
    assert_eq!(report["stale"].as_array().unwrap().len(), entries["accepted"].as_array().unwrap().len());
}
