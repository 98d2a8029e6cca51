//! Connections.

use std::num::NonZeroU64;

use auth0_provisioning_api::{
    connections::types::{
        ConnectionClientChange, ConnectionMetadata, ConnectionStrategy, CreateConnectionRequest,
        GetConnectionsParameters, UpdateConnectionRequest,
    },
    values::Field,
};
use serde_json::{Map, Value, json};

use super::{ID, request_of};

fn options(options: &Value) -> Map<String, Value> {
    options.as_object().cloned().unwrap()
}

#[tokio::test]
async fn list() {
    let parameters = GetConnectionsParameters::default()
        .strategy([ConnectionStrategy::GoogleApps, ConnectionStrategy::Okta])
        .fields("id,name")
        .include_fields(true)
        .from("a cursor=")
        .take(NonZeroU64::MIN);
    insta::assert_snapshot!(request_of(async |client| client.get_connections(&parameters).await).await);
}

#[tokio::test]
async fn create() {
    let body = CreateConnectionRequest::new("acme-workspace".parse().unwrap(), ConnectionStrategy::GoogleApps)
        .options(options(&json!({ "api_enable_users": true, "domain": "acme.example" })))
        .metadata(ConnectionMetadata::from(
            [("team".to_owned(), Some("it".to_owned()))].into_iter().collect::<std::collections::HashMap<_, _>>(),
        ));
    insta::assert_snapshot!(request_of(async |client| client.post_connections(&body).await).await);
}

#[tokio::test]
async fn get() {
    insta::assert_snapshot!(
        request_of(async |client| client.get_connections_by_id(ID, Some("options"), Some(false)).await).await
    );
}

#[tokio::test]
async fn update() {
    let mut body = UpdateConnectionRequest::default().show_as_button(true);
    body.options = Field::Value(options(&json!({ "domain": "acme.example", "icon_url": null })));
    insta::assert_snapshot!(request_of(async |client| client.patch_connections_by_id(ID, &body).await).await);
}

#[tokio::test]
async fn delete() {
    insta::assert_snapshot!(request_of(async |client| client.delete_connections_by_id(ID).await).await);
}

#[tokio::test]
async fn status() {
    insta::assert_snapshot!(request_of(async |client| client.get_status(ID).await).await);
}

#[tokio::test]
async fn clients() {
    let from = "a cursor=".parse().unwrap();
    insta::assert_snapshot!(
        request_of(async |client| client.get_connection_clients(ID, Some(&from), NonZeroU64::new(100)).await).await
    );
}

#[tokio::test]
async fn change_clients() {
    let body = vec![ConnectionClientChange::new("app1", true), ConnectionClientChange::new("app2", false)].into();
    insta::assert_snapshot!(request_of(async |client| client.patch_clients(ID, &body).await).await);
}
