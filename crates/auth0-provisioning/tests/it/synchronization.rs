//! Running a synchronization: completed, failed, hanging, already under way, too soon.

use std::{sync::Arc, time::Duration};

use crate::support::{CONNECTION, connection, google, interference::interfered_with, tenant, until};
use auth0_provisioning::{
    CallOptions, ConnectionId, Desired, ErrorKind, Progress, Requested, RunOrigin, RunState, SynchronizeError,
    VerbError, Wait, chrono::TimeDelta,
};
use auth0_provisioning_mock::{Cut, Fault, MockTenant, Operation, Synchronization};
use futures_util::StreamExt;

const A_MINUTE: Duration = Duration::from_secs(60);
const FOR_EVER: Duration = Duration::from_secs(1 << 40);

/// Looks every millisecond; the tenant's clock decides how a run goes. `runs.rs` is about the log.
fn patient() -> Wait {
    hasty(A_MINUTE)
}

fn hasty(at_most: Duration) -> Wait {
    let hasty = Wait::at_most(at_most).interval_between(Duration::from_millis(1)..=Duration::from_millis(1));
    hasty.read_log(false)
}

fn looks(tenant: &MockTenant) -> usize {
    tenant.requests().iter().filter(|request| request.operation == Some(Operation::GetConfiguration)).count()
}

#[tokio::test]
async fn a_run_is_waited_for_until_it_completes() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(A_MINUTE))).await;
    let waiting = tokio::spawn({
        let google = google(&tenant);
        async move { google.synchronize_and_wait(patient()).await }
    });
    until(|| looks(&tenant) >= 4).await;
    assert!(!waiting.is_finished());
    tenant.clock().advance(A_MINUTE);
    let run = waiting.await.unwrap().unwrap();
    assert_eq!((run.state, run.at, run.error), (RunState::Completed, Some(tenant.clock().now()), None));
}

#[tokio::test]
async fn a_second_run_is_not_taken_for_the_first() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(A_MINUTE))).await;
    let google = google(&tenant);
    google.synchronize().await.unwrap();
    tenant.clock().advance(31 * A_MINUTE);
    assert_eq!(google.get().await.unwrap().last_synchronization_status.as_deref(), Some("completed"));

    let mut states = google.synchronize_and_watch(patient());
    assert!(matches!(states.next().await, Some(Ok(Progress::Started(_)))));
    for _ in 0..3 {
        let state = states.next().await;
        let Some(Ok(Progress::Waiting(Some(before)))) = state else { panic!("{state:?}") };
        assert_eq!(before.state, RunState::Completed);
    }
    tenant.clock().advance(A_MINUTE);
    let state = states.next().await;
    let Some(Ok(Progress::Ended(run))) = state else { panic!("{state:?}") };
    assert_eq!(run.at, Some(tenant.clock().now()));
    assert!(states.next().await.is_none());
}

#[tokio::test]
async fn a_run_that_fails_says_why() {
    let fails = Synchronization::fails_after(A_MINUTE, "the directory does not respond");
    let tenant = tenant(connection().configured().synchronization(fails)).await;
    let google = google(&tenant);
    let mut states = google.synchronize_and_watch(patient());
    assert!(matches!(states.next().await, Some(Ok(Progress::Started(_)))));
    tenant.clock().advance(A_MINUTE);
    let error = states.next().await.unwrap().unwrap_err();
    insta::assert_snapshot!(error, @"the synchronization failed at 2026-05-05 12:01:00 UTC: the directory does not respond");
    assert!(states.next().await.is_none());
}

#[tokio::test]
async fn a_run_that_hangs_ends_with_what_was_last_seen() {
    let hangs = Synchronization::completes_after(FOR_EVER);
    let tenant = tenant(connection().configured().synchronization(hangs)).await;
    let error = google(&tenant).synchronize_and_wait(hasty(Duration::from_millis(50))).await.unwrap_err();
    let SynchronizeError::TimedOut { waited, requested: Requested::Yes, last_seen: None, last_error: None, .. } = error
    else {
        panic!("{error}")
    };
    assert!(waited >= Duration::from_millis(50));
}

