//! The control API: how a program in another language seeds, breaks, advances and asks a tenant.

use std::collections::BTreeSet;

use auth0_provisioning_mock::MockTenant;
use serde_json::{Value, json};

use crate::caller::{Answered, Caller, ID, answered, google, path};

async fn caller() -> Caller {
    Caller::start(MockTenant::builder().connection(google().configured()).control()).await
}

async fn control(caller: &Caller, method: &str, path: &str, body: Value) -> Answered {
    let url = format!("{}/_mock{path}", caller.tenant.base_url());
    let request = caller.http.request(method.parse().unwrap(), url);
    let request = if body.is_null() { request } else { request.json(&body) };
    answered(request.send().await.unwrap()).await
}

#[tokio::test]
async fn it_is_off_unless_asked_for_and_asks_for_its_key() {
    let plain = Caller::configured().await;
    assert_eq!(control(&plain, "GET", "/clock", Value::Null).await.0, 404);

    let caller = Caller::start(MockTenant::builder().control_key("sesame")).await;
    let (status, refused) = control(&caller, "GET", "/clock", Value::Null).await;
    assert_eq!((status, refused["error"].as_str().unwrap().contains("key")), (401, true));
    let url = format!("{}/_mock/clock", caller.tenant.base_url());
    assert_eq!(caller.http.get(url).bearer_auth("sesame").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn away_from_loopback_it_asks_for_a_key_that_it_makes_up() {
    let caller = Caller::start(MockTenant::builder().listen("0.0.0.0:0").control()).await;
    assert!(caller.tenant.control_key().is_some_and(|key| key.len() == 32));
    assert_eq!(self::caller().await.tenant.control_key(), None);
}

#[tokio::test]
async fn its_document_describes_every_path_that_it_serves() {
    let caller = caller().await;
    let (_, document) = control(&caller, "GET", "/openapi.json", Value::Null).await;
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert(format!("{method} {path}"));
            let path = path.replace("{id}", "con_absent").replace("{user}", "u").replace("{group}", "g");
            let (_, answer) = control(&caller, &method.to_uppercase(), &path, Value::Null).await;
            let unknown = answer["error"].as_str().is_some_and(|error| error.starts_with("there is no `"));
            assert!(!unknown || path.contains("con_absent"), "{method} {path}: {answer}");
        }
    }
    assert_eq!(described.len(), 26, "{described:?}");
    let (status, refused) = control(&caller, "GET", "/nowhere", Value::Null).await;
    assert_eq!((status, refused["error"].as_str().unwrap().contains("/_mock/openapi.json")), (404, true));
}

#[tokio::test]
async fn a_seed_in_yaml_or_json_replaces_the_state_and_a_reset_brings_it_back() {
    let caller = caller().await;
    let seed = "
tenant_name: umbrella
plan: free
connections:
  - id: con_seeded
    strategy: google-apps
    directory_provisioning: { synchronize_groups: selected }
    selected_groups: [{ id: g1, name: Engineering }]
";
    let url = format!("{}/_mock/seed", caller.tenant.base_url());
    let (status, told) = answered(caller.http.post(&url).body(seed).send().await.unwrap()).await;
    assert_eq!((status, told), (200, json!({ "connections": ["con_seeded"] })));
    let answer = caller.request("GET", "/connections/con_seeded/directory-provisioning").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["x-ratelimit-limit"]), (200, &"2".parse().unwrap()));
    assert_eq!(caller.get(&path()).await.0, 404);

    let (status, refused) = control(&caller, "POST", "/seed", json!({ "connections": [{ "id": "con_1" }] })).await;
    assert_eq!((status, refused["error"].as_str().unwrap().contains("missing field `strategy`")), (400, true));
    caller.tenant.clock().advance(std::time::Duration::from_secs(10));
    assert_eq!(control(&caller, "POST", "/reset", Value::Null).await.0, 204);
    assert_eq!(caller.get(&path()).await.0, 200);
}

#[tokio::test]
async fn a_state_is_saved_and_loaded() {
    let caller = caller().await;
    let (_, state) = control(&caller, "GET", "/state", Value::Null).await;
    caller.send("DELETE", &format!("/connections/{ID}"), None).await;
    assert_eq!(control(&caller, "PUT", "/state", state).await.0, 204);
    assert_eq!(caller.get(&path()).await.0, 200);
    assert_eq!(control(&caller, "PUT", "/state", json!({ "version": 2 })).await.0, 400);
}

