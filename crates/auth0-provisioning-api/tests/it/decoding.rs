//! Readers are tolerant, and write back unchanged what they read.

use auth0_provisioning_api::{
    connections::types::{Connection, UpdateConnectionRequest},
    directory_provisioning::types::{
        DirectoryProvisioning, DirectoryProvisioningDefaultMapping, SynchronizeGroups, SynchronizedGroupId,
        SynchronizedGroupPage,
    },
    scim::types::CreatedScimToken,
};
use serde_json::{Value, json};

fn configuration() -> Value {
    json!({
        "connection_id": "con_0123456789abcdef",
        "connection_name": "acme-workspace",
        "strategy": "google-apps",
        "mapping": [{"auth0": "email", "idp": "primaryEmail"}],
        "synchronize_automatically": false,
        "synchronize_groups": "off",
        "created_at": "2026-05-04T08:15:30.250Z",
        "updated_at": "2026-05-04T08:15:30.250Z",
    })
}

fn read(value: &Value) -> DirectoryProvisioning {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn configuration_is_written_back_unchanged() {
    let read = read(&configuration());
    assert_eq!(serde_json::to_value(&read).unwrap(), configuration());
}

#[test]
fn unknown_fields_are_kept_and_written_back() {
    let mut value = configuration();
    value["quota"] = json!({"used": 1});
    value["mapping"][0]["transform"] = json!("lowercase");
    let read = read(&value);
    assert_eq!(read.unknown["quota"], json!({"used": 1}));
    assert_eq!(read.mapping[0].unknown["transform"], "lowercase");
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
}

#[test]
fn null_field_can_be_set() {
    let mut value = configuration();
    value["synchronize_groups"] = Value::Null;
    let mut read = read(&value);
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
    read.synchronize_groups = Some(SynchronizeGroups::All);
    value["synchronize_groups"] = json!("all");
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
}

#[test]
fn null_reads_as_absent() {
    let mut value = configuration();
    value["last_synchronization_at"] = Value::Null;
    value["synchronize_groups"] = Value::Null;
    let read = read(&value);
    assert_eq!((read.last_synchronization_at, read.synchronize_groups), (None, None));
    let mapping: DirectoryProvisioningDefaultMapping = serde_json::from_value(json!({"mapping": null})).unwrap();
    assert_eq!(mapping.mapping, None);
}

#[test]
fn unknown_enum_value_is_kept_exactly() {
    let mut value = configuration();
    value["synchronize_groups"] = json!(" Nested ");
    let read = read(&value);
    assert_eq!(read.synchronize_groups.as_ref().map(SynchronizeGroups::as_str), Some(" Nested "));
    assert!(matches!(read.synchronize_groups, Some(SynchronizeGroups::Unknown(_))));
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
}

#[test]
fn known_enum_value_is_never_unknown() {
    for value in ["all", "off", "selected"] {
        assert!(!matches!(SynchronizeGroups::from(value), SynchronizeGroups::Unknown(_)));
        assert_eq!(SynchronizeGroups::from(value).to_string(), value);
    }
}

#[test]
fn secrets_are_read_and_never_printed() {
    let secret = json!({"client_secret": "s3cr3t", "admin_refresh_token": "s3cr3t"});
    let connection: Connection = serde_json::from_value(json!({"id": "con_1", "options": secret})).unwrap();
    let token: CreatedScimToken = serde_json::from_value(json!({"token_id": "tok_1", "token": "s3cr3t"})).unwrap();
    let mut update = UpdateConnectionRequest::default();
    update.options = secret.as_object().cloned().unwrap().into();
    let printed = format!("{connection:?} {token:?} {update:?}");
    assert!(!printed.contains("s3cr3t") && printed.contains("con_1") && printed.contains("tok_1"), "{printed}");
    assert_eq!(serde_json::to_value(&update).unwrap()["options"], secret);
}

#[test]
fn readers_skip_the_checks_of_writers() {
    let id = "not a valid group id, and longer than 32 characters";
    let page: SynchronizedGroupPage = serde_json::from_value(json!({"groups": [{"id": id, "email": ""}]})).unwrap();
    assert_eq!(page.groups[0].id, id);
    assert!(id.parse::<SynchronizedGroupId>().is_err());
    assert!("03x8tuzt3hqnmgf".parse::<SynchronizedGroupId>().is_ok());
}
