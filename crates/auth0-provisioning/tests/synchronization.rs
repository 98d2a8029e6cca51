//! Running a synchronization: completed, failed, hanging, already under way, too soon.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test fails by panicking

mod support;

use std::time::Duration;

use auth0_provisioning::{Desired, ErrorKind, Progress, RunState, SynchronizeError, Wait};
use auth0_provisioning_mock::{Fault, MockTenant, Operation, Synchronization};
use futures_util::StreamExt;
use support::{CONNECTION, connection, google, tenant, until};

const A_MINUTE: Duration = Duration::from_secs(60);
const FOR_EVER: Duration = Duration::from_secs(1 << 40);

/// Looks every millisecond; the tenant's clock decides how a run goes.
fn patient() -> Wait {
    hasty(A_MINUTE)
}

fn hasty(at_most: Duration) -> Wait {
    Wait::at_most(at_most).looking_every(Duration::from_millis(1)..=Duration::from_millis(1))
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
    let Some(Ok(Progress::Completed(run))) = state else { panic!("{state:?}") };
    assert_eq!(run.at, Some(tenant.clock().now()));
    assert!(states.next().await.is_none());
}

#[tokio::test]
async fn a_run_that_fails_says_why() {
    let fails = Synchronization::fails_after(A_MINUTE, "the directory does not answer");
    let tenant = tenant(connection().configured().synchronization(fails)).await;
    let google = google(&tenant);
    let mut states = google.synchronize_and_watch(patient());
    assert!(matches!(states.next().await, Some(Ok(Progress::Started(_)))));
    tenant.clock().advance(A_MINUTE);
    let error = states.next().await.unwrap().unwrap_err();
    insta::assert_snapshot!(error, @"the synchronization failed at 2026-05-05 12:01:00 UTC: the directory does not answer");
    assert!(states.next().await.is_none());
}

#[tokio::test]
async fn a_run_that_hangs_ends_with_what_was_last_seen() {
    let hangs = Synchronization::completes_after(FOR_EVER);
    let tenant = tenant(connection().configured().synchronization(hangs)).await;
    let error = google(&tenant).synchronize_and_wait(hasty(Duration::from_millis(50))).await.unwrap_err();
    let SynchronizeError::TimedOut { waited, last_seen: None, last_error: None } = error else { panic!("{error}") };
    assert!(waited >= Duration::from_millis(50));
}

#[tokio::test]
async fn a_run_that_is_under_way_is_joined() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(A_MINUTE))).await;
    let google = google(&tenant);
    google.synchronize().await.unwrap();
    let mut states = google.synchronize_and_watch(patient());
    assert_eq!(states.next().await.unwrap().unwrap(), Progress::Joined);
    tenant.clock().advance(A_MINUTE);
    assert!(matches!(states.next().await, Some(Ok(Progress::Completed(_)))));
}

#[tokio::test]
async fn within_30_minutes_the_earliest_next_time_is_told() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(A_MINUTE))).await;
    let google = google(&tenant);
    google.synchronize().await.unwrap();
    // The machine's own clock is at another time altogether: the server's counts.
    tenant.clock().advance(30 * A_MINUTE);
    let error = google.synchronize_and_wait(patient()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the last synchronization completed less than 30 minutes ago; the next may start at 2026-05-05 12:31:00 UTC");
    let SynchronizeError::TooSoon { earliest, source } = error else { panic!("{error}") };
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
    tenant.fault(Fault::refusal("setup_incomplete").on(Operation::Synchronize));
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
    let google = support::client(&tenant).with_options(auth0_provisioning::CallOptions::new().attempts(1));
    let google = google.directory_provisioning(&CONNECTION.parse().unwrap());
    let mut states = google.synchronize_and_watch(patient());
    states.next().await.unwrap().unwrap();
    tenant.fault(Fault::status(503).on(Operation::GetConfiguration).times(3));
    tenant.clock().advance(A_MINUTE);
    assert!(matches!(states.next().await, Some(Ok(Progress::Completed(_)))));
    assert_eq!(looks(&tenant), 5, "one before the start, three failures, one success");
}

#[tokio::test]
async fn a_failure_that_lasts_does_not_end_the_wait_before_its_time() {
    let tenant = tenant(connection().configured().synchronization(Synchronization::completes_after(FOR_EVER))).await;
    let google = support::client(&tenant).with_options(auth0_provisioning::CallOptions::new().attempts(1));
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
