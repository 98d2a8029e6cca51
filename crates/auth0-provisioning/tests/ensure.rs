//! `ensure`: created, updated, unchanged; dry; and other writers that get in between.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test fails by panicking

mod support;

use std::{sync::Arc, time::Duration};

use auth0_provisioning::{
    ConnectionId, Desired, DirectoryProvisioningHandle, EnsureError, Ensured, ErrorKind, MappingItem, Outcome,
    SynchronizeGroups,
};
use auth0_provisioning_mock::{Fault, MockTenant, Operation};
use support::{CONNECTION, asked, connection, google, interference::interfered_with, tenant};

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
    insta::assert_snapshot!(error, @"what was written at 2026-05-05 12:00:00 UTC was undone by another writer at 2026-05-05 12:00:01 UTC: synchronize_groups: selected instead of off");
    assert!(matches!(error, EnsureError::Overwritten { found: Some(_), .. }));
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
    assert!(matches!(error, EnsureError::Modified { expected, found: Some(_) } if expected == seen), "{error}");
    assert_eq!(google.get().await.unwrap().synchronize_groups, Some(SynchronizeGroups::All));

    let seen = google.get().await.unwrap().updated_at;
    google.ensure(desired()).if_not_updated_since(seen).await.unwrap();

    google.delete().await.unwrap();
    let error = google.ensure(desired()).if_not_updated_since(seen).await.unwrap_err();
    assert!(matches!(error, EnsureError::Modified { found: None, .. }), "{error}");
}

#[tokio::test]
async fn refusals_are_passed_on_and_do_not_go_round() {
    let tenant = tenant(connection().setup_incomplete()).await;
    let error = google(&tenant).ensure(desired()).await.unwrap_err();
    assert!(matches!(error, EnsureError::Call(error) if error.kind() == ErrorKind::BadRequest));
    assert_eq!(tenant.requests().len(), 2);

    tenant.clear_requests();
    tenant.fault(Fault::refusal("already_configured").on(Operation::CreateConfiguration).always());
    let error = google(&tenant).ensure(desired()).await.unwrap_err();
    assert!(matches!(error, EnsureError::Call(error) if error.is_conflict()));
    assert_eq!(tenant.requests().len(), 6, "three rounds of a read and a write");
}

#[tokio::test]
async fn a_write_that_cannot_be_confirmed_is_done_all_the_same() {
    let tenant = tenant(connection()).await;
    tenant.fault(Fault::none().on(Operation::GetConfiguration));
    tenant.fault(Fault::status(401).on(Operation::GetConfiguration).always());
    assert_eq!(google(&tenant).ensure(desired()).await.unwrap().outcome, Outcome::Created);
}
