//! Every operation of the contract has a command, or a reason for none.

use std::collections::BTreeSet;

use a0p::{OPERATIONS, Place};
use serde_json::Value;

fn of_contract() -> BTreeSet<String> {
    let contract: Value = serde_json::from_str(include_str!("../../../../openapi/auth0-provisioning.json")).unwrap();
    let items = contract["paths"].as_object().unwrap().values().filter_map(Value::as_object);
    let ids = items.flat_map(serde_json::Map::values).filter_map(|operation| operation.get("operationId")?.as_str());
    ids.map(str::to_owned).collect()
}

#[test]
fn every_operation_is_listed() {
    let placed: BTreeSet<String> = OPERATIONS.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(placed.len(), OPERATIONS.len(), "an operation is twice in `src/operations.rs`");
    assert_eq!(placed, of_contract(), "add the operation to `src/operations.rs`");
}

#[test]
fn every_listed_command_exists() {
    for (id, place) in OPERATIONS {
        let Place::Command(path) = place else { continue };
        let mut command = &a0p::definition();
        for name in path.split(' ') {
            let found = command.find_subcommand(name);
            command = found.unwrap_or_else(|| panic!("{id} is listed with `a0p {path}`, which does not exist"));
        }
    }
}
