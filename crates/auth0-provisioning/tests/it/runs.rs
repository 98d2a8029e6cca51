//! Reports of runs from the log: at the end of an awaited run, and in the history of a connection.

use std::time::Duration;

use crate::support::{CONNECTION, client, connection, google, standing, tenant};
use auth0_provisioning::{ErrorKind, RunReport, RunState, SynchronizeError, Wait};
use auth0_provisioning_mock::{
    Connection, DirectoryUser, Fault, MockTenant, Operation, RecordedRequest, Synchronization,
};
use futures_util::TryStreamExt;
use serde_json::json;

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
    let builder = crate::support::builder().base_url(tenant.base_url());
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
async fn reports_a_run_of_another_client() {
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
    // Searched by the id of the run and by that of the connection, to no avail.
    tenant.fault(Fault::body("[]").on(Operation::ListLogs).times(2));
    let run = google(&tenant).synchronize_and_wait(hasty()).await.unwrap();
    assert!(run.report.is_some());
    assert_eq!(asked_for_logs(&tenant), 3);
}

/// The tenant's log, with each event changed.
async fn log_with(tenant: &MockTenant, change: impl Fn(&mut serde_json::Value)) -> String {
    let events: Vec<_> = client(tenant).logs().latest().items().try_collect().await.unwrap();
    let mut log = serde_json::to_value(events).unwrap();
    log.as_array_mut().unwrap().iter_mut().for_each(change);
    log.to_string()
}

/// The response to a request for a run that a tenant has started already.
fn accepted(id: &str) -> Fault {
    let run = json!({ "connection_id": CONNECTION, "synchronization_id": id, "status": "pending" });
    Fault::body(run.to_string()).on(Operation::Synchronize)
}

#[tokio::test]
async fn a_run_is_found_by_its_id_whatever_connection_its_event_names() {
    for of_the_event in [json!("con_of_another"), json!(""), json!(7), json!(null)] {
        let tenant = tenant(failing(2)).await;
        let google = google(&tenant);
        let before = serde_json::to_string(&google.get().await.unwrap()).unwrap();
        let id = google.synchronize().await.unwrap().synchronization_id;
        google.get().await.unwrap();
        let log = log_with(&tenant, |event| event["connection_id"] = of_the_event.clone()).await;
        tenant.faults([
            Fault::body(before).on(Operation::GetConfiguration),
            accepted(&id),
            Fault::body(log).on(Operation::ListLogs),
        ]);
        tenant.clear_requests();
        let error = google.synchronize_and_wait(hasty()).await.unwrap_err();
        let SynchronizeError::Failed(run) = error else { panic!("{error}") };
        assert_eq!(run.report.unwrap().user_errors().len(), 2, "{of_the_event}");
        let requests = tenant.requests();
        let search = requests.iter().find(|request| request.operation == Some(Operation::ListLogs)).unwrap();
        assert!(format!("{search:?}").contains("synchronization_id"), "{search:?}");
    }
}

#[tokio::test]
async fn a_tenant_that_refuses_a_search_by_the_id_of_a_run_is_asked_by_connection() {
    let tenant = tenant(failing(1)).await;
    tenant.fault(Fault::status(400).on(Operation::ListLogs));
    let error = google(&tenant).synchronize_and_wait(hasty()).await.unwrap_err();
    let SynchronizeError::Failed(run) = error else { panic!("{error}") };
    assert_eq!((run.report.unwrap().user_errors().len(), asked_for_logs(&tenant)), (1, 2));
}

#[tokio::test]
async fn an_event_of_another_form_spoils_no_page() {
    let tenant = tenant(failing(1)).await;
    google(&tenant).synchronize().await.unwrap();
    google(&tenant).get().await.unwrap();
    let odd = json!({ "log_id": "1", "type": "s", "date": { "$date": 7 } });
    let mut log: Vec<serde_json::Value> = serde_json::from_str(&log_with(&tenant, |_| {}).await).unwrap();
    log.insert(0, odd.clone());
    tenant.fault(Fault::body(json!(log).to_string()).on(Operation::ListLogs).always());
    let events: Vec<_> = client(&tenant).logs().latest().items().try_collect().await.unwrap();
    assert_eq!((events.len(), serde_json::to_value(&events[0]).unwrap()), (log.len(), odd));
    let history: Vec<_> = google(&tenant).run_history().try_collect().await.unwrap();
    assert_eq!(history[0].user_errors().len(), 1);
}

