//! What people ask of a configuration.

use std::time::Duration;

use crate::support::{client, connection, google, standing, tenant};
use auth0_provisioning::{DirectoryProvisioningExt, RunState};
use auth0_provisioning_mock::{Connection, Synchronization};

const AN_HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn the_last_run_and_its_age_are_read() {
    let at_once = Synchronization::completes_after(Duration::ZERO);
    let tenant = tenant(connection().configured().synchronization(at_once)).await;
    let google = google(&tenant);
    let never = google.get().await.unwrap();
    let now = tenant.clock().now();
    assert_eq!((never.last_run(), never.age(now)), (None, None));
    assert!(never.is_stale(AN_HOUR, now));

    google.synchronize().await.unwrap();
    let ran = google.get().await.unwrap();
    assert_eq!(ran.last_run().unwrap().state, RunState::Completed);
    assert_eq!(ran.age(now + AN_HOUR), Some(AN_HOUR));
    assert_eq!(ran.age(now - AN_HOUR), Some(Duration::ZERO));
    assert!(!ran.is_stale(AN_HOUR, now + AN_HOUR));
    assert!(ran.is_stale(AN_HOUR, now + AN_HOUR + Duration::from_millis(1)));
}

#[tokio::test]
async fn a_failed_run_leaves_a_configuration_stale() {
    let fails = Synchronization::fails_after(Duration::ZERO, "no");
    let tenant = tenant(connection().configured().synchronization(fails)).await;
    google(&tenant).synchronize().await.unwrap();
    let failed = google(&tenant).get().await.unwrap();
    assert!(failed.is_stale(AN_HOUR, tenant.clock().now()));
}

#[tokio::test]
async fn mappings_are_asked_from_both_ends_and_compared() {
    let one = [("email", "primaryEmail"), ("blocked", "suspended"), ("is_suspended", "suspended")];
    let other = [("blocked", "archived"), ("email", "primaryEmail")];
    let tenant = standing()
        .connection(Connection::google_apps("con_one").mapping(&one))
        .connection(Connection::google_apps("con_other").mapping(&other))
        .start()
        .await
        .unwrap();
    let client = client(&tenant);
    let get = async |id: &str| client.directory_provisioning(&id.parse().unwrap()).get().await.unwrap();
    let (one, other) = (get("con_one").await, get("con_other").await);
    assert_eq!(one.sources_of("blocked").collect::<Vec<_>>(), ["suspended"]);
    assert_eq!(one.fed_by("suspended").collect::<Vec<_>>(), ["blocked", "is_suspended"]);
    assert_eq!(one.sources_of("nickname").count(), 0);
    let difference = one.mapping_difference(&other);
    assert_eq!(difference.to_string(), "blocked ← archived instead of suspended, is_suspended ← suspended removed");
}
