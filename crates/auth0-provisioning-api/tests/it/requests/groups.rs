//! Groups that arrived.

use std::num::NonZeroU64;

use auth0_provisioning_api::groups::types::{
    AssignGroupRolesRequest, GetGroupMembersParameters, GetGroupsParameters, GetUserGroupsParameters,
    RemoveGroupRolesRequest,
};

use super::{ID, request_of};

const GROUP: &str = "grp_1a2b3c4d5e6f7g";

#[tokio::test]
async fn list() {
    let parameters = GetGroupsParameters::default().connection_id(ID).from("a cursor=").take(NonZeroU64::MIN);
    insta::assert_snapshot!(request_of(async |client| client.get_groups(&parameters).await).await);
}

#[tokio::test]
async fn get() {
    insta::assert_snapshot!(request_of(async |client| client.get_group(&GROUP.parse().unwrap()).await).await);
}

#[tokio::test]
async fn delete() {
    insta::assert_snapshot!(request_of(async |client| client.delete_group(&GROUP.parse().unwrap()).await).await);
}

#[tokio::test]
async fn members() {
    let parameters = GetGroupMembersParameters::default().take(NonZeroU64::MIN);
    insta::assert_snapshot!(
        request_of(async |client| client.get_group_members(&GROUP.parse().unwrap(), &parameters).await).await
    );
}

#[tokio::test]
async fn groups_of_a_user() {
    let parameters = GetUserGroupsParameters::default().take(NonZeroU64::MIN);
    insta::assert_snapshot!(
        request_of(async |client| client.get_user_groups("google-apps|kim@acme.example", &parameters).await).await
    );
}

#[tokio::test]
async fn roles() {
    insta::assert_snapshot!(
        request_of(async |client| {
            client.get_group_roles(&GROUP.parse().unwrap(), None, NonZeroU64::new(100)).await
        })
        .await
    );
}

#[tokio::test]
async fn give_roles() {
    let body = AssignGroupRolesRequest::new(vec!["rol_1".to_owned()]);
    insta::assert_snapshot!(
        request_of(async |client| client.post_group_roles(&GROUP.parse().unwrap(), &body).await).await
    );
}

#[tokio::test]
async fn take_roles() {
    let body = RemoveGroupRolesRequest::new(vec!["rol_1".to_owned()]);
    insta::assert_snapshot!(
        request_of(async |client| client.delete_group_roles(&GROUP.parse().unwrap(), &body).await).await
    );
}