#[tokio::test]
async fn a_run_that_was_running_before_ours_was_started_does_not_end_the_wait() {
    let hangs = Synchronization::completes_after(FOR_EVER);
    let tenant = tenant(connection().configured().synchronization(hangs)).await;
    let running = sent(&tenant, "running", "2026-05-05T11:00:00Z").await;
    let completed = sent(&tenant, "completed", "2026-05-05T11:00:00Z").await;
    tenant.fault(Fault::body(running).on(Operation::GetConfiguration));
    tenant.fault(Fault::body(completed).on(Operation::GetConfiguration).always());
    let mut states = google(&tenant).synchronize_and_watch(patient());
    assert!(matches!(states.next().await, Some(Ok(Progress::Started(_)))));
    for _ in 0..3 {
        let state = states.next().await;
        assert!(matches!(state, Some(Ok(Progress::Waiting(_)))), "{state:?}");
    }
}

#[tokio::test]
async fn a_run_that_is_under_way_is_joined() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(A_MINUTE))).await;
    let google = google(&tenant);
    google.synchronize().await.unwrap();
    let mut states = google.synchronize_and_watch(patient());
    assert_eq!(states.next().await.unwrap().unwrap(), Progress::Joined);
    tenant.clock().advance(A_MINUTE);
    assert!(matches!(states.next().await, Some(Ok(Progress::Ended(_)))));
}

#[tokio::test]
async fn reports_the_next_time_within_30_minutes() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(A_MINUTE))).await;
    let google = google(&tenant);
    google.synchronize().await.unwrap();
    // The machine's own clock is at another time altogether: the server's counts.
    tenant.clock().advance(30 * A_MINUTE);
    let error = google.synchronize_and_wait(patient()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the last synchronization completed less than 30 minutes ago; the next can start at 2026-05-05 12:31:00 UTC; the tenant says: The last synchronization completed less than 30 minutes ago");
    assert_eq!(error.retry_after(), Some(A_MINUTE));
    let SynchronizeError::TooSoon { earliest, source, .. } = error else { panic!("{error}") };
    assert_eq!(source.kind(), ErrorKind::BadRequest);

    tenant.clock().advance((earliest - tenant.clock().now()).to_std().unwrap());
    let mut states = google.synchronize_and_watch(patient());
    assert!(matches!(states.next().await, Some(Ok(Progress::Started(_)))));
}

#[tokio::test]
async fn another_400_is_passed_on() {
    let tenant = tenant(connection().configured().setup_incomplete()).await;
    let error = google(&tenant).synchronize_and_wait(patient()).await.unwrap_err();
    assert!(matches!(error, SynchronizeError::Call(error) if error.kind() == ErrorKind::BadRequest));
}

#[tokio::test]
async fn after_a_failed_run_a_400_is_not_blamed_on_the_30_minutes() {
    let fails = Synchronization::fails_after(A_MINUTE, "no");
    let tenant = tenant(connection().configured().synchronization(fails)).await;
    let google = google(&tenant);
    google.synchronize().await.unwrap();
    tenant.clock().advance(A_MINUTE);
    tenant.fault(Fault::error_response("setup_incomplete").on(Operation::Synchronize));
    let error = google.synchronize_and_wait(patient()).await.unwrap_err();
    assert!(matches!(error, SynchronizeError::Call(_)), "{error}");
}

#[tokio::test]
async fn without_a_configuration_nothing_is_started() {
    let tenant = tenant(connection()).await;
    let error = google(&tenant).synchronize_and_wait(patient()).await.unwrap_err();
    assert!(matches!(error, SynchronizeError::Call(error) if error.is_not_found()));
    assert_eq!(tenant.requests().len(), 1);
}

#[tokio::test]
async fn a_look_that_fails_for_a_time_does_not_end_the_wait() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(A_MINUTE))).await;
    let google = crate::support::client(&tenant).with_options(auth0_provisioning::CallOptions::new().attempts(1));
    let google = google.directory_provisioning(&CONNECTION.parse().unwrap());
    let mut states = google.synchronize_and_watch(patient());
    states.next().await.unwrap().unwrap();
    tenant.fault(Fault::status(503).on(Operation::GetConfiguration).times(3));
    tenant.clock().advance(A_MINUTE);
    assert!(matches!(states.next().await, Some(Ok(Progress::Ended(_)))));
    assert_eq!(looks(&tenant), 5, "one before the start, three failures, one success");
}

