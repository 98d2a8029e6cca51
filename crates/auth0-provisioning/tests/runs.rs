//! What a run did, as the log tells it: in the end of a run that is waited for, and in the history of a connection.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test fails by panicking

mod support;

use std::time::Duration;

use auth0_provisioning::{
    Client, DirectorySyncKind, ErrorKind, LogEventExt, RunReport, RunState, SynchronizeError, Wait,
};
use auth0_provisioning_mock::{
    Connection, DirectoryUser, Fault, MockTenant, Operation, RecordedRequest, Synchronization,
};
use futures_util::TryStreamExt;
use serde_json::json;
use support::{CONNECTION, client, connection, google, standing, tenant};

const HALF_AN_HOUR: Duration = Duration::from_secs(1800);

fn hasty() -> Wait {
    Wait::at_most(Duration::from_secs(60)).interval_between(Duration::from_millis(1)..=Duration::from_millis(1))
}

fn at_once() -> Synchronization {
    Synchronization::completes_after(Duration::ZERO)
}

/// A connection with this many users, for whom runs fail.
fn failing(users: usize) -> Connection {
    let user = |number| DirectoryUser::new(&format!("u{number}@acme.test")).fails("The email is taken");
    let with_users = (0..users)
        .fold(connection(), |connection, number| connection.directory_user(format!("u{number:03}"), user(number)));
    with_users.configured().synchronization(at_once())
}

fn asked_for_logs(tenant: &MockTenant) -> usize {
    let of_logs = |request: &&RecordedRequest| request.operation == Some(Operation::ListLogs);
    tenant.requests().iter().filter(of_logs).count()
}

#[tokio::test]
async fn a_run_that_failed_for_users_names_them_with_operation_and_reason() {
    let tenant = tenant(failing(2)).await;
    let error = google(&tenant).synchronize_and_wait(hasty()).await.unwrap_err();
    let SynchronizeError::Failed(run) = &error else { panic!("{error}") };
    let report = run.report.as_ref().unwrap();
    assert_eq!((report.state, report.is_truncated(), report.scheduled), (RunState::Failed, false, false));
    assert_eq!((report.started_at, report.duration()), (run.at, Some(Duration::ZERO)));
    let expected = format!(
        "run {} failed, started 2026-05-05 12:00:00 UTC, took 0 s: 2 users could not be synchronized\n\
         u000 create: The email is taken\nu001 create: The email is taken",
        report.synchronization_id
    );
    assert_eq!(report.to_string(), expected);
    assert!(error.to_string().ends_with("2 users could not be synchronized"), "{error}");
}

#[tokio::test]
async fn a_report_that_names_the_first_users_alone_says_so() {
    let tenant = tenant(failing(103)).await;
    let error = google(&tenant).synchronize_and_wait(hasty()).await.unwrap_err();
    let SynchronizeError::Failed(run) = error else { panic!("{error}") };
    let report = run.report.unwrap();
    assert_eq!((report.user_errors().len(), report.is_truncated()), (100, true));
    assert!(report.to_string().ends_with("\nand more users; 103 in all"), "{report}");
}

#[tokio::test]
async fn a_run_that_completed_has_its_times() {
    let tenant = tenant(connection().configured().synchronization(at_once())).await;
    let run = google(&tenant).synchronize_and_wait(hasty()).await.unwrap();
    let report = run.report.as_deref().unwrap();
    assert_eq!((report.state, report.ended_at, report.failure.as_ref()), (RunState::Completed, run.at, None));
    assert_eq!(asked_for_logs(&tenant), 1);
    let kept: auth0_provisioning::LastRun = serde_json::from_value(serde_json::to_value(&run).unwrap()).unwrap();
    assert_eq!(kept, run);
}

#[tokio::test]
async fn a_token_that_may_not_read_the_log_waits_all_the_same() {
    let tenant = tenant(connection().configured().synchronization(at_once())).await;
    let scopes = ["read:directory_provisionings", "create:directory_provisionings"];
    let builder = Client::builder("tenant.example.com").unwrap().base_url(tenant.base_url());
    let client = builder.bearer_token(tenant.token_with_scopes(&scopes)).build().unwrap();
    let google = client.directory_provisioning(&CONNECTION.parse().unwrap());
    let run = google.synchronize_and_wait(hasty()).await.unwrap();
    assert_eq!((run.state, run.report), (RunState::Completed, None));
    assert_eq!(asked_for_logs(&tenant), 1);

    tenant.clock().advance(HALF_AN_HOUR);
    google.synchronize_and_wait(hasty().read_log(false)).await.unwrap();
    assert_eq!(asked_for_logs(&tenant), 1);
}

