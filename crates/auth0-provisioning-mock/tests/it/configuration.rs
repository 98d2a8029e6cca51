use std::time::Duration;

use auth0_provisioning_mock::Connection;
use serde_json::{Value, json};

use crate::caller::{Caller, google};

#[tokio::test]
async fn empty_create_gets_defaults() {
    let caller = Caller::of(google()).await;

    let (status, created) = caller.provisioning("POST", "", Some(json!({}))).await;
    assert_eq!(status, 201);
    assert_eq!(created["synchronize_automatically"], false);
    assert_eq!(created["synchronize_groups"], "off");
    assert_eq!(created["created_at"], created["updated_at"]);
    let mapping = created["mapping"].as_array().unwrap();
    assert_eq!(mapping.len(), 51);
    assert_eq!(mapping[0], json!({ "idp": "id", "auth0": "app_metadata.external_id" }));
    assert!(created.get("last_synchronization_at").is_none());

    assert_eq!(caller.provisioning("GET", "", None).await, (200, created.clone()));
    let (status, defaults) = caller.provisioning("GET", "/default-mapping", None).await;
    assert_eq!((status, &defaults["mapping"]), (200, &created["mapping"]));
}

#[tokio::test]
async fn missing_body_equals_empty_object() {
    let caller = Caller::of(google()).await;
    let (status, created) = caller.provisioning("POST", "", None).await;
    assert_eq!((status, &created["synchronize_groups"]), (201, &json!("off")));
}

#[tokio::test]
async fn create_uses_body() {
    let caller = Caller::of(google()).await;
    let change = json!({
        "mapping": [{ "auth0": "email", "idp": "primaryEmail" }],
        "synchronize_automatically": true,
        "synchronize_groups": "all",
    });
    let (status, created) = caller.provisioning("POST", "", Some(change.clone())).await;
    assert_eq!(status, 201);
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(&created[name], value);
    }
}

#[tokio::test]
async fn update_replaces_mapping_and_keeps_the_rest() {
    let caller = Caller::of(google().synchronizes_all_groups()).await;
    caller.tenant.clock().advance(Duration::from_secs(60));
    let (_, before) = caller.provisioning("GET", "", None).await;

    let mapping = json!([{ "auth0": "email", "idp": "primaryEmail" }, { "auth0": "blocked", "idp": "suspended" }]);
    let (status, updated) = caller.provisioning("PATCH", "", Some(json!({ "mapping": mapping }))).await;
    assert_eq!(status, 200);
    assert_eq!(updated["mapping"], mapping);
    assert_eq!(updated["synchronize_groups"], "all");
    assert_eq!(updated["created_at"], before["created_at"]);
    assert!(updated["updated_at"].as_str() > before["updated_at"].as_str());

    let (_, updated) = caller.provisioning("PATCH", "", Some(json!({ "synchronize_groups": "off" }))).await;
    assert_eq!((&updated["mapping"], &updated["synchronize_groups"]), (&mapping, &json!("off")));
}

#[tokio::test]
async fn deleted_configuration_can_be_created_again() {
    let caller = Caller::of(google().synchronizes_groups(["g1"])).await;
    assert_eq!(caller.provisioning("DELETE", "", None).await, (204, Value::Null));
    let (status, body) = caller.provisioning("GET", "", None).await;
    assert_eq!((status, body.get("errorCode")), (404, None));

    assert_eq!(caller.provisioning("POST", "", Some(json!({}))).await.0, 201);
    let groups = caller.provisioning("GET", "/synchronized-groups", None).await;
    assert_eq!(groups, (200, json!({ "groups": [] })));
}

#[tokio::test]
async fn deleting_missing_configuration_succeeds() {
    let caller = Caller::of(google()).await;
    assert_eq!(caller.provisioning("DELETE", "", None).await.0, 204);
}

#[tokio::test]
async fn rejected_bodies_have_their_place() {
    let caller = Caller::configured().await;
    let broken = [
        (json!({ "mapping": [] }), "'Array is too short (0), minimum 1' on property mapping"),
        (json!({ "mapping": [{ "auth0": "email" }] }), "'Missing required property: idp' on property mapping[0]"),
        (json!({ "synchronize_automatically": null }), "found type null' on property synchronize_automatically"),
        (json!({ "synchronize_groups": "some" }), "'No enum match for: some' on property synchronize_groups"),
        (json!({ "unheard_of": 1 }), "'Additional properties not allowed: unheard_of'."),
        (json!([]), "but found type array'."),
    ];
    for (body, words) in broken {
        let (status, response) = caller.provisioning("PATCH", "", Some(body.clone())).await;
        assert_eq!((status, &response["errorCode"]), (400, &json!("invalid_body")), "{body}");
        assert!(response["message"].as_str().unwrap().contains(words), "{response}");
    }
}

#[tokio::test]
async fn bodies_must_be_json() {
    let caller = Caller::configured().await;
    for (content_type, body) in [("application/json", "{"), ("text/plain", "{}"), ("application/json", "\u{0}")] {
        let request = caller.request("PATCH", &crate::caller::path()).header("content-type", content_type);
        let (status, response) = crate::caller::outcome(request.body(body).send().await.unwrap()).await;
        assert_eq!((status, &response["errorCode"]), (400, &json!("invalid_body")), "{body}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_get_api_errors() {
    let caller = Caller::configured().await;
    assert_eq!(caller.get("/users").await.0, 404);
    let response = caller.request("PUT", &crate::caller::path()).send().await.unwrap();
    assert_eq!(response.headers()["allow"], "GET, POST, PATCH, DELETE");
    let (status, body) = crate::caller::outcome(response).await;
    assert_eq!((status, &body["statusCode"]), (405, &json!(405)));
}

#[tokio::test]
async fn invalid_seeds_do_not_start() {
    for id in ["", "con_", "acme", "con_a/b", "con_ä"] {
        let started = auth0_provisioning_mock::MockTenant::builder().connection(Connection::google_apps(id)).start();
        assert!(started.await.unwrap_err().to_string().contains("not a connection id"), "{id}");
    }
    let twice = [google(), google()];
    let started = auth0_provisioning_mock::MockTenant::builder().connections(twice).start().await;
    assert!(started.unwrap_err().to_string().contains("two connections"));
}
