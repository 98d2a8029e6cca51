//! The client that is checked in is the one that the contract makes: an edit of either alone fails here.

use xtask::{
    generate::{contract_client, mock_contract, write::package},
    project,
};

#[test]
fn is_what_the_contract_makes() {
    let generated = contract_client().unwrap();
    let differences = generated.files.differences(&package::contract_crate()).unwrap();
    assert_eq!(differences, None, "run `cargo xtask generate`");
}

#[test]
fn mock_carries_a_copy_of_the_contract() {
    let differences = mock_contract::files().unwrap().differences(&project::mock()).unwrap();
    assert_eq!(differences, None, "run `cargo xtask generate`");
}

#[test]
fn is_the_same_every_time() {
    let texts = || contract_client().unwrap().files;
    let folder = tempfile::tempdir().unwrap();
    texts().write(folder.path()).unwrap();
    assert_eq!(texts().differences(folder.path()).unwrap(), None);
}
