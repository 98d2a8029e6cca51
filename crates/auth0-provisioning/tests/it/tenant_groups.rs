//! Groups that arrived: listed, with members and roles, and beside those that are selected.

use std::time::Duration;

use crate::support::{CONNECTION, client, connection, google, standing};
use auth0_provisioning::{ErrorKind, GroupFilter};
use auth0_provisioning_mock::{Connection, DirectoryGroup, DirectoryUser, Fault, MockTenant, Operation};
use futures_util::TryStreamExt;

/// A directory of two users and three groups.
fn directory() -> Connection {
    let group = |name, members: &[&'static str]| DirectoryGroup::new(name).members(members.iter().copied());
    connection()
        .directory_user("kim", DirectoryUser::new("kim@acme.test"))
        .directory_user("lee", DirectoryUser::new("lee@acme.test"))
        .directory_group("engineering", group("Engineering", &["kim", "lee"]))
        .directory_group("design", group("Design", &["lee"]))
        .directory_group("sales", group("Sales", &[]))
}

/// A tenant after a run of this connection.
async fn arrived(connection: Connection) -> MockTenant {
    let builder = standing().role("rol_editor", "Editor", "May edit").role("rol_reader", "Reader", "May read");
    let tenant = builder.connection(connection).start().await.unwrap();
    google(&tenant).synchronize().await.unwrap();
    tenant.clock().advance(Duration::from_secs(2));
    tenant
}

fn here() -> GroupFilter {
    GroupFilter::default().connection(&CONNECTION.parse().unwrap())
}

#[tokio::test]
async fn groups_are_listed_page_by_page_and_by_filter() {
    let tenant = arrived(directory().synchronizes_all_groups()).await;
    let client = client(&tenant);
    let groups: Vec<_> = client.groups(here()).page_size(2).items().try_collect().await.unwrap();
    assert_eq!(groups.len(), 3);
    let ids: Vec<_> = groups.iter().filter_map(|group| group.external_id.as_deref()).collect();
    assert!(ids.contains(&"engineering") && ids.contains(&"sales"), "{ids:?}");
    let design: Vec<_> = client.groups(here().external_id("design")).items().try_collect().await.unwrap();
    assert_eq!(design[0].name.as_deref(), Some("Design"));
    let read = client.group(design[0].id.clone().unwrap()).get().await.unwrap();
    assert_eq!(read, design[0]);
    let elsewhere = GroupFilter::default().connection(&"con_elsewhere".parse().unwrap());
    assert!(client.groups(elsewhere).items().try_collect::<Vec<_>>().await.unwrap().is_empty());
}

#[tokio::test]
async fn members_are_listed_by_group_and_groups_by_user() {
    let tenant = arrived(directory().synchronizes_all_groups()).await;
    let client = client(&tenant);
    let memberships: Vec<_> = client.memberships(here()).try_collect().await.unwrap();
    let of = |name: &str| memberships.iter().filter(|one| one.group_name.as_deref() == Some(name)).count();
    assert_eq!((of("Engineering"), of("Design"), of("Sales")), (2, 1, 0));

    let lee = memberships.iter().find(|one| one.group_name.as_deref() == Some("Design")).unwrap();
    let members: Vec<_> = client.group(&lee.group_id).members().page_size(1).items().try_collect().await.unwrap();
    assert_eq!(members, std::slice::from_ref(&lee.member));
    let groups = client.groups_of_user(lee.member.id.clone().unwrap()).page_size(1).items();
    assert_eq!(groups.try_collect::<Vec<_>>().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_deleted_group_is_gone() {
    let tenant = arrived(directory().synchronizes_all_groups()).await;
    let client = client(&tenant);
    let group = client.groups(here().name("Design")).next().await.unwrap().unwrap().items.remove(0);
    let group = client.group(group.id.unwrap());
    group.delete().await.unwrap();
    assert!(group.get().await.unwrap_err().is_not_found());
    assert!(group.delete().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn roles_are_given_and_taken() {
    let tenant = arrived(directory().synchronizes_all_groups()).await;
    let client = client(&tenant);
    let group = client.groups(here().name("Engineering")).next().await.unwrap().unwrap().items.remove(0);
    let group = client.group(group.id.unwrap());
    group.add_roles(["rol_editor", "rol_reader"]).await.unwrap();
    group.remove_roles(["rol_reader"]).await.unwrap();
    let roles: Vec<_> = group.roles().items().try_collect().await.unwrap();
    assert_eq!(roles.iter().filter_map(|role| role.name.as_deref()).collect::<Vec<_>>(), ["Editor"]);
    let error = group.add_roles(["rol_absent"]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}

#[tokio::test]
async fn rejects_an_invalid_id_before_sending() {
    let tenant = arrived(directory().configured()).await;
    tenant.clear_requests();
    let client = client(&tenant);
    let error = client.group("engineering").get().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("the group id \"engineering\" is "), "{error}");
    let error = client.groups(GroupFilter::default().name("")).next().await.unwrap_err();
    assert!(error.to_string().contains("the name \"\" is "), "{error}");
    assert!(tenant.requests().is_empty());
}

#[tokio::test]
async fn selected_groups_stand_beside_those_that_arrived() {
    let tenant = arrived(directory().synchronizes_groups(["engineering", "design"])).await;
    let groups = google(&tenant).groups();
    let id = |id: &str| id.parse::<auth0_provisioning::GroupId>().unwrap();
    groups.add([id("sales")]).await.unwrap();
    groups.remove([id("design")]).await.unwrap();
    let arrival = groups.arrival().await.unwrap();
    assert_eq!(arrival.arrived.keys().collect::<Vec<_>>(), ["engineering"]);
    assert_eq!(arrival.missing.iter().map(|group| group.id.as_str()).collect::<Vec<_>>(), ["sales"]);
    assert_eq!(arrival.not_selected[0].external_id.as_deref(), Some("design"));
    assert!(!arrival.missing.is_empty());
    assert_eq!(arrival.to_string(), "engineering (Engineering) arrived\nsales missing\ndesign (Design) not selected");
}

#[tokio::test]
async fn a_group_that_is_deleted_while_members_are_read_has_none() {
    let tenant = arrived(directory().synchronizes_all_groups()).await;
    tenant.fault(Fault::status(404).on(Operation::ListGroupMembers));
    let memberships: Vec<_> = client(&tenant).memberships(here()).try_collect().await.unwrap();
    assert!((1..3).contains(&memberships.len()), "{memberships:?}");
}

#[tokio::test]
async fn returns_all_groups_with_the_same_directory_id() {
    let tenant = arrived(directory().synchronizes_groups(["engineering"])).await;
    let group = |id: &str| serde_json::json!({ "id": id, "name": "Engineering", "external_id": "engineering" });
    let page = serde_json::json!({ "groups": [group("grp_1a2b3c4d5e6f7g"), group("grp_2a2b3c4d5e6f7g")] });
    tenant.fault(Fault::body(page.to_string()).on(Operation::ListGroups));
    let arrival = google(&tenant).groups().arrival().await.unwrap();
    assert!(arrival.missing.is_empty());
    assert_eq!(arrival.arrived["engineering"].id.as_deref(), Some("grp_1a2b3c4d5e6f7g"));
    assert_eq!(
        arrival.to_string(),
        "engineering (Engineering) arrived\nengineering (Engineering) is there twice, also as grp_2a2b3c4d5e6f7g"
    );
}
