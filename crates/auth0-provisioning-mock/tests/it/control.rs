//! The control API.

use std::collections::BTreeSet;

use auth0_provisioning_mock::MockTenant;
use serde_json::{Value, json};

use crate::caller::{Caller, ID, Outcome, google, outcome, path};

async fn caller() -> Caller {
    Caller::start(MockTenant::builder().connection(google().configured()).control()).await
}

async fn control(caller: &Caller, method: &str, path: &str, body: Value) -> Outcome {
    let url = format!("{}/_mock{path}", caller.tenant.base_url());
    let request = caller.http.request(method.parse().unwrap(), url);
    let request = if body.is_null() { request } else { request.json(&body) };
    outcome(request.send().await.unwrap()).await
}

#[tokio::test]
async fn control_is_off_by_default_and_requires_key() {
    let plain = Caller::configured().await;
    assert_eq!(control(&plain, "GET", "/clock", Value::Null).await.0, 404);

    let caller = Caller::start(MockTenant::builder().control_key("sesame")).await;
    let (status, rejected) = control(&caller, "GET", "/clock", Value::Null).await;
    assert_eq!((status, rejected["error"].as_str().unwrap().contains("key")), (401, true));
    let url = format!("{}/_mock/clock", caller.tenant.base_url());
    assert_eq!(caller.http.get(url).bearer_auth("sesame").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn foreign_origins_and_hosts_are_rejected() {
    let caller = caller().await;
    let (origin, path) = (caller.tenant.base_url(), "/_mock/reset");
    let send = async |caller: &Caller, name: &'static str, value: &str| {
        let request = caller.http.post(format!("{}{path}", caller.tenant.base_url())).header(name, value);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(send(&caller, "origin", origin).await, 204, "its own page");
    assert_eq!(send(&caller, "origin", "https://evil.example").await, 403);
    assert_eq!(send(&caller, "origin", "null").await, 403);
    assert_eq!(send(&caller, "host", "evil.example").await, 403, "a name that was bound to this machine");

    let keyed = Caller::start(MockTenant::builder().control_key("sesame")).await;
    assert_eq!(
        send(&keyed, "host", "auth0-mock:8080").await,
        401,
        "who knows the key may call it as it is called there"
    );
}

#[tokio::test]
async fn page_is_found_without_slash() {
    let caller = caller().await;
    let url = format!("{}/_mock", caller.tenant.base_url());
    let response = caller.http.get(url).send().await.unwrap();
    let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    let text = response.text().await.unwrap();
    assert!(location.as_deref() == Some("/_mock/") || text.contains("<html"), "{location:?}");
}

#[tokio::test]
async fn key_is_generated_outside_of_loopback() {
    let caller = Caller::start(MockTenant::builder().listen("0.0.0.0:0").control()).await;
    assert!(caller.tenant.control_key().is_some_and(|key| key.len() == 32));
    assert_eq!(self::caller().await.tenant.control_key(), None);
}

#[tokio::test]
async fn document_describes_every_path() {
    let caller = caller().await;
    let (_, document) = control(&caller, "GET", "/openapi.json", Value::Null).await;
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert(format!("{method} {path}"));
            let path = path.replace("{id}", "con_absent").replace("{user}", "u").replace("{group}", "g");
            let (_, response) = control(&caller, &method.to_uppercase(), &path, Value::Null).await;
            let unknown = response["error"].as_str().is_some_and(|error| error.starts_with("there is no `"));
            assert!(!unknown || path.contains("con_absent"), "{method} {path}: {response}");
        }
    }
    assert_eq!(described.len(), 36, "{described:?}");
    let (status, rejected) = control(&caller, "GET", "/nowhere", Value::Null).await;
    assert_eq!((status, rejected["error"].as_str().unwrap().contains("/_mock/openapi.json")), (404, true));
}

#[tokio::test]
async fn reset_restores_state_replaced_by_seed() {
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
    let (status, response) = outcome(caller.http.post(&url).body(seed).send().await.unwrap()).await;
    assert_eq!((status, response), (200, json!({ "connections": ["con_seeded"] })));
    let response = caller.request("GET", "/connections/con_seeded/directory-provisioning").send().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["x-ratelimit-limit"]), (200, &"2".parse().unwrap()));
    assert_eq!(caller.get(&path()).await.0, 404);

    let (status, rejected) = control(&caller, "POST", "/seed", json!({ "connections": [{ "id": "con_1" }] })).await;
    assert_eq!((status, rejected["error"].as_str().unwrap().contains("missing field `strategy`")), (400, true));
    caller.tenant.clock().advance(std::time::Duration::from_secs(10));
    assert_eq!(control(&caller, "POST", "/reset", Value::Null).await.0, 204);
    assert_eq!(caller.get(&path()).await.0, 200);
}

