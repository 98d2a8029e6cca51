//! Seed files: each property, tested through the API.

use auth0_provisioning_mock::MockTenant;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::caller::{Caller, ID, outcome};

const SEED: &str = r#"
tenant_name: umbrella
plan: enterprise
rate_limits:
  - { operation: get_groups, burst: 3, requests: 1, seconds: 60 }
features: { group_removal: false }
roles:
  - { id: rol_0000000000editor, name: Editor }
applications:
  - { client_id: reader, client_secret: sesame, scopes: ["read:groups"], token_quota: 2 }
connections:
  - id: con_google
    name: workspace
    strategy: google-apps
    options: { domain: umbrella.example }
    enabled_clients: [reader]
    directory_provisioning:
      mapping: [{ auth0: email, idp: primaryEmail }, { auth0: given_name, idp: name.givenName }]
      synchronize_groups: selected
    selected_groups:
      - { id: g1, name: Engineering, email: engineering@umbrella.example, direct_members_count: 2 }
    directory:
      users:
        u1: { attributes: { primaryEmail: kim@umbrella.example, name: { givenName: Kim } } }
        u2: { attributes: { primaryEmail: lee@umbrella.example }, fails: The email is taken }
      groups:
        g1: { name: Engineering, members: [u1, u2] }
        g2: { name: Sales, members: [u1] }
    past_runs:
      - { ended_at: 2026-05-04T08:00:00Z, takes_seconds: 60, error: Google is away, status: gave_up, scheduled: true }
      - { ended_seconds_ago: 3600, user_errors: { u1: The name is too long } }
      - { ended_seconds_ago: 60 }
    synchronization: { takes_seconds: 90, error: Google is away }
  - id: con_okta
    strategy: okta
    options: { client_id: c1, type: front_channel }
    scim_configuration: { user_id_attribute: userName }
  - id: con_samlp
    strategy: samlp
    is_set_up: false
"#;

async fn seeded() -> Caller {
    Caller::start(MockTenant::builder().control().seed_file(SEED).unwrap()).await
}

#[tokio::test]
async fn seed_sets_options_configurations_and_groups() {
    let caller = seeded().await;
    let (_, google) = caller.get("/connections/con_google").await;
    assert_eq!((&google["name"], &google["options"]["domain"]), (&json!("workspace"), &json!("umbrella.example")));
    assert_eq!(caller.get("/connections/con_google/clients").await.1["clients"][0]["client_id"], "reader");
    let (_, configuration) = caller.get("/connections/con_google/directory-provisioning").await;
    assert_eq!(configuration["mapping"][1], json!({ "auth0": "given_name", "idp": "name.givenName" }));
    let (_, groups) = caller.get("/connections/con_google/directory-provisioning/synchronized-groups").await;
    let group = json!({ "id": "g1", "name": "Engineering", "email": "engineering@umbrella.example", "direct_members_count": 2 });
    assert_eq!(groups["groups"], json!([group]));

    let (_, okta) = caller.get("/connections/con_okta").await;
    assert_eq!((&okta["strategy"], &okta["options"]["type"]), (&json!("okta"), &json!("front_channel")));
    let (_, scim) = caller.get("/connections/con_okta/scim-configuration").await;
    assert_eq!((&scim["user_id_attribute"], &scim["tenant_name"]), (&json!("userName"), &json!("umbrella")));
    assert_eq!(caller.get("/connections/con_samlp/status").await.0, 404);
}

