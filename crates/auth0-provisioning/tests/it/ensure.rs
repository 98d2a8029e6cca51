//! `ensure`: created, updated, unchanged; dry; and other writers that get in between.

use std::{sync::Arc, time::Duration};

use crate::support::{CONNECTION, asked, connection, google, interference::interfered_with, tenant};
use auth0_provisioning::{
    ConnectionId, Desired, DirectoryProvisioningHandle, EnsureError, Ensured, ErrorKind, MappingItem, Outcome,
    SynchronizeGroups, VerbError,
};
use auth0_provisioning_mock::{Cut, Fault, MockTenant, Operation};

fn desired() -> Desired {
    Desired::default()
        .mapping([MappingItem::new("email", "primaryEmail"), MappingItem::new("blocked", "suspended")])
        .synchronize_groups(SynchronizeGroups::Selected)
}

#[tokio::test]
async fn it_creates_then_leaves_alone_then_updates() {
    let tenant = tenant(connection()).await;
    let google = google(&tenant);

    let created = google.ensure(desired()).await.unwrap();
    assert_eq!(created.outcome, Outcome::Created);
    assert_eq!(created.configuration, google.get_if_configured().await.unwrap());
    asked(&tenant);

    // The order of the rows has no meaning, and what is not set is not looked at.
    let same = [MappingItem::new("blocked", "suspended"), MappingItem::new("email", "primaryEmail")];
    assert_eq!(google.ensure(Desired::default().mapping(same)).await.unwrap().outcome, Outcome::Unchanged);
    assert_eq!(asked(&tenant), ["200 get_directory-provisioning"]);

    let other = desired().mapping([MappingItem::new("email", "recoveryEmail")]).synchronize_automatically(true);
    let updated = google.ensure(other).await.unwrap();
    insta::assert_snapshot!(updated.outcome, @r"
    updated
    synchronize_automatically: true instead of false
    mapping: blocked ← suspended removed
    mapping: email ← recoveryEmail instead of primaryEmail
    ");
    let patch = tenant.requests().into_iter().find(|request| request.method == "PATCH").unwrap().json().unwrap();
    assert!(patch.get("synchronize_groups").is_none(), "what is as desired is not sent: {patch}");
}

#[tokio::test]
async fn a_dry_run_has_the_same_outcome_and_writes_nothing() {
    let unconfigured = tenant(connection()).await;
    let configured = tenant(connection().configured()).await;
    for (tenant, with_configuration) in [(unconfigured, false), (configured, true)] {
        let google = google(&tenant);
        let plan = google.ensure(desired()).dry_run(true).await.unwrap();
        assert_eq!(plan.configuration.is_some(), with_configuration);
        assert!(tenant.requests().iter().all(|request| request.method == "GET"));
        assert_eq!(google.ensure(desired()).await.unwrap().outcome, plan.outcome);
        let again = google.ensure(desired()).dry_run(true).await.unwrap();
        assert!(again.outcome.is_unchanged());
    }
}

async fn with_other(
    tenant: &Arc<MockTenant>,
    operation: &'static str,
    after: bool,
    deed: impl AsyncFnOnce(DirectoryProvisioningHandle) + Send + 'static,
) -> Result<Ensured, EnsureError> {
    let id: ConnectionId = CONNECTION.parse().unwrap();
    let client = interfered_with(tenant, operation, after, {
        let id = id.clone();
        async move |other| deed(other.directory_provisioning(&id)).await
    });
    client.directory_provisioning(&id).ensure(desired()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_that_comes_second_becomes_an_update() {
    let tenant = Arc::new(tenant(connection()).await);
    let ensured = with_other(&tenant, "post_directory-provisioning", false, async |other| {
        other.create(Desired::default().synchronize_automatically(true)).await.unwrap();
    });
    let ensured = ensured.await.unwrap();
    assert!(matches!(ensured.outcome, Outcome::Updated(_)), "{}", ensured.outcome);
    let configuration = google(&tenant).get().await.unwrap();
    assert!(desired().changes_in(&configuration).is_empty());
    assert!(configuration.synchronize_automatically, "what the other has set and we have not stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_what_was_just_deleted_becomes_a_create() {
    let tenant = Arc::new(tenant(connection().configured()).await);
    let ensured = with_other(&tenant, "patch_directory-provisioning", false, async |other| {
        other.delete().await.unwrap();
    });
    assert_eq!(ensured.await.unwrap().outcome, Outcome::Created);
    assert!(desired().changes_in(&google(&tenant).get().await.unwrap()).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_between_our_read_and_our_write_is_set_right_in_another_round() {
    let tenant = Arc::new(tenant(connection().configured()).await);
    let id: ConnectionId = CONNECTION.parse().unwrap();
    let client = interfered_with(&tenant, "patch_directory-provisioning", false, {
        let id = id.clone();
        async move |other| {
            let other = other.directory_provisioning(&id);
            other.update(Desired::default().synchronize_automatically(true)).await.unwrap();
        }
    });
    // The second field is as desired when it is read, so that the first write leaves it out.
    let desired = Desired::default().synchronize_groups(SynchronizeGroups::Selected).synchronize_automatically(false);
    client.directory_provisioning(&id).ensure(desired.clone()).await.unwrap();
    let configuration = google(&tenant).get().await.unwrap();
    assert!(desired.changes_in(&configuration).is_empty(), "{configuration:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_undone_right_away_is_reported() {
    let tenant = Arc::new(tenant(connection().configured()).await);
    let ensured = with_other(&tenant, "patch_directory-provisioning", true, async |other| {
        other.update(Desired::default().synchronize_groups(SynchronizeGroups::Off)).await.unwrap();
    });
    let error = ensured.await.unwrap_err();
    let text = error.to_string();
    let (text, _) = text.split_once(", mapping: ").unwrap();
    insta::assert_snapshot!(text, @"what was written at 2026-05-05 12:00:00 UTC was changed by another writer at 2026-05-05 12:00:01 UTC: synchronize_groups: off instead of selected (before that: updated, synchronize_groups: selected instead of off");
    assert!(matches!(error, EnsureError::Overwritten { found: Some(_), .. }));
    assert!(matches!(error.done(), Outcome::Updated(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_is_deleted_right_away_is_reported() {
    let tenant = Arc::new(tenant(connection()).await);
    let ensured = with_other(&tenant, "post_directory-provisioning", true, async |other| {
        other.delete().await.unwrap();
    });
    assert!(matches!(ensured.await, Err(EnsureError::Overwritten { found: None, .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_writer_who_undoes_nothing_is_no_matter() {
    let tenant = Arc::new(tenant(connection().configured()).await);
    let ensured = with_other(&tenant, "patch_directory-provisioning", true, async |other| {
        other.update(Desired::default().synchronize_automatically(true)).await.unwrap();
    });
    assert!(ensured.await.unwrap().configuration.unwrap().synchronize_automatically);
}

#[tokio::test]
async fn what_was_updated_since_the_dry_run_is_not_overwritten() {
    let tenant = tenant(connection().configured()).await;
    let google = google(&tenant);
    let seen = google.ensure(desired()).dry_run(true).await.unwrap().configuration.unwrap().updated_at;

    tenant.clock().advance(Duration::from_secs(60));
    google.update(Desired::default().synchronize_groups(SynchronizeGroups::All)).await.unwrap();
    let error = google.ensure(desired()).if_not_updated_since(seen).await.unwrap_err();
    assert!(matches!(error, EnsureError::Modified { expected, found: Some(_), .. } if expected == seen), "{error}");
    assert_eq!(google.get().await.unwrap().synchronize_groups, Some(SynchronizeGroups::All));

    let seen = google.get().await.unwrap().updated_at;
    google.ensure(desired()).if_not_updated_since(seen).await.unwrap();

    google.delete().await.unwrap();
    let error = google.ensure(desired()).if_not_updated_since(seen).await.unwrap_err();
    assert!(matches!(error, EnsureError::Modified { found: None, .. }), "{error}");
}

#[tokio::test]
async fn rejections_are_errors_and_are_not_repeated() {
    let tenant = tenant(connection().setup_incomplete()).await;
    let error = google(&tenant).ensure(desired()).await.unwrap_err();
    assert_eq!(error.kind(), Some(ErrorKind::BadRequest));
    assert_eq!(tenant.requests().len(), 2);

    tenant.clear_requests();
    tenant.fault(Fault::error_response("already_configured").on(Operation::CreateConfiguration).always());
    let error = google(&tenant).ensure(desired()).await.unwrap_err();
    assert_eq!(error.kind(), Some(ErrorKind::Conflict));
    assert_eq!(tenant.requests().len(), 3, "the read after the refused write still finds none");
}

#[tokio::test]
async fn a_write_that_cannot_be_confirmed_is_done_all_the_same() {
    let tenant = tenant(connection()).await;
    tenant.fault(Fault::none().on(Operation::GetConfiguration));
    tenant.fault(Fault::status(401).on(Operation::GetConfiguration).always());
    assert_eq!(google(&tenant).ensure(desired()).await.unwrap().outcome, Outcome::Created);
}

/// The present configuration as the tenant sends it, with some fields replaced.
async fn sent(tenant: &MockTenant, fields: serde_json::Value) -> Vec<u8> {
    let mut body = serde_json::to_value(google(tenant).get().await.unwrap()).unwrap();
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    tenant.clear_requests();
    serde_json::to_vec(&body).unwrap()
}

fn writes(tenant: &MockTenant) -> Vec<String> {
    asked(tenant).into_iter().filter(|operation| !operation.contains(" get_")).collect()
}

#[tokio::test]
async fn a_field_that_the_tenant_ignores_is_reported_after_one_update() {
    let tenant = tenant(connection().configured()).await;
    let unchanged = sent(&tenant, serde_json::json!({})).await;
    tenant.fault(Fault::body(unchanged).on(Operation::UpdateConfiguration));
    let groups = Desired::default().synchronize_groups(SynchronizeGroups::All);
    let error = google(&tenant).ensure(groups).await.unwrap_err();
    insta::assert_snapshot!(error, @"the tenant accepted a write and did not apply all of it; missing: synchronize_groups: all instead of off");
    assert!(error.done().is_unchanged());
    assert_eq!(writes(&tenant), ["200 patch_directory-provisioning"]);
}

#[tokio::test]
async fn a_field_that_is_accepted_and_not_kept_is_reported_too() {
    let tenant = tenant(connection().configured()).await;
    let unchanged = sent(&tenant, serde_json::json!({})).await;
    // The response shows the update as applied; the read after it shows that it was not.
    tenant.fault(Fault::none().on(Operation::GetConfiguration));
    tenant.fault(Fault::body(unchanged).on(Operation::GetConfiguration));
    let error = google(&tenant).ensure(Desired::default().synchronize_automatically(true)).await.unwrap_err();
    assert!(matches!(error, EnsureError::Ignored { .. }), "{error}");
}

#[tokio::test]
async fn a_read_that_is_older_than_the_write_is_not_taken_for_another_writer() {
    let tenant = tenant(connection().configured()).await;
    let older = sent(&tenant, serde_json::json!({ "updated_at": "2026-05-05T11:00:00.000Z" })).await;
    tenant.fault(Fault::none().on(Operation::GetConfiguration));
    tenant.fault(Fault::body(older).on(Operation::GetConfiguration).times(2));
    let ensured = google(&tenant).ensure(desired()).await.unwrap();
    assert!(matches!(ensured.outcome, Outcome::Updated(_)));
    assert!(desired().changes_in(&ensured.configuration.unwrap()).is_empty());
}

#[tokio::test]
async fn a_created_configuration_that_cannot_be_read_yet_is_looked_for_again() {
    let tenant = tenant(connection()).await;
    let missing = || Fault::error_response("configuration_not_found").on(Operation::GetConfiguration);
    tenant.faults([Fault::none().on(Operation::GetConfiguration), missing()]);
    assert_eq!(google(&tenant).ensure(desired()).await.unwrap().outcome, Outcome::Created);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outcome_adds_up_what_all_rounds_did() {
    let tenant = Arc::new(tenant(connection().configured()).await);
    let id: ConnectionId = CONNECTION.parse().unwrap();
    let client = interfered_with(&tenant, "patch_directory-provisioning", false, {
        let id = id.clone();
        async move |other| {
            let other = other.directory_provisioning(&id);
            other.update(Desired::default().synchronize_automatically(true)).await.unwrap();
        }
    });
    let desired = Desired::default().synchronize_groups(SynchronizeGroups::Selected).synchronize_automatically(false);
    let ensured = client.directory_provisioning(&id).ensure(desired).await.unwrap();
    insta::assert_snapshot!(ensured.outcome, @r"
    updated
    synchronize_automatically: false instead of true
    synchronize_groups: selected instead of off
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_approved_write_another_writer_is_reported_and_not_overwritten() {
    let tenant = Arc::new(tenant(connection().configured()).await);
    let seen = google(&tenant).get().await.unwrap().updated_at;
    let id: ConnectionId = CONNECTION.parse().unwrap();
    let client = interfered_with(&tenant, "patch_directory-provisioning", true, {
        let id = id.clone();
        async move |other| {
            let other = other.directory_provisioning(&id);
            other.update(Desired::default().synchronize_groups(SynchronizeGroups::All)).await.unwrap();
        }
    });
    let ensure = client.directory_provisioning(&id).ensure(desired()).if_not_updated_since(seen);
    let error = ensure.await.unwrap_err();
    assert!(matches!(&error, EnsureError::Overwritten { .. }), "{error}");
    assert!(matches!(error.done(), Outcome::Updated(_)), "what was written is not denied");
    assert_eq!(google(&tenant).get().await.unwrap().synchronize_groups, Some(SynchronizeGroups::All));
}

#[tokio::test]
async fn a_write_of_our_own_is_not_taken_for_a_modification() {
    let tenant = tenant(connection().configured()).await;
    let seen = google(&tenant).get().await.unwrap().updated_at;
    // Each response to the update is lost; the update was processed.
    tenant.fault(Fault::status_after_effect(503).on(Operation::UpdateConfiguration).times(9));
    tenant.clock().advance(Duration::from_secs(60));
    let google = crate::support::client(&tenant).with_options(auth0_provisioning::CallOptions::new().attempts(1));
    let google = google.directory_provisioning(&CONNECTION.parse().unwrap());
    let ensured = google.ensure(desired()).if_not_updated_since(seen).await.unwrap();
    assert!(matches!(ensured.outcome, Outcome::Updated(_)));
}

#[tokio::test]
async fn resolves_a_lost_create_response_by_a_read() {
    // The configuration shows whether the create was processed.
    for fault in [
        Fault::cut(Cut::BeforeResponse),
        Fault::cut(Cut::BeforeRequest),
        Fault::status_after_effect(503),
        Fault::status(503),
    ] {
        let tenant = tenant(connection()).await;
        tenant.fault(fault.on(Operation::CreateConfiguration));
        let ensured = google(&tenant).ensure(desired()).await.unwrap();
        assert_eq!(ensured.outcome, Outcome::Created);
        assert!(desired().changes_in(&google(&tenant).get().await.unwrap()).is_empty());
    }
}

#[tokio::test]
async fn reads_after_failed_retries_and_stops_writing() {
    let tenant = tenant(connection().configured()).await;
    tenant.fault(Fault::status(500).on(Operation::UpdateConfiguration).always());
    let error = google(&tenant).ensure(desired()).await.unwrap_err();
    assert!(error.to_string().ends_with("(after 4 attempts)"), "{error}");
    assert!(error.done().is_unchanged() && error.is_retryable());
    let sent = |operation| tenant.requests().iter().filter(|request| request.operation == Some(operation)).count();
    assert_eq!((sent(Operation::UpdateConfiguration), sent(Operation::GetConfiguration)), (4, 2));
}

#[tokio::test(start_paused = true)]
async fn ensure_does_not_wait_longer_than_its_time() {
    for (wait, at_most) in [("3600", None), ("100", Some(Duration::from_secs(90)))] {
        let tenant = tenant(connection()).await;
        let unavailable = Fault::status_after_effect(503).header("retry-after", wait);
        tenant.fault(unavailable.on(Operation::CreateConfiguration));
        let ensure = google(&tenant).ensure(desired());
        let ensure = at_most.map_or(ensure.clone(), |time| ensure.at_most(time));
        let began = tokio::time::Instant::now();
        let error = ensure.await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert!(matches!(&error, EnsureError::Unknown { lost: Outcome::Created, .. }), "{error}");
        let left = error.retry_after().unwrap().as_secs().to_string();
        assert_eq!(left, wait);
    }
}

#[tokio::test(start_paused = true)]
async fn all_calls_of_ensure_end_by_its_deadline() {
    let tenant = tenant(connection()).await;
    tenant.fault(Fault::latency(Duration::from_secs(20)).always());
    let began = tokio::time::Instant::now();
    let error = google(&tenant).ensure(desired()).at_most(Duration::from_secs(30)).await.unwrap_err();
    assert!(began.elapsed() <= Duration::from_secs(30), "{:?}", began.elapsed());
    assert_eq!(error.kind(), Some(ErrorKind::Deadline));
}

#[tokio::test(flavor = "multi_thread")]
async fn ensure_all_does_not_create_what_was_deleted() {
    use futures_util::TryStreamExt;

    let tenant = Arc::new(tenant(connection().configured()).await);
    let client = interfered_with(&tenant, "patch_directory-provisioning", false, async |other| {
        other.directory_provisioning(&CONNECTION.parse().unwrap()).delete().await.unwrap();
    });
    let done: Vec<_> = client.ensure_all(desired()).run().try_collect().await.unwrap();
    let error = done[0].result.as_ref().unwrap_err();
    assert!(matches!(error, EnsureError::Deleted { done: Outcome::Unchanged, .. }), "{error}");
    assert_eq!(google(&tenant).get_if_configured().await.unwrap(), None);
}

#[tokio::test]
async fn outage_after_lost_response_leaves_outcome_unknown() {
    let tenant = tenant(connection()).await;
    tenant.fault(Fault::cut(Cut::BeforeResponse).on(Operation::CreateConfiguration));
    tenant.fault(Fault::none().on(Operation::GetConfiguration));
    tenant.fault(Fault::status(401).on(Operation::GetConfiguration).always());
    let error = google(&tenant).ensure(desired()).await.unwrap_err();
    assert!(matches!(&error, EnsureError::Unknown { lost: Outcome::Created, .. }), "{error}");
    assert!(error.to_string().starts_with("no response to a write, which may have been processed (created); then: "));
}

#[tokio::test]
async fn a_dry_run_rejects_what_the_tenant_would_reject() {
    let email = || MappingItem::new("email", "primaryEmail");
    for (rows, expected) in [
        (vec![], "the mapping is empty"),
        (vec![email(), email()], "mapping[1] maps the user field \"email\" a second time"),
        (vec![MappingItem::new("", "primaryEmail")], "mapping[0].auth0 is empty"),
    ] {
        let tenant = tenant(connection().configured()).await;
        let desired = Desired::default().mapping(rows);
        for dry_run in [true, false] {
            let error = google(&tenant).ensure(desired.clone()).dry_run(dry_run).await.unwrap_err();
            assert_eq!(error.kind(), Some(ErrorKind::InvalidRequest));
            assert!(error.to_string().contains(expected), "{error}");
        }
        assert!(google(&tenant).update(desired).await.is_err(), "the tenant agrees");
    }
}

#[tokio::test]
async fn a_configuration_leads_back_to_a_desired_state() {
    let tenant = tenant(connection().configured()).await;
    google(&tenant).update(desired()).await.unwrap();
    let exported = serde_json::to_string(&Desired::from(&google(&tenant).get().await.unwrap())).unwrap();
    google(&tenant).delete().await.unwrap();
    let restored = google(&tenant).ensure(serde_json::from_str(&exported).unwrap()).await.unwrap();
    assert_eq!(restored.outcome, Outcome::Created);
    assert!(desired().changes_in(&restored.configuration.unwrap()).is_empty());
}