#[tokio::test]
async fn a_failure_that_lasts_does_not_end_the_wait_before_its_time() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(FOR_EVER))).await;
    let google = crate::support::client(&tenant).with_options(auth0_provisioning::CallOptions::new().attempts(1));
    let google = google.directory_provisioning(&CONNECTION.parse().unwrap());
    tenant.fault(Fault::none().on(Operation::GetConfiguration));
    tenant.fault(Fault::status(503).on(Operation::GetConfiguration).always());
    let error = google.synchronize_and_wait(hasty(Duration::from_millis(200))).await.unwrap_err();
    assert!(matches!(error, SynchronizeError::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn a_configuration_that_is_deleted_meanwhile_ends_the_wait() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(FOR_EVER))).await;
    let google = google(&tenant);
    let mut states = google.synchronize_and_watch(patient());
    states.next().await.unwrap().unwrap();
    google.delete().await.unwrap();
    let error = states.next().await.unwrap().unwrap_err();
    assert!(matches!(error, SynchronizeError::Call(error) if error.is_not_found()));
}

#[tokio::test]
async fn dropping_the_wait_leaves_the_run_alone() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(A_MINUTE))).await;
    let google = google(&tenant);
    let mut states = google.synchronize_and_watch(patient());
    states.next().await.unwrap().unwrap();
    drop(states);
    assert!(google.synchronize().await.unwrap_err().is_conflict());
    google.update(Desired::default().synchronize_automatically(true)).await.unwrap();
}

/// The present configuration as the tenant sends it, with another last run.
async fn sent(tenant: &MockTenant, status: &str, at: &str) -> Vec<u8> {
    let mut body = serde_json::to_value(google(tenant).get().await.unwrap()).unwrap();
    body["last_synchronization_status"] = status.into();
    body["last_synchronization_at"] = at.into();
    tenant.clear_requests();
    serde_json::to_vec(&body).unwrap()
}

#[tokio::test]
async fn a_run_ends_with_any_status_once_its_time_has_moved() {
    let hangs = Synchronization::completes_after(FOR_EVER);
    for status in ["partial", "skipped", "completed"] {
        let tenant = tenant(connection().configured().synchronization(hangs.clone())).await;
        let body = sent(&tenant, status, "2026-05-05T12:01:00Z").await;
        tenant.fault(Fault::none().on(Operation::GetConfiguration));
        tenant.fault(Fault::body(body).on(Operation::GetConfiguration).always());
        let run = google(&tenant).synchronize_and_wait(patient()).await.unwrap();
        let expected = if status == "completed" { RunState::Completed } else { RunState::Unknown };
        assert_eq!((run.state, run.status.as_deref()), (expected, Some(status)));
    }
}

#[tokio::test]
async fn resolves_a_lost_response_by_a_read() {
    for fault in [
        Fault::cut(Cut::BeforeResponse),
        Fault::cut(Cut::BeforeRequest),
        Fault::status_after_effect(503),
        Fault::status(503),
    ] {
        let runs = Synchronization::completes_after(A_MINUTE);
        let tenant = tenant(connection().configured().synchronization(runs)).await;
        tenant.fault(fault.on(Operation::Synchronize));
        let mut states = google(&tenant).synchronize_and_watch(patient());
        let first = states.next().await.unwrap().unwrap();
        assert!(matches!(first, Progress::Joined | Progress::Started(_)), "{first}");
        tenant.clock().advance(A_MINUTE);
        let run = loop {
            match states.next().await.unwrap().unwrap() {
                Progress::Ended(run) => break run,
                other => assert!(matches!(other, Progress::Waiting(_)), "{other}"),
            }
        };
        assert_eq!(run.state, RunState::Completed);
    }
}

#[tokio::test]
async fn finds_an_ended_run_after_a_lost_response() {
    let at_once = Synchronization::completes_after(Duration::ZERO);
    let tenant = tenant(connection().configured().synchronization(at_once)).await;
    tenant.fault(Fault::cut(Cut::BeforeResponse).on(Operation::Synchronize));
    let run = google(&tenant).synchronize_and_wait(patient()).await.unwrap();
    assert_eq!(run.state, RunState::Completed);
}

