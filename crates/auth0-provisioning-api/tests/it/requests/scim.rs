//! SCIM configurations and tokens.

use std::num::NonZeroU64;

use auth0_provisioning_api::{
    scim::types::{
        CreateScimConfigurationRequest, CreateScimTokenRequest, ScimMappingItem, ScimTokenScope,
        UpdateScimConfigurationRequest,
    },
    values::Field,
};

use super::{ID, request_of};

fn rows() -> Vec<ScimMappingItem> {
    let mut row = ScimMappingItem::default();
    row.scim = Some("emails[primary eq true].value".to_owned());
    row.auth0 = Some("email".to_owned());
    vec![row]
}

#[tokio::test]
async fn get() {
    insta::assert_snapshot!(request_of(async |client| client.get_scim_configuration(ID).await).await);
}

#[tokio::test]
async fn create_with_defaults() {
    insta::assert_snapshot!(request_of(async |client| client.post_scim_configuration(ID, None).await).await);
}

#[tokio::test]
async fn create() {
    let body = CreateScimConfigurationRequest::default().user_id_attribute("externalId").mapping(rows());
    insta::assert_snapshot!(request_of(async |client| client.post_scim_configuration(ID, &body).await).await);
}

#[tokio::test]
async fn update() {
    let body = UpdateScimConfigurationRequest::new(rows(), "externalId");
    insta::assert_snapshot!(request_of(async |client| client.patch_scim_configuration(ID, &body).await).await);
}

#[tokio::test]
async fn delete() {
    insta::assert_snapshot!(request_of(async |client| client.delete_scim_configuration(ID).await).await);
}

#[tokio::test]
async fn default_mapping() {
    insta::assert_snapshot!(request_of(async |client| client.get_default_mapping(ID).await).await);
}

#[tokio::test]
async fn tokens() {
    insta::assert_snapshot!(request_of(async |client| client.get_scim_tokens(ID).await).await);
}

#[tokio::test]
async fn create_token() {
    let mut body = CreateScimTokenRequest::default().scopes([ScimTokenScope::GetUsers, ScimTokenScope::PostUsers]);
    body.token_lifetime = Field::Value(86_400);
    insta::assert_snapshot!(request_of(async |client| client.post_scim_token(ID, &body).await).await);
}

#[tokio::test]
async fn delete_token() {
    insta::assert_snapshot!(request_of(async |client| client.delete_tokens_by_token_id(ID, "tok_1").await).await);
}

#[tokio::test]
async fn list() {
    insta::assert_snapshot!(
        request_of(async |client| client.get_connections_scim_configurations(None, NonZeroU64::new(50)).await).await
    );
}
