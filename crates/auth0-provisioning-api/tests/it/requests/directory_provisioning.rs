//! Directory provisioning.

use std::num::NonZeroU64;

use auth0_provisioning_api::directory_provisioning::types::{
    AddSynchronizedGroupsRequest, CreateDirectoryProvisioningRequest, DirectoryProvisioningMappingItem,
    RemoveSynchronizedGroupsRequest, SynchronizeGroups, SynchronizedGroupList, SynchronizedGroupQuery,
    SynchronizedGroupReference, SynchronizedGroupSelection, UpdateDirectoryProvisioningRequest,
};

use super::{ID, request_of};

fn rows() -> Vec<DirectoryProvisioningMappingItem> {
    vec![DirectoryProvisioningMappingItem::new("email", "primaryEmail")]
}

fn group() -> SynchronizedGroupSelection {
    let mut group = SynchronizedGroupSelection::new("03x8tuzt3hqnmgf".parse().unwrap());
    group.name = Some("Engineering".parse().unwrap());
    group
}

#[tokio::test]
async fn get() {
    insta::assert_snapshot!(request_of(async |client| client.get_directory_provisioning(ID).await).await);
}

#[tokio::test]
async fn create() {
    let body = CreateDirectoryProvisioningRequest::default();
    insta::assert_snapshot!(request_of(async |client| client.post_directory_provisioning(ID, &body).await).await);
}

#[tokio::test]
async fn update() {
    let mut body = UpdateDirectoryProvisioningRequest::default();
    body.mapping = Some(rows());
    body.synchronize_groups = Some(SynchronizeGroups::Selected);
    insta::assert_snapshot!(request_of(async |client| client.patch_directory_provisioning(ID, &body).await).await);
}

#[tokio::test]
async fn delete() {
    insta::assert_snapshot!(request_of(async |client| client.delete_directory_provisioning(ID).await).await);
}

#[tokio::test]
async fn default_mapping() {
    insta::assert_snapshot!(
        request_of(async |client| client.get_directory_provisioning_default_mapping(ID).await).await
    );
}

#[tokio::test]
async fn synchronize() {
    insta::assert_snapshot!(request_of(async |client| client.post_synchronizations(ID).await).await);
}

#[tokio::test]
async fn list_groups() {
    insta::assert_snapshot!(
        request_of(async |client| {
            let query: SynchronizedGroupQuery = "name:eng*".parse().unwrap();
            client.get_synchronized_groups(ID, Some("a cursor="), Some(&query), NonZeroU64::new(100)).await
        })
        .await
    );
}

#[tokio::test]
async fn replace_groups() {
    let body = SynchronizedGroupList::new(Vec::new());
    insta::assert_snapshot!(request_of(async |client| client.put_synchronized_groups(ID, &body).await).await);
}

#[tokio::test]
async fn add_groups() {
    let body = AddSynchronizedGroupsRequest::new(vec![group()]);
    insta::assert_snapshot!(request_of(async |client| client.post_synchronized_groups(ID, &body).await).await);
}

#[tokio::test]
async fn remove_groups() {
    let body = RemoveSynchronizedGroupsRequest::new(vec![SynchronizedGroupReference::new(group().id)]);
    insta::assert_snapshot!(request_of(async |client| client.delete_synchronized_groups(ID, &body).await).await);
}

#[tokio::test]
async fn list() {
    insta::assert_snapshot!(
        request_of(async |client| client.get_connections_directory_provisionings(None, NonZeroU64::new(50)).await)
            .await
    );
}