#[tokio::test]
async fn a_timeout_says_whether_a_run_was_requested() {
    let hangs = Synchronization::completes_after(FOR_EVER);
    let slow = || Fault::latency(A_MINUTE);
    for (fault, requested, text) in [
        (Some(slow().on(Operation::GetConfiguration)), Requested::No, "no synchronization was requested within 0 s"),
        (Some(slow().on(Operation::Synchronize)), Requested::Unknown, "no response to the request"),
        (None, Requested::Yes, "the synchronization was not seen to end within 0 s"),
    ] {
        let tenant = tenant(connection().configured().synchronization(hangs.clone())).await;
        tenant.faults(fault);
        let error = google(&tenant).synchronize_and_wait(hasty(Duration::from_millis(100))).await.unwrap_err();
        let SynchronizeError::TimedOut { requested: reported, .. } = &error else { panic!("{error}") };
        assert_eq!(*reported, requested);
        assert!(error.to_string().starts_with(text), "{error}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn a_request_that_was_rejected_starts_nothing() {
    let tenant = tenant(connection().configured().setup_incomplete()).await;
    let error = google(&tenant).synchronize_and_wait(patient()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (Some(ErrorKind::BadRequest), false));
}

#[tokio::test]
async fn the_ends_of_the_calendar_are_no_reason_to_panic() {
    let tenant = tenant(connection().configured()).await;
    let body = sent(&tenant, "completed", "+262142-12-31T23:59:59Z").await;
    tenant.fault(Fault::body(body).on(Operation::GetConfiguration).always());
    tenant.fault(Fault::error_response("synchronized_recently").on(Operation::Synchronize));
    let error = google(&tenant).synchronize_and_wait(patient()).await.unwrap_err();
    assert!(matches!(error, SynchronizeError::Call(_)), "{error}");
}

#[tokio::test]
async fn a_run_is_watched_without_starting_one() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(A_MINUTE))).await;
    let google = google(&tenant);
    google.synchronize().await.unwrap();
    let mut states = google.watch_run(patient());
    assert_eq!(states.next().await.unwrap().unwrap(), Progress::Waiting(None));
    tenant.clock().advance(A_MINUTE);
    assert!(matches!(states.next().await, Some(Ok(Progress::Ended(_)))));

    // It has ended already: only runs after the given time count, and by default only later ones.
    let since = tenant.clock().now() - TimeDelta::seconds(1);
    let ended = google.wait_for_run(patient().ended_after(since)).await.unwrap();
    assert_eq!(ended.state, RunState::Completed);
    let error = google.wait_for_run(hasty(Duration::from_millis(50))).await.unwrap_err();
    insta::assert_snapshot!(error, @"no synchronization ended within 0 s; last seen: completed at 2026-05-05 12:01:00 UTC");
    assert_eq!(tenant.requests().iter().filter(|request| request.method == "POST").count(), 1);
}

