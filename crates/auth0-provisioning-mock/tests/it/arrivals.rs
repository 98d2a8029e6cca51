//! Users, groups and members that runs bring, and their log events.

use std::time::Duration;

use auth0_provisioning_mock::{Connection, DirectoryGroup, DirectoryUser, MockTenant, Synchronization};
use serde_json::{Value, json};

use crate::caller::{Caller, ID, google};

fn company() -> Connection {
    google()
        .synchronizes_all_groups()
        .directory_user("u1", DirectoryUser::new("kim@acme.test").attribute("name.givenName", "Kim"))
        .directory_user("u2", DirectoryUser::new("lee@acme.test"))
        .directory_group("g1", DirectoryGroup::new("Engineering").members(["u1", "u2"]))
        .directory_group("g2", DirectoryGroup::new("Sales").members(["u2"]))
}

async fn caller(connection: Connection) -> Caller {
    let builder = MockTenant::builder().connection(connection).role("rol_1", "Editor", "May edit");
    let caller = Caller::start(builder).await;
    caller.tenant.clock().freeze();
    caller
}

/// Starts a run, lets it end, and returns its id.
async fn run(caller: &Caller) -> String {
    caller.tenant.clock().advance(Duration::from_secs(1800));
    let (status, run) = caller.provisioning("POST", "/synchronizations", None).await;
    assert_eq!(status, 201, "{run}");
    caller.tenant.clock().advance(Duration::from_secs(60));
    run["synchronization_id"].as_str().unwrap().to_owned()
}

async fn groups(caller: &Caller) -> Vec<Value> {
    caller.get("/groups?take=50").await.1["groups"].as_array().unwrap().clone()
}

#[tokio::test]
async fn run_brings_users_groups_and_members() {
    let caller = caller(company()).await;
    assert_eq!(groups(&caller).await, [] as [Value; 0]);
    run(&caller).await;
    let (_, engineering) = caller.get("/groups?name=Engineering").await;
    let id = engineering[0]["id"].as_str().unwrap();
    assert_eq!((&engineering[0]["external_id"], &engineering[0]["connection_id"]), (&json!("g1"), &json!(ID)));
    let (_, members) = caller.get(&format!("/groups/{id}/members?take=1")).await;
    assert_eq!(members["members"][0]["id"], "google-apps|kim@acme.test");
    let (_, rest) = caller.get(&format!("/groups/{id}/members?from={}", members["next"].as_str().unwrap())).await;
    assert_eq!(rest["members"][0]["id"], "google-apps|lee@acme.test");
    let (_, of_lee) = caller.get("/users/google-apps%7Clee@acme.test/groups?take=10").await;
    assert_eq!(of_lee["groups"].as_array().unwrap().len(), 2);
    assert!(of_lee["groups"][0]["membership_created_at"].is_string());
    let (_, totals) = caller.get("/groups?per_page=1&include_totals=true").await;
    assert_eq!((totals["total"].as_u64(), totals["groups"].as_array().unwrap().len()), (Some(2), 1));
}

#[tokio::test]
async fn roles_of_group_are_added_and_removed() {
    let caller = caller(company()).await;
    run(&caller).await;
    let here = format!("/groups/{}/roles", groups(&caller).await[0]["id"].as_str().unwrap());
    assert_eq!(caller.send("POST", &here, Some(json!({ "roles": ["rol_1"] }))).await.0, 204);
    let role = json!({ "id": "rol_1", "name": "Editor", "description": "May edit", "type": "tenant" });
    assert_eq!(caller.get(&here).await.1, json!({ "roles": [role] }));
    assert_eq!(caller.send("DELETE", &here, Some(json!({ "roles": ["rol_1"] }))).await.0, 204);
    assert_eq!(caller.get(&here).await.1, json!({ "roles": [] }));
}

#[tokio::test]
async fn next_run_brings_deleted_group_again() {
    let caller = caller(company()).await;
    run(&caller).await;
    let here = format!("/groups/{}", groups(&caller).await[0]["id"].as_str().unwrap());
    assert_eq!(caller.send("DELETE", &here, None).await.0, 204);
    assert_eq!((groups(&caller).await.len(), caller.send("DELETE", &here, None).await.0), (1, 404));
    run(&caller).await;
    assert_eq!(groups(&caller).await.len(), 2);
}