#[tokio::test]
async fn past_runs_have_effects_and_events() {
    let caller = seeded().await;
    let (_, events) = caller.get("/logs").await;
    let kinds: Vec<_> = events.as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
    let (started, failed) = ("directory_sync_started", "directory_sync_failed");
    assert_eq!(kinds, [failed, started, failed, started, failed, started]);
    assert_eq!(events[4]["date"], "2026-05-04T08:00:00.000Z");
    assert_eq!(events[4]["details"]["sync_status"], "gave_up");
    assert_eq!((&events[4]["details"]["scheduled"], &events[4]["tenant_name"]), (&json!(true), &json!("umbrella")));
    assert_eq!(events[5]["date"], "2026-05-04T07:59:00.000Z");
    assert_eq!(events[2]["details"]["error"]["user_errors_summary"]["create"], 2);
    let (_, configuration) = caller.get("/connections/con_google/directory-provisioning").await;
    assert_eq!(configuration["last_synchronization_status"], "failed");

    let (_, groups) = caller.get("/groups?take=10").await;
    assert_eq!((&groups["groups"][0]["name"], groups["groups"].as_array().unwrap().len()), (&json!("Engineering"), 1));
    let members = format!("/groups/{}/members", groups["groups"][0]["id"].as_str().unwrap());
    assert_eq!(caller.get(&members).await.1["members"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn seed_sets_course_of_runs() {
    let caller = seeded().await;
    let here = "/connections/con_google/directory-provisioning";
    assert_eq!(caller.send("POST", &format!("{here}/synchronizations"), None).await.0, 201);
    caller.tenant.clock().advance(std::time::Duration::from_secs(89));
    assert_eq!(caller.get(here).await.1["last_synchronization_error"], "1 user could not be synchronized");
    caller.tenant.clock().advance(std::time::Duration::from_secs(2));
    assert_eq!(caller.get(here).await.1["last_synchronization_error"], "Google is away");
}

#[tokio::test]
async fn seed_sets_applications_features_and_limits() {
    let caller = seeded().await;
    let response = caller.request("GET", "/groups").send().await.unwrap();
    assert_eq!(response.headers()["x-ratelimit-limit"], "3");
    let response = caller.request("GET", "/connections/con_okta/status").send().await.unwrap();
    assert_eq!(response.headers()["x-ratelimit-limit"], "100");
    let response = caller.request("GET", "/logs").send().await.unwrap();
    assert_eq!(response.headers()["x-ratelimit-limit"], "50");

    let groups = "/connections/con_google/directory-provisioning/synchronized-groups";
    assert_eq!(caller.send("DELETE", groups, Some(json!({ "groups": [{ "id": "g1" }] }))).await.0, 403);

    let (status, token) = token(&caller, "reader").await;
    assert_eq!((status, &token["scope"]), (200, &json!("read:groups")));
    let url = format!("{}/api/v2/logs", caller.tenant.base_url());
    let response = caller.http.get(url).bearer_auth(token["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(response.status(), 403);
}

async fn token(caller: &Caller, client_id: &str) -> (u16, Value) {
    let body = json!({
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": "sesame",
        "audience": caller.tenant.audience(),
    });
    let url = format!("{}/oauth/token", caller.tenant.base_url());
    outcome(caller.http.post(url).json(&body).send().await.unwrap()).await
}

#[tokio::test]
async fn reset_removes_applications_of_seed() {
    let caller = Caller::start(MockTenant::builder().control()).await;
    let control = |path: &str| caller.http.post(format!("{}/_mock{path}", caller.tenant.base_url()));
    assert_eq!(control("/seed").body(SEED).send().await.unwrap().status(), 200);
    assert_eq!([token(&caller, "reader").await.0, token(&caller, "reader").await.0], [200, 200]);
    assert_eq!(token(&caller, "reader").await.0, 429);
    assert_eq!(control("/reset").send().await.unwrap().status(), 204);
    assert_eq!(token(&caller, "reader").await.0, 401);
    // The tenant's own application, and its tokens, stay good.
    assert_eq!(caller.get("/connections").await.0, 200);
}

#[tokio::test]
async fn seeds_match_the_served_schema() {
    let caller = seeded().await;
    let url = format!("{}/_mock/seed-schema.json", caller.tenant.base_url());
    let (_, schema) = outcome(caller.http.get(url).send().await.unwrap()).await;
    let validator = jsonschema::validator_for(&schema).unwrap();
    let fits = |seed: &str| validator.is_valid(&serde_yaml_ng::from_str(seed).unwrap());
    assert!(fits(SEED));
    assert!(fits(include_str!("../../assets/company.yaml")));
    assert!(!fits("connections: [{ id: con_1 }]"));
    assert!(!fits("connections: [{ id: con_1, strategy: nope }]"));
    assert!(!fits(
        "connections: [{ id: con_1, strategy: okta, directory_provisioning: { synchronize_groups: some } }]"
    ));
}

#[test]
fn unknown_strategy_is_rejected_with_place() {
    for strategy in ["nope", "Google-Apps", "''"] {
        let seed = format!("connections: [{{ id: con_1, strategy: okta }}, {{ id: con_2, strategy: {strategy} }}]");
        let rejected = MockTenant::builder().seed_file(&seed).unwrap_err().to_string();
        assert!(rejected.contains("connections[1].strategy") && rejected.contains("google-apps"), "{rejected}");
    }
}

#[tokio::test]
async fn seed_of_readme_is_acceptable() {
    let readme = include_str!("../../README.md");
    let seed = readme.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let caller = Caller::start(MockTenant::builder().seed_file(seed).unwrap()).await;
    assert_eq!(caller.get("/groups?take=10").await.1["groups"][0]["name"], "Engineering");
}

#[tokio::test]
async fn default_seed_is_a_company_with_history() {
    let caller = Caller::start(MockTenant::builder().company().unwrap()).await;
    let groups = caller.get("/groups?take=50").await.1;
    let names: Vec<&str> =
        groups["groups"].as_array().unwrap().iter().filter_map(|group| group["name"].as_str()).collect();
    assert!(names.contains(&"Engineering") && names.contains(&"Stores"), "{names:?}");
    let (_, failed) = caller.get("/logs?search=type:directory_sync_failed").await;
    assert_eq!(failed.as_array().unwrap().len(), 8);
    let now = caller.tenant.clock().now();
    let at = |text: &Value| text.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let (_, workspace) = caller.get(&format!("/connections/{ID}/directory-provisioning")).await;
    let age = now - at(&workspace["last_synchronization_at"]);
    assert_eq!(age.num_hours(), 2, "past runs are relative to the start");
    assert_eq!((now - at(&workspace["created_at"])).num_days(), 30);
    let okta = "/connections/con_0123456789okta00/scim-configuration/tokens";
    let (_, tokens) = caller.get(okta).await;
    assert_eq!((at(&tokens[0]["valid_until"]) - now).num_days(), 64);
    let secret = caller.send("DELETE", &format!("{okta}/{}", tokens[0]["token_id"].as_str().unwrap()), None).await;
    assert_eq!(secret.0, 204);
}
