//! What is compared, and the exit codes.

use serde_json::{Value, json};
use xtask::drift::{FailOn, Scope, assess};

use super::documents::{Folder, document, operation, read, response};

fn folder(old: &Value, new: &Value) -> Folder {
    let folder = Folder::new();
    folder.write("old.json", old.to_string());
    folder.write("new.json", new.to_string());
    folder
}

fn text(constraint: u32) -> Value {
    response(&json!({ "type": "string", "maxLength": constraint }))
}

#[test]
fn the_exit_code_follows_the_threshold() {
    let number = response(&json!({ "type": "number" }));
    for (new, any, breaking) in [(text(5), 0, 0), (text(4), 1, 0), (text(6), 1, 1), (number, 1, 1)] {
        let folder = folder(&text(5), &new);
        for (fail_on, code) in [(FailOn::Any, any), (FailOn::Breaking, breaking), (FailOn::Never, 0)] {
            let mut arguments = folder.arguments();
            arguments.fail_on = fail_on;
            assert_eq!(assess(&arguments).unwrap().code, code, "{fail_on:?} {new}");
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_trouble() {
    let folder = Folder::new();
    let error = assess(&folder.arguments()).unwrap_err();
    assert!(error.to_string().contains("new.json"), "{error}");
}

#[test]
fn our_contract_does_not_differ_from_itself() {
    let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/auth0-provisioning.json");
    let mut arguments = Folder::new().arguments();
    arguments.file = contract.into();
    arguments.since = None;
    arguments.scope = None;
    arguments.contract = Some(contract.into());
    let outcome = assess(&arguments).unwrap();
    assert_eq!(outcome.code, 0, "{}", outcome.report);
    let report: Value = serde_json::from_str(&outcome.report).unwrap();
    let document: Value = serde_json::from_str(&std::fs::read_to_string(contract).unwrap()).unwrap();
    let items = document["paths"].as_object().unwrap().values();
    let operations =
        items.flat_map(|item| item.as_object().unwrap().values()).filter(|part| part.get("operationId").is_some());
    assert_eq!(report["summary"]["common_operations"], operations.count());
}

fn paths(names: &[&str]) -> Value {
    let items: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), json!({ "get": { "responses": {} } }))).collect();
    document(&Value::Object(items))
}

#[test]
fn operations_under_the_contracts_paths_are_covered_and_no_others() {
    let folder = folder(&paths(&["/a/{id}", "/c"]), &paths(&["/a/{other}", "/a/{id}/b", "/ab", "/a", "/d"]));
    folder.write("contract.json", paths(&["/a/{id}"]).to_string());
    let mut arguments = folder.arguments();
    arguments.scope = None;
    arguments.contract = folder.against_contract().contract;
    assert_eq!(read(&assess(&arguments).unwrap()), [" | operation-added | - -> get /a/{id}/b | "]);
    arguments.scope = Some(Scope::All);
    assert_eq!(read(&assess(&arguments).unwrap()).len(), 5);
}

#[test]
fn an_operation_beside_ours_with_a_scope_of_ours_is_covered() {
    let mut contract = paths(&["/a/{id}"]);
    contract["paths"]["/a/{id}"]["get"]["security"] = json!([{ "oauth": ["read:a"] }]);
    let mut new = contract.clone();
    let beside = |scope: &str| json!({ "get": { "security": [{ "oauth": [scope] }], "responses": {} } });
    new["paths"]["/a-events"] = beside("read:a");
    new["paths"]["/b-events"] = beside("read:b");
    let folder = Folder::new();
    folder.write("contract.json", contract.to_string());
    folder.write("new.json", new.to_string());
    folder.write("accepted.json", r#"{"accepted": []}"#);
    let outcome = assess(&folder.against_contract()).unwrap();
    assert_eq!(read(&outcome), [" | operation-added | - -> get /a-events | "]);
}

#[test]
fn two_documents_of_another_api_are_compared_in_whole_unless_told_otherwise() {
    let folder = folder(&paths(&["/x"]), &paths(&["/x", "/y"]));
    let mut arguments = folder.arguments();
    arguments.scope = None;
    let outcome = assess(&arguments).unwrap();
    assert_eq!(read(&outcome), [" | operation-added | - -> get /y | "]);
    assert!(outcome.report.contains("none of the contract's is in either document"));

    arguments.scope = Some(Scope::Contract);
    assert!(assess(&arguments).unwrap_err().to_string().contains("--scope all"));
    arguments.since = None;
    arguments.scope = None;
    assert!(assess(&arguments).unwrap_err().to_string().contains("--scope all"));
    arguments.scope = Some(Scope::All);
    assert!(assess(&arguments).unwrap_err().to_string().contains("--since"));
}

#[test]
fn the_same_documents_give_the_same_report() {
    let folder = folder(&paths(&["/x", "/z", "/a"]), &paths(&["/y", "/b"]));
    let once = assess(&folder.arguments()).unwrap().report;
    assert_eq!(once, assess(&folder.arguments()).unwrap().report);
    let order: Vec<usize> = ["/a", "/b", "/x", "/y", "/z"].map(|path| once.find(path).unwrap()).to_vec();
    assert!(order.is_sorted(), "{once}");
}

#[test]
fn a_problem_is_told_of_the_document_that_has_it() {
    for wrong in [json!({ "tags": [1] }), json!({ "deprecated": "no" }), json!({ "servers": [{ "url": 1 }] })] {
        let folder = Folder::new();
        folder.write("old.json", operation(&wrong).to_string());
        folder.write("new.json", operation(&json!({})).to_string());
        let problem = assess(&folder.arguments()).unwrap_err().to_string();
        assert!(problem.contains("old.json#/paths"), "{problem}");
    }
}