#[tokio::test]
async fn events_without_an_id_do_not_end_what_follows_in_silence() {
    let tenant = tenant(connection()).await;
    let log = |ids: [Option<&str>; 2]| json!(ids.map(|id| json!({ "log_id": id, "type": "s" }))).to_string();
    tenant.fault(Fault::body(log([Some("9"), None])).on(Operation::ListLogs));
    tenant.fault(Fault::body("[]").on(Operation::ListLogs));
    let mut pages = client(&tenant).logs().after("1").page_size(2);
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 2);
    assert_eq!(pages.position(), &"9".into());
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 0);

    tenant.fault(Fault::body(log([None, None])).on(Operation::ListLogs));
    let error = client(&tenant).logs().after("1").page_size(2).next().await.unwrap_err();
    assert!(error.to_string().contains("without ids"), "{error}");
}

#[tokio::test]
async fn the_latest_thousand_events_are_read_whatever_the_size_of_pages() {
    for (size, read_by) in [(100, 10), (60, 20), (30, 40), (3, 500)] {
        let tenant = tenant(connection()).await;
        let page = size.min(if size == 3 { 2 } else { 1000 / read_by });
        let events = json!(vec![json!({ "log_id": "9", "type": "s" }); page]).to_string();
        tenant.fault(Fault::body(events).on(Operation::ListLogs).always());
        let size = u8::try_from(size).unwrap();
        let events: Vec<_> = client(&tenant).logs().latest().page_size(size).items().try_collect().await.unwrap();
        assert_eq!((events.len(), asked_for_logs(&tenant)), (1000, read_by));
    }
    let far = client(&tenant(connection()).await).logs().latest().resume_from("18446744073709551615").next().await;
    assert!(far.is_err() || far.is_ok_and(|page| page.is_some_and(|page| page.next.is_none())));
}

#[tokio::test]
async fn a_run_that_failed_by_its_log_has_failed_whatever_the_configuration_says() {
    for is_watched in [false, true] {
        let tenant = tenant(failing(1)).await;
        let google = google(&tenant);
        let before = serde_json::to_string(&google.get().await.unwrap()).unwrap();
        let id = google.synchronize().await.unwrap().synchronization_id;
        let mut after = serde_json::to_value(google.get().await.unwrap()).unwrap();
        after["last_synchronization_status"] = json!("completed");
        after.as_object_mut().unwrap().remove("last_synchronization_error");
        tenant.faults([
            Fault::body(before).on(Operation::GetConfiguration),
            accepted(&id),
            Fault::body(after.to_string()).on(Operation::GetConfiguration).always(),
        ]);
        let ended =
            if is_watched { google.wait_for_run(hasty()).await } else { google.synchronize_and_wait(hasty()).await };
        let error = ended.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the synchronization failed at 2026-05-05 12:00:00 UTC: 1 user could not be synchronized"
        );
        let SynchronizeError::Failed(run) = error else { panic!("{error}") };
        assert_eq!(run.status.as_deref(), Some("completed"));
        assert_eq!(run.report.unwrap().user_errors()[0].reason, "The email is taken");
    }
}

#[tokio::test]
async fn history_has_each_run_once_latest_first() {
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
    let listed: Vec<_> = runs.iter().map(|run| (run.synchronization_id.as_str(), run.state)).collect();
    let expected = [(&ids[2], RunState::Running), (&ids[1], RunState::Failed), (&ids[0], RunState::Completed)];
    assert_eq!(listed, expected.map(|(id, state)| (id.as_str(), state)));
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
    assert_eq!(RunReport::of(&started[0]).unwrap().state, RunState::Running);
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
    assert_eq!(RunReport::of(&events[0]), None);
    assert_eq!(serde_json::to_value(&events[0]).unwrap(), login);
}