#[tokio::test]
async fn log_events_have_id_of_run() {
    let caller = caller(company().synchronization(Synchronization::completes_after(Duration::from_secs(40)))).await;
    let id = run(&caller).await;
    let (_, events) = caller.get(&format!("/logs?search=details.synchronization_id:{id}&sort=date:1")).await;
    let types: Vec<_> = events.as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["directory_sync_started", "directory_sync_completed"]);
    assert_eq!(events[1]["details"]["sync_status"], "completed");
    assert_eq!((&events[0]["connection_id"], &events[0]["strategy_type"]), (&json!(ID), &json!("enterprise")));

    let started = events[0]["log_id"].as_str().unwrap();
    let (_, after) = caller.get(&format!("/logs?from={started}&take=10")).await;
    assert_eq!(after, json!([events[1]]));
    assert_eq!(caller.get(&format!("/logs/{started}")).await.1, events[0]);
    // The contract knows no 400 here.
    for odd in ["/logs/%FF", "/logs/nothing?%FF=1"] {
        assert_eq!(caller.get(odd).await.0, 404, "{odd}");
    }
    let (_, totals) = caller.get("/logs?include_totals=true&per_page=1").await;
    assert_eq!((totals["total"].as_u64(), &totals["logs"][0]), (Some(2), &events[1]), "the latest first");
}

#[tokio::test]
async fn run_that_fails_for_user_brings_others() {
    let failing = company().directory_user("u3", DirectoryUser::new("max@acme.test").fails("The email is taken"));
    let caller = caller(failing).await;
    run(&caller).await;
    let (_, configuration) = caller.provisioning("GET", "", None).await;
    assert_eq!(configuration["last_synchronization_status"], "failed");
    assert_eq!(groups(&caller).await.len(), 2);
    let (_, events) = caller.get("/logs?search=type:directory_sync_failed").await;
    let error = &events[0]["details"]["error"];
    let user = json!({ "identity_user_id": "u3", "operation": "create", "reason": "The email is taken" });
    assert_eq!((&error["user_errors"], &error["user_errors_truncated"]), (&json!([user]), &json!(false)));
    assert_eq!(error["user_errors_summary"], json!({ "create": 1 }));
}

#[tokio::test]
async fn run_removes_deleted_users_and_groups() {
    let caller = caller(company()).await;
    run(&caller).await;
    caller.tenant.delete_directory_group(ID, "g2").unwrap();
    caller.tenant.delete_directory_user(ID, "u2").unwrap();
    run(&caller).await;
    assert_eq!(groups(&caller).await.len(), 1);
    assert_eq!(caller.get("/users/google-apps%7Clee@acme.test/groups").await.0, 404);
    let id = groups(&caller).await[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(caller.get(&format!("/groups/{id}/members")).await.1["members"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn run_reads_changes_of_directory() {
    let caller = caller(company()).await;
    run(&caller).await;
    let group = DirectoryGroup::new("Support").members(["u1"]);
    caller.tenant.put_directory_group(ID, "g9", group.clone()).unwrap();
    run(&caller).await;
    assert!(groups(&caller).await.iter().any(|group| group["external_id"] == "g9" && group["name"] == "Support"));
    assert!(caller.tenant.put_directory_group("con_absent", "g9", group).is_err());
}

#[tokio::test]
async fn run_can_hang_or_end_with_any_status() {
    let caller = caller(company()).await;
    caller.tenant.next_synchronization(ID, Synchronization::hangs()).unwrap();
    run(&caller).await;
    caller.tenant.clock().advance(Duration::from_secs(7_200));
    assert_eq!(caller.provisioning("POST", "/synchronizations", None).await.0, 409);
    assert_eq!(caller.provisioning("GET", "", None).await.1.get("last_synchronization_status"), None);

    let caller = self::caller(company()).await;
    let strange = Synchronization::completes_after(Duration::from_secs(1)).status("partially_completed");
    caller.tenant.next_synchronization(ID, strange).unwrap();
    run(&caller).await;
    assert_eq!(caller.provisioning("GET", "", None).await.1["last_synchronization_status"], "partially_completed");
}