#[tokio::test]
async fn the_clock_is_stopped_moved_ahead_and_let_go() {
    let caller = caller().await;
    let (_, before) = control(&caller, "POST", "/clock", json!({ "frozen": true })).await;
    let (_, after) = control(&caller, "POST", "/clock", json!({ "advance_seconds": 90 })).await;
    let time = |told: &Value| told["now"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!((time(&after) - time(&before)).num_seconds(), 90);
    assert_eq!(control(&caller, "POST", "/clock", json!({ "frozen": false })).await.1["frozen"], false);
    let (status, refused) = control(&caller, "POST", "/clock", json!({ "advance_seconds": -1 })).await;
    assert_eq!((status, refused["error"].as_str().unwrap().contains("no clock goes back")), (400, true));
}

#[tokio::test]
async fn every_fault_of_the_library_can_be_asked_for() {
    let caller = caller().await;
    let kinds = json!([
        { "kind": "none" }, { "kind": "cut", "at": "before_answer" }, { "kind": "status", "status": 503 },
        { "kind": "refusal", "cause": "provisioning_disabled" }, { "kind": "rate_limited", "retry_after_seconds": 9 },
        { "kind": "token_revoked" }, { "kind": "token_expires_early", "after_seconds": 1 }, { "kind": "truncated_body" },
        { "kind": "body", "body": "x" }, { "kind": "not_json" }, { "kind": "content_type", "content_type": "text/html" },
        { "kind": "slow_body", "pieces": 2, "pause_seconds": 0 }, { "kind": "unknown_enum_values" },
        { "kind": "extra_fields" }, { "kind": "nulls_for_absent" }, { "kind": "empty_page" },
        { "kind": "next_cursor", "cursor": "" },
    ]);
    assert_eq!(control(&caller, "POST", "/faults", kinds).await, (200, json!({ "waiting": 17 })));
    assert_eq!(control(&caller, "DELETE", "/faults", Value::Null).await.0, 204);

    let fault = json!({ "kind": "status", "status": 502, "operation": "get_directory-provisioning", "times": 2 });
    control(&caller, "POST", "/faults", fault).await;
    assert_eq!(caller.get("/connections").await.0, 200);
    let statuses = [caller.get(&path()).await.0, caller.get(&path()).await.0, caller.get(&path()).await.0];
    assert_eq!(statuses, [502, 502, 200]);
    for (wrong, words) in [
        (json!({ "kind": "fire" }), "unknown variant `fire`"),
        (json!({ "kind": "none", "operation": "get_fire" }), "no operation is called `get_fire`"),
        (json!({ "kind": "none", "times": "often" }), "`times`"),
    ] {
        let (status, refused) = control(&caller, "POST", "/faults", wrong).await;
        assert!(status == 400 && refused["error"].as_str().unwrap().contains(words), "{refused}");
    }
}

#[tokio::test]
async fn features_setup_and_tokens_are_changed() {
    let caller = caller().await;
    control(&caller, "PATCH", "/features", json!({ "directory_provisioning": false })).await;
    assert_eq!(caller.get(&path()).await.0, 403);
    control(&caller, "PATCH", "/features", json!({ "directory_provisioning": true })).await;
    let (status, refused) = control(&caller, "PATCH", "/features", json!({ "fire": true })).await;
    assert_eq!((status, refused["error"].as_str().unwrap().contains("fire")), (400, true));

    let setup = format!("/connections/{ID}/setup");
    control(&caller, "PATCH", &setup, json!({ "is_set_up": false })).await;
    assert_eq!(caller.provisioning("POST", "/synchronizations", None).await.0, 400);

    let (_, token) = control(&caller, "POST", "/tokens", json!({ "scopes": ["read:connections"] })).await;
    let url = format!("{}/api/v2/connections", caller.tenant.base_url());
    let token = token["access_token"].as_str().unwrap();
    assert_eq!(caller.http.get(&url).bearer_auth(token).send().await.unwrap().status(), 200);
    assert_eq!(control(&caller, "DELETE", "/tokens", Value::Null).await.0, 204);
    assert_eq!(caller.http.get(&url).bearer_auth(token).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_directory_decides_what_the_next_run_brings() {
    let caller = caller().await;
    caller.provisioning("PATCH", "", Some(json!({ "synchronize_groups": "all" }))).await;
    let here = format!("/connections/{ID}");
    let directory = json!({
        "users": { "u1": { "attributes": { "primaryEmail": "kim@acme.test" } } },
        "groups": { "g1": { "name": "Engineering", "members": ["u1"] } },
    });
    assert_eq!(control(&caller, "PUT", &format!("{here}/directory"), directory).await.0, 204);
    let user = json!({ "attributes": { "primaryEmail": "lee@acme.test" } });
    control(&caller, "PUT", &format!("{here}/directory/users/u2"), user).await;
    let next = json!({ "takes_seconds": 5, "user_errors": { "u2": "The email is taken" } });
    assert_eq!(control(&caller, "PUT", &format!("{here}/next-synchronization"), next).await.0, 204);
    caller.provisioning("POST", "/synchronizations", None).await;
    control(&caller, "POST", "/clock", json!({ "advance_seconds": 6 })).await;
    let (_, events) = caller.get("/logs?search=type:directory_sync_failed").await;
    assert_eq!(events[0]["details"]["error"]["user_errors"][0]["identity_user_id"], "u2");
    assert_eq!(caller.get("/users/google-apps%7Ckim@acme.test/groups").await.0, 200);

    let gone = format!("{here}/directory/users/u2");
    assert_eq!(control(&caller, "DELETE", &gone, Value::Null).await.0, 204);
    assert_eq!(control(&caller, "DELETE", &gone, Value::Null).await.0, 404);
    assert_eq!(control(&caller, "GET", "/connections/con_absent/directory", Value::Null).await.0, 404);
}

#[tokio::test]
async fn requests_are_told_without_credentials_and_expectations_are_checked() {
    let caller = caller().await;
    caller.provisioning("PATCH", "", Some(json!({ "synchronize_groups": "all" }))).await;
    caller.get("/connections").await;
    let (_, told) = control(&caller, "GET", "/requests?operation=patch_directory-provisioning", Value::Null).await;
    assert_eq!(told["requests"].as_array().unwrap().len(), 1);
    assert!(!told.to_string().contains(&caller.token), "{told}");

    let filter = json!({ "method": "PATCH", "path": "/api/v2/connections/{id}/directory-provisioning",
        "status": 200, "body": { "synchronize_groups": "all" } });
    let (_, checked) = control(&caller, "POST", "/expectations", json!({ "request": filter, "times": 1 })).await;
    assert_eq!((&checked["met"], &checked["count"]), (&json!(true), &json!(1)));
    let never = json!({ "request": { "operation": "delete_directory-provisioning" } });
    assert_eq!(control(&caller, "POST", "/expectations", never).await.1["met"], false);
    control(&caller, "DELETE", "/requests", Value::Null).await;
    assert_eq!(control(&caller, "GET", "/requests", Value::Null).await.1, json!({ "requests": [] }));
}