#[tokio::test]
async fn state_is_saved_and_loaded() {
    let caller = caller().await;
    let (_, state) = control(&caller, "GET", "/state", Value::Null).await;
    caller.send("DELETE", &format!("/connections/{ID}"), None).await;
    assert_eq!(control(&caller, "PUT", "/state", state).await.0, 204);
    assert_eq!(caller.get(&path()).await.0, 200);
    assert_eq!(control(&caller, "PUT", "/state", json!({ "version": 2 })).await.0, 400);
}

#[tokio::test]
async fn clock_is_frozen_moved_and_resumed() {
    let caller = caller().await;
    let (_, before) = control(&caller, "POST", "/clock", json!({ "frozen": true })).await;
    let (_, after) = control(&caller, "POST", "/clock", json!({ "advance_seconds": 90 })).await;
    let time = |response: &Value| response["now"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!((time(&after) - time(&before)).num_seconds(), 90);
    assert_eq!(control(&caller, "POST", "/clock", json!({ "frozen": false })).await.1["frozen"], false);
    let (status, rejected) = control(&caller, "POST", "/clock", json!({ "advance_seconds": -1 })).await;
    assert_eq!((status, rejected["error"].as_str().unwrap().contains("a clock never moves back")), (400, true));
}

#[tokio::test]
async fn every_fault_can_be_added() {
    let caller = caller().await;
    let kinds = json!([
        { "kind": "none" }, { "kind": "cut", "at": "before_response" }, { "kind": "status", "status": 503 },
        { "kind": "error_response", "cause": "provisioning_disabled" }, { "kind": "rate_limited", "retry_after_seconds": 9 },
        { "kind": "token_revoked" }, { "kind": "token_expires_early", "after_seconds": 1 }, { "kind": "truncated_body" },
        { "kind": "body", "body": "x" }, { "kind": "not_json" }, { "kind": "content_type", "content_type": "text/html" },
        { "kind": "slow_body", "pieces": 2, "pause_seconds": 0 }, { "kind": "unknown_enum_values" },
        { "kind": "extra_fields" }, { "kind": "nulls_for_absent" }, { "kind": "empty_page" },
        { "kind": "next_cursor", "cursor": "" },
    ]);
    let (status, response) = control(&caller, "POST", "/faults", kinds).await;
    assert_eq!((status, &response["waiting"]), (200, &json!(17)));
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
        let (status, rejected) = control(&caller, "POST", "/faults", wrong).await;
        assert!(status == 400 && rejected["error"].as_str().unwrap().contains(words), "{rejected}");
    }
}