#[tokio::test]
async fn a_wait_ends_with_what_the_options_of_the_client_allow() {
    let tenant = tenant(connection().configured()).await;
    let google = crate::support::client(&tenant).with_options(CallOptions::new().attempts(1));
    let google = google.directory_provisioning(&CONNECTION.parse().unwrap());
    tenant.fault(Fault::status(503).on(Operation::Synchronize).always());
    let error = google.synchronize_and_wait(patient()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (Some(ErrorKind::Server), true));
    assert_eq!(tenant.requests().iter().filter(|request| request.method == "POST").count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn failure_of_another_run_is_not_reported_as_ours() {
    let fails = Synchronization::fails_after(Duration::ZERO, "quota exceeded");
    let tenant = Arc::new(tenant(connection().configured().synchronization(fails)).await);
    let id: ConnectionId = CONNECTION.parse().unwrap();
    // Between our read and our request, another run starts and fails; ours takes a minute.
    let client = interfered_with(&tenant, "post_synchronizations", false, {
        let (tenant, id) = (Arc::clone(&tenant), id.clone());
        async move |other| {
            other.directory_provisioning(&id).synchronize().await.unwrap();
            other.directory_provisioning(&id).get().await.unwrap();
            tenant.next_synchronization(CONNECTION, Synchronization::completes_after(A_MINUTE)).unwrap();
        }
    });
    let mut states = client.directory_provisioning(&id).synchronize_and_watch(patient());
    assert!(matches!(states.next().await, Some(Ok(Progress::Started(_)))));
    for _ in 0..3 {
        let state = states.next().await;
        assert!(matches!(state, Some(Ok(Progress::Waiting(Some(_))))), "{state:?}");
    }
    tenant.clock().advance(A_MINUTE);
    let state = states.next().await;
    let Some(Ok(Progress::Ended(run))) = state else { panic!("{state:?}") };
    assert_eq!((run.state, run.origin), (RunState::Completed, Some(RunOrigin::Requested)));
}

#[tokio::test(start_paused = true)]
async fn failure_that_may_be_of_another_run_says_so() {
    let fails = Synchronization::fails_after(Duration::ZERO, "quota exceeded");
    let tenant = tenant(connection().configured().synchronization(fails)).await;
    let wait = Wait::at_most(Duration::from_secs(900)).read_log(false);
    let error = google(&tenant).synchronize_and_wait(wait).await.unwrap_err();
    let SynchronizeError::Failed(run) = &error else { panic!("{error}") };
    assert_eq!(run.origin, Some(RunOrigin::Undecided));
    assert!(error.to_string().ends_with("it may be another run than the requested one"), "{error}");

    // The log knows the run by its id.
    tenant.clock().advance(A_MINUTE);
    let error = google(&tenant).synchronize_and_wait(Duration::from_secs(900)).await.unwrap_err();
    let SynchronizeError::Failed(run) = &error else { panic!("{error}") };
    assert_eq!(run.origin, Some(RunOrigin::Requested));
}

#[tokio::test]
async fn failure_of_a_joined_run_is_not_reported_as_requested() {
    let fails = Synchronization::fails_after(A_MINUTE, "quota exceeded");
    let tenant = tenant(connection().configured().synchronization(fails)).await;
    google(&tenant).synchronize().await.unwrap();
    let mut states = google(&tenant).synchronize_and_watch(patient());
    assert_eq!(states.next().await.unwrap().unwrap(), Progress::Joined);
    tenant.clock().advance(A_MINUTE);
    let error = states.next().await.unwrap().unwrap_err();
    let SynchronizeError::Failed(run) = &error else { panic!("{error}") };
    assert_eq!(run.origin, Some(RunOrigin::Other));
    assert!(error.to_string().starts_with("a synchronization that was not requested here failed"), "{error}");
}

#[tokio::test]
async fn run_that_failed_before_is_not_waited_for() {
    let fails = Synchronization::fails_after(Duration::ZERO, "quota exceeded");
    let tenant = tenant(connection().configured().synchronization(fails)).await;
    let google = google(&tenant);
    google.synchronize().await.unwrap();
    tenant.clock().advance(Duration::from_secs(30));
    let known = google.get().await.unwrap().last_synchronization_at.unwrap();
    tenant.next_synchronization(CONNECTION, Synchronization::completes_after(Duration::ZERO)).unwrap();
    google.synchronize().await.unwrap();
    let run = google.wait_for_run(patient().ended_after(known)).await.unwrap();
    assert_eq!((run.state, run.origin), (RunState::Completed, None));
}

#[tokio::test]
async fn reason_of_the_tenant_is_not_hidden() {
    let at_once = Synchronization::completes_after(Duration::ZERO);
    let tenant = tenant(connection().configured().synchronization(at_once)).await;
    let google = google(&tenant);
    google.synchronize_and_wait(patient()).await.unwrap();
    let error = google.synchronize_and_wait(patient()).await.unwrap_err();
    assert!(matches!(error, SynchronizeError::TooSoon { .. }) && error.to_string().contains("the tenant says: "));
    tenant.fault(Fault::error_response("setup_incomplete").on(Operation::Synchronize));
    let error = google.synchronize_and_wait(patient()).await.unwrap_err();
    assert!(matches!(error, SynchronizeError::Call(_)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn request_for_a_run_is_not_repeated_after_too_long_a_wait() {
    let tenant = tenant(connection().configured()).await;
    tenant.fault(Fault::status(503).header("retry-after", "3600").on(Operation::Synchronize).always());
    let began = tokio::time::Instant::now();
    let error = google(&tenant).synchronize_and_wait(Duration::from_secs(900)).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5) && matches!(error, SynchronizeError::Call(_)), "{error}");
}
