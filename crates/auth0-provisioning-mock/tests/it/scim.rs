use std::time::Duration;

use auth0_provisioning_mock::{Connection, DirectoryGroup, MockTenant};
use serde_json::json;

use crate::caller::{Caller, ID};

async fn okta() -> Caller {
    let okta = Connection::with_strategy(ID, "okta").name("acme-okta");
    Caller::start(MockTenant::builder().connection(okta).tenant_name("acme")).await
}

fn scim() -> String {
    format!("/connections/{ID}/scim-configuration")
}

#[tokio::test]
async fn mapping_defaults_to_strategy_and_is_replaced() {
    let caller = okta().await;
    assert_eq!(caller.get(&scim()).await.0, 404);
    let (status, created) = caller.send("POST", &scim(), None).await;
    assert_eq!((status, created["user_id_attribute"].as_str()), (201, Some("externalId")));
    assert_eq!((created["tenant_name"].as_str(), created["mapping"].as_array().unwrap().len()), (Some("acme"), 32));
    assert_eq!(created["mapping"][0], json!({ "scim": "userName", "auth0": "preferred_username" }));
    let (_, defaults) = caller.get(&format!("{}/default-mapping", scim())).await;
    assert_eq!(defaults["mapping"], created["mapping"]);

    let change = json!({ "user_id_attribute": "userName", "mapping": [{ "scim": "a", "auth0": "b" }] });
    let (status, changed) = caller.send("PATCH", &scim(), Some(change)).await;
    assert_eq!((status, &changed["mapping"]), (200, &json!([{ "scim": "a", "auth0": "b" }])));
    let (_, all) = caller.get("/connections-scim-configurations").await;
    assert_eq!(all, json!({ "scim_configurations": [changed] }));
    assert_eq!(caller.send("DELETE", &scim(), None).await.0, 204);
    assert_eq!(caller.get(&scim()).await.0, 404);
}

#[tokio::test]
async fn token_shows_secret_once_and_expires() {
    let caller = okta().await;
    caller.send("POST", &scim(), None).await;
    let tokens = format!("{}/tokens", scim());
    caller.tenant.clock().freeze();
    let (_, lasting) = caller.send("POST", &tokens, Some(json!({ "scopes": ["get:users"] }))).await;
    let (_, short) = caller.send("POST", &tokens, Some(json!({ "token_lifetime": 901 }))).await;
    assert!(lasting["token"].as_str().unwrap().starts_with(lasting["token_id"].as_str().unwrap()));
    assert_eq!((lasting.get("valid_until"), short["valid_until"].is_string()), (None, true));
    assert_eq!(caller.send("POST", &tokens, None).await.0, 409);

    let (_, listed) = caller.get(&tokens).await;
    assert_eq!(short["scopes"].as_array().unwrap().len(), 10);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!((listed[0].get("token"), &listed[0]["scopes"]), (None, &json!(["get:users"])));
    caller.tenant.clock().advance(Duration::from_secs(901));
    assert_eq!(caller.get(&tokens).await.1.as_array().unwrap().len(), 1);
    let here = format!("{tokens}/{}", lasting["token_id"].as_str().unwrap());
    assert_eq!((caller.send("DELETE", &here, None).await.0, caller.send("DELETE", &here, None).await.0), (204, 404));
}

#[tokio::test]
async fn scim_group_arrives_with_its_members() {
    let caller = okta().await;
    let group = DirectoryGroup::new("Engineering").members(["00u1"]);
    let id = caller.tenant.put_scim_group(ID, "00g1", &group).unwrap();
    let (status, found) = caller.get(&format!("/groups/{id}")).await;
    assert_eq!((status, &found["name"], &found["external_id"]), (200, &json!("Engineering"), &json!("00g1")));
    let (_, members) = caller.get(&format!("/groups/{id}/members")).await;
    assert_eq!(members["members"][0]["id"], "okta|00u1");

    let renamed = DirectoryGroup::new("Research");
    assert_eq!(caller.tenant.put_scim_group(ID, "00g1", &renamed).unwrap(), id);
    assert_eq!(caller.get(&format!("/groups/{id}")).await.1["name"], "Research");
    assert_eq!(caller.get(&format!("/groups/{id}/members")).await.1["members"], json!([]));
    assert!(caller.tenant.put_scim_group("con_absent", "00g1", &renamed).is_err());
}
