use std::time::Duration;

use auth0_provisioning_mock::{Connection, Synchronization};
use serde_json::{Value, json};

use crate::caller::{Caller, google};

const MINUTE: Duration = Duration::from_secs(60);

async fn request(caller: &Caller) -> u16 {
    caller.provisioning("POST", "/synchronizations", None).await.0
}

/// Status and error of the last run; null before the first.
async fn last_run(caller: &Caller) -> (Value, Value) {
    let (status, mut configuration) = caller.provisioning("GET", "", None).await;
    assert_eq!(status, 200);
    (configuration["last_synchronization_status"].take(), configuration["last_synchronization_error"].take())
}

async fn with_runs(synchronization: Synchronization) -> Caller {
    let caller = Caller::of(google().configured().synchronization(synchronization)).await;
    caller.tenant.clock().freeze();
    caller
}

#[tokio::test]
async fn run_completes_after_its_time() {
    let caller = with_runs(Synchronization::completes_after(MINUTE * 2)).await;
    let (status, run) = caller.provisioning("POST", "/synchronizations", None).await;
    assert_eq!((status, &run["connection_id"]), (201, &json!(crate::caller::ID)));
    assert!(run["synchronization_id"].as_str().unwrap().starts_with("sync_"));

    assert_eq!(last_run(&caller).await, (Value::Null, Value::Null));
    assert_eq!(request(&caller).await, 409);
    caller.tenant.clock().advance(MINUTE * 2);
    assert_eq!(last_run(&caller).await, (json!("completed"), Value::Null));
}

#[tokio::test]
async fn next_run_waits_thirty_minutes() {
    let caller = with_runs(Synchronization::completes_after(MINUTE)).await;
    assert_eq!(request(&caller).await, 201);
    caller.tenant.clock().advance(MINUTE * 30);
    assert_eq!(request(&caller).await, 400, "29 minutes after the run completed");
    caller.tenant.clock().advance(MINUTE);
    assert_eq!(request(&caller).await, 201);
}

#[tokio::test]
async fn failed_run_has_error_and_can_be_repeated() {
    let caller = with_runs(Synchronization::completes_after(MINUTE)).await;
    let failure = Synchronization::fails_after(MINUTE, "Google is away");
    caller.tenant.next_synchronization(crate::caller::ID, failure).unwrap();
    assert_eq!(request(&caller).await, 201);
    caller.tenant.clock().advance(MINUTE);
    assert_eq!(last_run(&caller).await, (json!("failed"), json!("Google is away")));

    assert_eq!(request(&caller).await, 201);
    caller.tenant.clock().advance(MINUTE);
    assert_eq!(last_run(&caller).await, (json!("completed"), Value::Null));
    assert!(caller.tenant.next_synchronization("con_absent", Synchronization::default()).is_err());
}

#[tokio::test]
async fn automatic_runs_start_after_thirty_minutes() {
    let runs = Synchronization::completes_after(MINUTE);
    let caller = Caller::of(google().synchronizes_automatically().synchronization(runs)).await;
    caller.tenant.clock().freeze();
    let at = |configuration: &Value| configuration["last_synchronization_at"].as_str().map(String::from);

    caller.tenant.clock().advance(MINUTE * 30 + MINUTE / 2);
    assert_eq!(request(&caller).await, 409, "the first automatic run is under way");
    caller.tenant.clock().advance(MINUTE);
    let first = at(&caller.provisioning("GET", "", None).await.1).unwrap();
    caller.tenant.clock().advance(MINUTE * 31);
    let (_, page) = caller.get("/connections-directory-provisionings").await;
    let second = at(&page["directory_provisionings"][0]).unwrap();
    let minutes = |time: &str| time.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp() / 60;
    assert_eq!(minutes(&second) - minutes(&first), 31);

    let off = json!({ "synchronize_automatically": false });
    caller.provisioning("PATCH", "", Some(off)).await;
    caller.tenant.clock().advance(MINUTE * 300);
    assert_eq!(at(&caller.provisioning("GET", "", None).await.1).unwrap(), second);
}

async fn run_with_directory(connection: Connection) -> Caller {
    let caller = Caller::of(connection).await;
    assert_eq!(request(&caller).await, 201);
    caller.tenant.clock().advance(MINUTE);
    caller
}

#[tokio::test]
async fn group_names_must_differ_beyond_case() {
    let directory = [("g1", "Sales"), ("g2", "SALES"), ("g3", "Legal")];
    let caller = run_with_directory(google().synchronizes_all_groups().directory(directory)).await;
    let (status, error) = last_run(&caller).await;
    assert_eq!(status, "failed");
    assert!(error.as_str().unwrap().ends_with("g2"), "{error}");

    let caller = run_with_directory(google().synchronizes_groups(["g1", "g3"]).directory(directory)).await;
    assert_eq!(last_run(&caller).await.0, "completed");
}

#[tokio::test]
async fn deleted_group_leaves_the_selection() {
    let directory = [("g1", "Sales"), ("g2", "Legal")];
    let caller = Caller::of(google().synchronizes_groups(["g1", "g2"]).directory(directory)).await;
    caller.tenant.delete_directory_group(crate::caller::ID, "g1").unwrap();
    assert!(caller.tenant.delete_directory_group(crate::caller::ID, "g1").is_err());
    assert!(caller.tenant.delete_directory_group("con_absent", "g1").is_err());
    let groups = || async { caller.provisioning("GET", "/synchronized-groups", None).await.1 };
    assert_eq!(groups().await["groups"].as_array().unwrap().len(), 2);

    assert_eq!(request(&caller).await, 201);
    caller.tenant.clock().advance(MINUTE);
    assert_eq!(groups().await, json!({ "groups": [{ "id": "g2" }] }));
}
