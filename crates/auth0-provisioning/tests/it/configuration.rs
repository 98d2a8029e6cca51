//! The plain operations on one connection's configuration, and what a 404 means.

use crate::support::{asked, client, connection, google, tenant};
use auth0_provisioning::{Desired, ErrorCode, ErrorKind, MappingItem, SynchronizeGroups};
use auth0_provisioning_mock::{Fault, Feature};

#[tokio::test]
async fn missing_configuration_differs_from_missing_connection() {
    let tenant = tenant(connection()).await;
    assert_eq!(google(&tenant).get_if_configured().await.unwrap(), None);
    let error = google(&tenant).get().await.unwrap_err();
    assert!(error.is_not_found());

    let nowhere = client(&tenant).directory_provisioning(&"con_nowhere".parse().unwrap());
    let error = nowhere.get_if_configured().await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::InexistentConnection));
    assert_eq!(error.connection_id(), Some("con_nowhere"));
}

#[tokio::test]
async fn a_404_that_is_not_the_apis_own_does_not_mean_no_configuration() {
    let tenant = tenant(connection().configured()).await;
    tenant.fault(Fault::status(404));
    // The mock's plain 404 has the API's shape and no code.
    assert_eq!(google(&tenant).get_if_configured().await.unwrap(), None);

    let page = crate::support::builder();
    let elsewhere = crate::support::refusing(404, "<html>nothing here</html>").await;
    let client = page.base_url(elsewhere).bearer_token("token").build().unwrap();
    let google = client.directory_provisioning(&crate::support::CONNECTION.parse().unwrap());
    assert_eq!(google.get_if_configured().await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_configuration_lives_from_create_to_delete() {
    let tenant = tenant(connection()).await;
    let google = google(&tenant);

    let created = google.create(Desired::default()).await.unwrap();
    assert!(!created.synchronize_automatically);
    assert_eq!(created.synchronize_groups, Some(SynchronizeGroups::Off));
    assert_eq!(created.mapping, google.default_mapping().await.unwrap());
    assert!(google.create(Desired::default()).await.unwrap_err().is_conflict());

    let mapping = [MappingItem::new("email", "primaryEmail")];
    let updated = google.update(Desired::default().mapping(mapping.clone())).await.unwrap();
    assert_eq!(updated.mapping, mapping);
    assert_eq!(updated.synchronize_groups, created.synchronize_groups);
    assert_eq!(google.get().await.unwrap(), updated);

    google.delete().await.unwrap();
    assert_eq!(google.get_if_configured().await.unwrap(), None);
}

#[tokio::test]
async fn an_update_sends_only_what_was_set() {
    let tenant = tenant(connection().configured()).await;
    google(&tenant).update(Desired::default().synchronize_automatically(true)).await.unwrap();
    google(&tenant).update(Desired::default()).await.unwrap();
    let bodies: Vec<_> = tenant.requests().iter().map(|request| request.json().unwrap()).collect();
    assert_eq!(bodies, [serde_json::json!({ "synchronize_automatically": true }), serde_json::json!({})]);
}

#[tokio::test]
async fn errors_say_what_is_missing() {
    let tenant = tenant(connection().configured()).await;
    tenant.set_feature(Feature::GroupSynchronization, false);
    let all_groups = Desired::default().synchronize_groups(SynchronizeGroups::All);
    let error = google(&tenant).update(all_groups).await.unwrap_err();
    assert!(error.is_forbidden() && error.missing_scopes().is_empty(), "{error}");

    let reader = crate::support::builder()
        .base_url(tenant.base_url())
        .bearer_token(tenant.token_with_scopes(&["read:directory_provisionings"]))
        .build()
        .unwrap();
    let google = reader.directory_provisioning(&crate::support::CONNECTION.parse().unwrap());
    let error = google.delete().await.unwrap_err();
    assert_eq!(error.missing_scopes(), ["delete:directory_provisionings"]);
    asked(&tenant);
}