#[tokio::test]
async fn features_setup_and_tokens_are_changed() {
    let caller = caller().await;
    control(&caller, "PATCH", "/features", json!({ "directory_provisioning": false })).await;
    assert_eq!(caller.get(&path()).await.0, 403);
    control(&caller, "PATCH", "/features", json!({ "directory_provisioning": true })).await;
    let (status, rejected) = control(&caller, "PATCH", "/features", json!({ "fire": true })).await;
    assert_eq!((status, rejected["error"].as_str().unwrap().contains("fire")), (400, true));

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
async fn next_run_reads_replaced_directory() {
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
async fn impossible_values_are_rejected() {
    let caller = caller().await;
    let before = control(&caller, "GET", "/clock", Value::Null).await.1["now"].clone();
    for seconds in [1e18, 4e11, f64::from(u32::MAX) * 100.0] {
        let (status, rejected) = control(&caller, "POST", "/clock", json!({ "advance_seconds": seconds })).await;
        assert_eq!((status, rejected["error"].as_str().unwrap().contains("beyond the year 9999")), (400, true));
    }
    let after = control(&caller, "GET", "/clock", Value::Null).await.1["now"].clone();
    assert_eq!(before.as_str().unwrap()[..13], after.as_str().unwrap()[..13]);

    // Of an operation with a slip in its name nothing was ever asked.
    let never = json!({ "request": { "operation": "get_directory_provisioning" }, "times": 0 });
    let (status, rejected) = control(&caller, "POST", "/expectations", never).await;
    assert_eq!((status, rejected["error"].as_str().unwrap().contains("no operation is called")), (400, true));
    assert_eq!(control(&caller, "GET", "/requests?operation=nope", Value::Null).await.0, 400);
    assert_eq!(control(&caller, "GET", "/requests?operation=post_oauth-token", Value::Null).await.0, 200);
}

#[tokio::test]
async fn wrong_method_and_missing_body_are_reported() {
    let caller = caller().await;
    for path in ["/clock", "/connections/con_1/directory/users/u1"] {
        let url = format!("{}/_mock{path}", caller.tenant.base_url());
        let response = caller.http.request("TRACE".parse().unwrap(), url).send().await.unwrap();
        assert_eq!(response.status(), 405);
        let allow = response.headers()["allow"].to_str().unwrap().to_owned();
        assert!(allow == "GET, POST" || allow == "DELETE, PUT" || allow == "PUT, DELETE", "{allow}");
    }
    let (status, _) = control(&caller, "PUT", "/rate-limits", json!([null, null])).await;
    assert_eq!(status, 400, "a list is no object");
    for (method, path) in [("PATCH", "/features"), ("POST", "/seed")] {
        let (status, rejected) = control(&caller, method, path, Value::Null).await;
        assert_eq!((status, rejected["error"].as_str().unwrap()), (400, "the body is missing"));
    }
}

#[tokio::test]
async fn error_of_long_body_is_short() {
    let caller = caller().await;
    let (status, rejected) = control(&caller, "POST", "/seed", json!("ä".repeat(1 << 20))).await;
    assert_eq!((status, rejected["error"].as_str().unwrap().len() < 2_000), (400, true));
}

#[tokio::test]
async fn listed_requests_have_no_credentials() {
    let caller = caller().await;
    caller.provisioning("PATCH", "", Some(json!({ "synchronize_groups": "all" }))).await;
    caller.get("/connections").await;
    let (_, response) = control(&caller, "GET", "/requests?operation=patch_directory-provisioning", Value::Null).await;
    assert_eq!(response["requests"].as_array().unwrap().len(), 1);
    assert!(!response.to_string().contains(&caller.token), "{response}");

    let filter = json!({ "method": "PATCH", "path": "/api/v2/connections/{id}/directory-provisioning",
        "status": 200, "body": { "synchronize_groups": "all" } });
    let (_, checked) = control(&caller, "POST", "/expectations", json!({ "request": filter, "times": 1 })).await;
    assert_eq!((&checked["met"], &checked["count"]), (&json!(true), &json!(1)));
    let never = json!({ "request": { "operation": "delete_directory-provisioning" } });
    assert_eq!(control(&caller, "POST", "/expectations", never).await.1["met"], false);
    control(&caller, "DELETE", "/requests", Value::Null).await;
    assert_eq!(control(&caller, "GET", "/requests", Value::Null).await.1, json!({ "requests": [] }));
}

#[tokio::test]
async fn rate_limits_are_read_and_replaced() {
    let caller = caller().await;
    let unlimited = json!({ "general": null, "classes": [] });
    assert_eq!(control(&caller, "GET", "/rate-limits", Value::Null).await, (200, unlimited.clone()));
    let limits = json!({
        "general": { "burst": 1, "requests": 1 },
        "classes": [{ "operation": "get_connections", "burst": 2, "requests": 5, "seconds": 60 }],
    });
    let (status, response) = control(&caller, "PUT", "/rate-limits", limits).await;
    assert_eq!(
        (status, &response["classes"][0]["seconds"], &response["general"]["seconds"]),
        (200, &json!(60), &json!(1))
    );
    control(&caller, "POST", "/clock", json!({ "frozen": true })).await;
    let statuses = [caller.get(&path()).await.0, caller.get(&path()).await.0];
    assert_eq!(statuses, [200, 429]);
    let of_class = [caller.get("/connections").await.0, caller.get("/connections").await.0];
    assert_eq!((of_class, caller.get("/connections").await.0), ([200, 200], 429));

    // The response can be sent back, which fills the buckets.
    assert_eq!(control(&caller, "PUT", "/rate-limits", response.clone()).await, (200, response));
    assert_eq!(caller.get(&path()).await.0, 200);
    let (_, of_plan) = control(&caller, "PUT", "/rate-limits", json!({ "plan": "enterprise" })).await;
    assert_eq!((&of_plan["general"]["burst"], &of_plan["classes"][0]["burst"]), (&json!(50), &json!(100)));
    assert_eq!(of_plan["classes"][3]["any_of"][1], json!({ "method": "PATCH", "path": "/api/v2/organizations/*" }));
    assert_eq!(of_plan["classes"][4]["path"], "/api/v2/clients?q");
    assert_eq!(control(&caller, "PUT", "/rate-limits", of_plan.clone()).await, (200, of_plan));
    for plan in ["essentials", "professional"] {
        let (_, of_plan) = control(&caller, "PUT", "/rate-limits", json!({ "plan": plan })).await;
        assert_eq!(of_plan["general"], json!({ "burst": 10, "requests": 150, "seconds": 60 }));
        let classes = of_plan["classes"].as_array().unwrap().iter();
        let bursts: Vec<_> = classes.map(|class| (&class["burst"], &class["requests"], &class["seconds"])).collect();
        assert_eq!(bursts, [(&json!(5), &json!(50), &json!(60)), (&json!(10), &json!(100), &json!(60))]);
        assert_eq!(caller.get("/connections").await.0, 200);
    }
    for (wrong, words) in [
        (json!({ "general": { "burst": 0, "requests": 1 } }), "`general.burst` is not acceptable"),
        (json!({ "classes": [{ "operation": "get_fire", "burst": 1, "requests": 1 }] }), "no operation is called"),
        (json!({ "classes": [{ "burst": 1, "requests": 1 }] }), "`classes[0]` is not acceptable: give either"),
        (json!({ "plan": "gold" }), "unknown variant `gold`"),
    ] {
        let (status, rejected) = control(&caller, "PUT", "/rate-limits", wrong).await;
        assert!(status == 400 && rejected["error"].as_str().unwrap().contains(words), "{rejected}");
    }
    control(&caller, "POST", "/reset", Value::Null).await;
    assert_eq!(control(&caller, "GET", "/rate-limits", Value::Null).await.1, unlimited);
}

#[tokio::test]
async fn revoking_one_token_keeps_others() {
    let caller = caller().await;
    let (_, token) = control(&caller, "POST", "/tokens", json!({})).await;
    let token = token["access_token"].as_str().unwrap();
    let url = format!("{}/api/v2/connections", caller.tenant.base_url());
    assert_eq!(caller.http.get(&url).bearer_auth(token).send().await.unwrap().status(), 200);
    assert_eq!(control(&caller, "POST", "/tokens/revoke", json!({ "token": token })).await.0, 204);
    assert_eq!(caller.http.get(&url).bearer_auth(token).send().await.unwrap().status(), 401);
    assert_eq!(caller.get("/connections").await.0, 200);
    let (status, rejected) = control(&caller, "POST", "/tokens/revoke", json!({ "token": "of.another.tenant" })).await;
    assert_eq!((status, rejected["error"].as_str().unwrap().contains("not a token of this tenant")), (400, true));
}

#[tokio::test]
async fn listed_faults_can_be_added_again() {
    let caller = caller().await;
    let faults = json!([
        { "kind": "cut", "at": "within_response", "operation": "get_connections", "times": 2 },
        { "kind": "status", "status": 503, "after_effect": true, "path": "/api/v2/logs/{id}", "times": "always" },
        { "kind": "none", "delay_seconds": 0.5, "headers": { "x-odd": "yes" }, "method": "PUT", "path": "/a" },
    ]);
    control(&caller, "POST", "/faults", faults).await;
    let (_, response) = control(&caller, "GET", "/faults", Value::Null).await;
    assert_eq!(response["faults"][0]["operation"], "get_connections");
    assert_eq!(response["faults"][1]["path"], "/api/v2/logs/*");
    assert_eq!(response["faults"][2]["times"], 1);
    control(&caller, "DELETE", "/faults", Value::Null).await;
    assert_eq!(control(&caller, "POST", "/faults", response["faults"].clone()).await, (200, response));
}

#[tokio::test]
async fn stubs_respond_until_cleared() {
    let caller = caller().await;
    let stub = json!({ "method": "GET", "path": "/api/v2/clients", "json": [{ "client_id": "c1" }] });
    assert_eq!(control(&caller, "POST", "/stubs", stub).await, (200, json!({ "stubs": 1 })));
    assert_eq!(caller.get("/clients").await, (200, json!([{ "client_id": "c1" }])));
    let (status, rejected) = control(&caller, "POST", "/stubs", json!({ "path": "/a", "json": 1, "text": "1" })).await;
    assert_eq!((status, rejected["error"].as_str().unwrap()), (400, "give either `json` or `text`"));
    assert_eq!(control(&caller, "DELETE", "/stubs", Value::Null).await.0, 204);
    assert_eq!(caller.get("/clients").await.0, 404);
}

#[tokio::test]
async fn control_requests_runs_without_faults() {
    let caller = caller().await;
    control(&caller, "POST", "/faults", json!({ "kind": "status", "status": 503, "times": "always" })).await;
    let runs = format!("/connections/{ID}/synchronizations");
    let (status, run) = control(&caller, "POST", &runs, Value::Null).await;
    assert!(status == 200 && run["synchronization_id"].as_str().unwrap().starts_with("sync_"), "{run}");
    let (status, rejected) = control(&caller, "POST", &runs, Value::Null).await;
    assert_eq!((status, rejected["error"].is_string()), (409, true));
    assert_eq!(control(&caller, "POST", "/connections/con_absent/synchronizations", Value::Null).await.0, 404);
}

#[tokio::test]
async fn overview_shows_the_tenant() {
    let caller = caller().await;
    control(&caller, "POST", &format!("/connections/{ID}/synchronizations"), Value::Null).await;
    control(&caller, "POST", "/faults", json!({ "kind": "truncated_body", "operation": "get_logs" })).await;
    caller.get(&path()).await;
    let (_, overview) = control(&caller, "GET", "/overview", Value::Null).await;
    assert_eq!((&overview["connection_count"], &overview["connections"][0]["id"]), (&json!(1), &json!(ID)));
    assert!(overview["connections"][0]["running"]["ends_at"].is_string(), "{overview}");
    assert_eq!(overview["logs"][0]["type"], "directory_sync_started");
    assert_eq!(overview["requests"][0]["operation"], "get_directory-provisioning");
    assert_eq!(overview["faults"][0]["kind"], "truncated_body");
    assert_eq!(overview["features"]["group_removal"], true);
    assert!(!overview.to_string().contains(&caller.token));

    assert_eq!(control(&caller, "GET", "/overview?connections=ACME", Value::Null).await.1["connections"][0]["id"], ID);
    let (_, other) = control(&caller, "GET", "/overview?connections=other", Value::Null).await;
    assert_eq!((&other["connections"], &other["connection_count"]), (&json!([]), &json!(1)));
    assert_eq!(other["found_count"], 0);
    let (_, skipped) = control(&caller, "GET", "/overview?skip=1", Value::Null).await;
    assert_eq!((&skipped["connections"], &skipped["found_count"]), (&json!([]), &json!(1)));
    assert_eq!(control(&caller, "GET", "/overview?take=0", Value::Null).await.0, 400);
    assert_eq!(control(&caller, "GET", "/overview?skip=-1", Value::Null).await.0, 400);
}

#[tokio::test]
async fn fault_with_unknown_property_is_rejected() {
    let caller = caller().await;
    for (fault, property) in [
        (json!({ "kind": "status", "status": 503, "tims": 2 }), "tims"),
        (json!({ "kind": "rate_limited", "retry_after": 2 }), "retry_after"),
        (json!({ "kind": "not_json", "pieces": 2 }), "pieces"),
        (json!({ "kind": "none", "delay": 2 }), "delay"),
        (json!([{ "kind": "empty_page" }, { "kind": "token_revoked", "after_seconds": 2 }]), "after_seconds"),
    ] {
        let (status, rejected) = control(&caller, "POST", "/faults", fault).await;
        assert!(status == 400 && rejected["error"].as_str().unwrap().contains(property), "{rejected}");
    }
    assert_eq!(control(&caller, "GET", "/faults", Value::Null).await.1["waiting"], 0);
}

#[tokio::test]
async fn responses_match_the_document() {
    let caller = caller().await;
    control(&caller, "POST", "/faults", json!({ "kind": "cut", "at": "after_response", "path": "/none" })).await;
    caller.get(&path()).await;
    let (_, document) = control(&caller, "GET", "/openapi.json", Value::Null).await;
    for here in ["/clock", "/faults", "/stubs", "/rate-limits", "/features", "/requests", "/operations", "/overview"] {
        let (_, response) = control(&caller, "GET", here, Value::Null).await;
        let mut schema =
            document["paths"][here]["get"]["responses"]["200"]["content"]["application/json"]["schema"].clone();
        assert!(schema.is_object(), "{here}");
        schema["components"] = document["components"].clone();
        let broken = jsonschema::validate(&schema, &response).err().map(|error| error.to_string());
        assert_eq!(broken, None, "{here}: {response}");
    }
}