#[tokio::test]
async fn a_run_that_somebody_else_started_is_reported_too() {
    let tenant = tenant(connection().configured().synchronized_at("2026-05-05T10:00:00Z".parse().unwrap())).await;
    let google = google(&tenant);
    let id = google.synchronize().await.unwrap().synchronization_id;
    let since = tenant.clock().now();
    tenant.clock().advance(Duration::from_secs(2));
    let run = google.wait_for_run(hasty().ended_after(since)).await.unwrap();
    assert_eq!(run.report.unwrap().synchronization_id, id);
}

#[tokio::test]
async fn a_log_that_is_late_is_read_again() {
    let tenant = tenant(connection().configured().synchronization(at_once())).await;
    tenant.fault(Fault::body("[]").on(Operation::ListLogs));
    let run = google(&tenant).synchronize_and_wait(hasty()).await.unwrap();
    assert!(run.report.is_some());
    assert_eq!(asked_for_logs(&tenant), 2);
}

#[tokio::test]
async fn the_history_tells_each_run_once_the_latest_first() {
    let other = Connection::google_apps("con_other").configured();
    let tenant = standing().connections([connection().configured(), other]).start().await.unwrap();
    let google = google(&tenant);
    let mut ids = Vec::new();
    for next in [at_once(), Synchronization::fails_after(Duration::from_secs(5), "no access"), Synchronization::hangs()]
    {
        tenant.next_synchronization(CONNECTION, next).unwrap();
        ids.push(google.synchronize().await.unwrap().synchronization_id);
        client(&tenant).directory_provisioning(&"con_other".parse().unwrap()).synchronize().await.unwrap();
        tenant.clock().advance(2 * HALF_AN_HOUR);
    }
    let runs: Vec<RunReport> = google.run_history().try_collect().await.unwrap();
    let told: Vec<_> = runs.iter().map(|run| (run.synchronization_id.as_str(), run.state)).collect();
    let expected = [(&ids[2], RunState::Running), (&ids[1], RunState::Failed), (&ids[0], RunState::Completed)];
    assert_eq!(told, expected.map(|(id, state)| (id.as_str(), state)));
    assert_eq!(runs[1].failure.as_ref().unwrap().message, "no access");
    assert_eq!(runs[1].duration(), Some(Duration::from_secs(5)));
}

#[tokio::test]
async fn events_are_searched_followed_and_read() {
    let tenant = tenant(connection().configured().synchronization(at_once())).await;
    let logs = client(&tenant).logs();
    google(&tenant).synchronize().await.unwrap();
    let all: Vec<_> = logs.latest().page_size(1).items().try_collect().await.unwrap();
    assert_eq!(all.len(), 2);
    let started: Vec<_> = logs.search("type:directory_sync_started").items().try_collect().await.unwrap();
    assert_eq!(started[0].directory_sync().unwrap().kind, DirectorySyncKind::Started);
    let id = started[0].log_id.clone().unwrap();
    assert_eq!(logs.get(&id).await.unwrap(), started[0]);

    let after: Vec<_> = logs.after(&id).page_size(1).items().try_collect().await.unwrap();
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].type_.as_deref(), Some("directory_sync_completed"));
    assert!(logs.after(after[0].log_id.clone().unwrap()).items().try_collect::<Vec<_>>().await.unwrap().is_empty());
    assert_eq!(logs.after("").next().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(logs.get("9009").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn events_of_other_types_stay_as_they_come_and_no_search_goes_beyond_1000() {
    let tenant = tenant(connection()).await;
    let login =
        json!({ "type": "s", "log_id": "9001", "date": "2026-05-05T12:00:00Z", "details": { "a": [1] }, "new": 1 });
    let page = json!(vec![login.clone(); 100]);
    tenant.fault(Fault::body(page.to_string()).on(Operation::ListLogs).always());
    let events: Vec<_> = client(&tenant).logs().latest().items().try_collect().await.unwrap();
    assert_eq!((events.len(), tenant.requests().len()), (1000, 10));
    assert_eq!(events[0].directory_sync(), None);
    assert_eq!(serde_json::to_value(&events[0]).unwrap(), login);
}
