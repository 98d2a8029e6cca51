use auth0_provisioning_mock::{Feature, MockTenant};
use serde_json::{Value, json};

use crate::caller::{Caller, ID};

async fn caller() -> Caller {
    Caller::start(MockTenant::builder()).await
}

fn new_google() -> Value {
    json!({
        "name": "acme-directory",
        "strategy": "google-apps",
        "options": { "domain": "acme.test", "client_id": "c", "api_enable_users": true, "api_enable_groups": true },
    })
}

#[tokio::test]
async fn new_connection_has_defaults_of_strategy() {
    let caller = caller().await;
    let (status, created) = caller.send("POST", "/connections", Some(new_google())).await;
    assert_eq!(status, 201, "{created}");
    assert_eq!(created["display_name"], "acme-directory");
    assert_eq!(created["realms"], json!(["acme-directory"]));
    assert_eq!(created["show_as_button"], false);
    assert_eq!(created["authentication"], json!({ "active": true }));
    assert_eq!(created["options"]["domain"], "acme.test");
    assert_eq!(created["options"]["scope"], json!(["email", "profile"]));
    assert!(created["provisioning_ticket_url"].as_str().unwrap().contains("/p/google-apps/"));
    let (status, read) = caller.get(&format!("/connections/{}", created["id"].as_str().unwrap())).await;
    assert_eq!((status, read), (200, created));

    let (status, taken) = caller.send("POST", "/connections", Some(new_google())).await;
    assert_eq!((status, taken["statusCode"].as_u64()), (409, Some(409)));
}

#[tokio::test]
async fn button_and_purposes_depend_on_tenant() {
    let caller = caller().await;
    caller.tenant.set_feature(Feature::ConnectionPurposes, false);
    let (_, database) =
        caller.send("POST", "/connections", Some(json!({ "name": "users", "strategy": "auth0" }))).await;
    assert_eq!(database.get("show_as_button"), None);
    assert_eq!(database["options"]["passwordPolicy"], "good");
    let (_, okta) = caller.send("POST", "/connections", Some(json!({ "name": "acme-okta", "strategy": "okta" }))).await;
    assert_eq!(okta.get("authentication"), None);
    assert_eq!(okta["options"]["attribute_map"], json!({ "mapping_mode": "basic_profile" }));
}

#[tokio::test]
async fn update_replaces_options_and_resets_display_name() {
    let caller = caller().await;
    let (_, created) = caller.send("POST", "/connections", Some(new_google())).await;
    let here = format!("/connections/{}", created["id"].as_str().unwrap());
    let change = json!({ "options": { "client_id": "d" }, "metadata": { "team": "a" }, "display_name": "Acme" });
    let (status, changed) = caller.send("PATCH", &here, Some(change)).await;
    assert_eq!((status, changed["display_name"].as_str()), (200, Some("Acme")));
    assert_eq!((&changed["options"]["client_id"], changed["options"].get("domain")), (&json!("d"), None));
    assert_eq!(changed["options"]["email"], true, "defaults come back");

    let (_, changed) = caller.send("PATCH", &here, Some(json!({ "show_as_button": true }))).await;
    assert_eq!((&changed["metadata"], &changed["display_name"]), (&json!({ "team": "a" }), &json!("acme-directory")));
    assert_eq!(changed["options"]["client_id"], "d");
}

#[tokio::test]
async fn options_need_their_own_scopes() {
    let mut caller = caller().await;
    caller.token = caller.tenant.token_with_scopes(&["read:connections", "update:connections"]);
    let here = format!("/connections/{ID}");
    assert_eq!(caller.get(&here).await.1.get("options"), None);
    assert_eq!(caller.send("PATCH", &here, Some(json!({ "options": {} }))).await.0, 403);
    assert_eq!(caller.send("PATCH", &here, Some(json!({ "show_as_button": true }))).await.0, 200);
}

#[tokio::test]
async fn connection_can_be_deleted_twice() {
    let caller = caller().await;
    let here = format!("/connections/{ID}");
    let (status, deletion) = caller.send("DELETE", &here, None).await;
    assert_eq!((status, deletion["deleted_at"].is_string()), (202, true));
    assert_eq!(caller.get(&here).await.0, 404);
    assert_eq!(caller.send("DELETE", &here, None).await.0, 204);
}

#[tokio::test]
async fn clients_are_enabled_disabled_and_paged() {
    let caller = caller().await;
    let here = format!("/connections/{ID}/clients");
    let change = json!([{ "client_id": "b", "status": true }, { "client_id": "a", "status": true }]);
    assert_eq!(caller.send("PATCH", &here, Some(change)).await.0, 204);
    let (_, first) = caller.get(&format!("{here}?take=1")).await;
    assert_eq!(first["clients"], json!([{ "client_id": "a" }]));
    let (_, second) = caller.get(&format!("{here}?from={}", first["next"].as_str().unwrap())).await;
    assert_eq!((second["clients"].clone(), second.get("next")), (json!([{ "client_id": "b" }]), None));
    caller.send("PATCH", &here, Some(json!([{ "client_id": "a", "status": false }]))).await;
    assert_eq!(caller.get(&here).await.1["clients"], json!([{ "client_id": "b" }]));
    assert_eq!(caller.get(&format!("/connections/{ID}")).await.1["enabled_clients"], json!(["b"]));
}

#[tokio::test]
async fn fields_are_included_or_excluded() {
    let caller = caller().await;
    let (_, picked) = caller.get(&format!("/connections/{ID}?fields=id,name")).await;
    assert_eq!(picked, json!({ "id": ID, "name": "acme-workspace" }));
    let (_, left) = caller.get("/connections?fields=options&include_fields=false&take=5").await;
    assert_eq!((left["connections"][0].get("options"), &left["connections"][0]["id"]), (None, &json!(ID)));
}

#[tokio::test]
async fn provisioning_depends_on_options() {
    let caller = caller().await;
    let mut new = new_google();
    new["options"] = json!({});
    let (_, created) = caller.send("POST", "/connections", Some(new)).await;
    let here = format!("/connections/{}", created["id"].as_str().unwrap());
    let provisioning = format!("{here}/directory-provisioning");
    let (status, rejected) = caller.send("POST", &provisioning, Some(json!({}))).await;
    assert_eq!((status, rejected["message"].as_str().unwrap().contains("Users API")), (400, true));
    caller.send("PATCH", &here, Some(json!({ "options": { "api_enable_users": true } }))).await;
    assert_eq!(caller.send("POST", &provisioning, Some(json!({}))).await.0, 201);
    let (status, rejected) = caller.send("PATCH", &provisioning, Some(json!({ "synchronize_groups": "all" }))).await;
    assert_eq!((status, rejected["message"].as_str().unwrap().contains("Groups API")), (400, true));
}

#[tokio::test]
async fn body_can_be_a_form() {
    let caller = caller().await;
    let form = [("name", "acme-oidc"), ("strategy", "oidc"), ("options[client_id]", "c"), ("show_as_button", "true")];
    let response = caller.request("POST", "/connections").form(&form).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let created: Value = response.json().await.unwrap();
    assert_eq!((&created["options"]["client_id"], &created["show_as_button"]), (&json!("c"), &json!(true)));
}
