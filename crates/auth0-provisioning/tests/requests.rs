//! The exact request of each of the eleven operations, as it leaves through the facade.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test fails by panicking

mod support;

use std::collections::BTreeSet;

use auth0_provisioning::{Desired, GroupId, MappingItem, SelectedGroup, SynchronizeGroups};
use auth0_provisioning_mock::{MockTenant, Operation, RecordedRequest};
use support::{client, connection, google, tenant};

/// Method, path, query, headers and body, with what is secret or differs from run to run left out.
fn shown(request: &RecordedRequest) -> String {
    let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
    let mut headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| match name.as_str() {
            "authorization" => format!("{name}: {} [token]", value.split(' ').next().unwrap()),
            "host" => format!("{name}: [tenant]"),
            "auth0-client" => format!("{name}: [client]"),
            "user-agent" => format!("{name}: {}/[version]", value.split('/').next().unwrap()),
            _ => format!("{name}: {value}"),
        })
        .collect();
    headers.sort();
    let body = if request.body.is_empty() {
        String::new()
    } else {
        format!("\n\n{}", serde_json::to_string_pretty(&request.json().expect("a body is JSON")).unwrap())
    };
    format!("{} {}{query}\n{}{body}\n", request.method, request.path, headers.join("\n"))
}

fn group(id: &str) -> GroupId {
    id.parse().unwrap()
}

async fn every_operation(tenant: &MockTenant) {
    let google = google(tenant);
    let mapping = [MappingItem::new("email", "primaryEmail"), MappingItem::new("blocked", "suspended")];
    let desired = Desired::default()
        .mapping(mapping)
        .synchronize_automatically(true)
        .synchronize_groups(SynchronizeGroups::Selected);
    google.create(desired).await.unwrap();
    google.get().await.unwrap();
    google.update(Desired::default().synchronize_automatically(false)).await.unwrap();
    google.default_mapping().await.unwrap();
    google.groups().replace([group("g1")]).await.unwrap();
    let engineering = SelectedGroup::new(group("g2")).name("Engineering").email("eng@example.com");
    google.groups().add([engineering.direct_members_count(12), group("g3").into(), group("g4").into()]).await.unwrap();
    google.groups().remove([group("g1")]).await.unwrap();
    google.groups().search("name:eng*").page_size(2).next().await.unwrap();
    google.synchronize().await.unwrap();
    client(tenant).directory_provisionings().page_size(50).next().await.unwrap();
    google.delete().await.unwrap();
}

#[tokio::test]
async fn requests_are_as_the_contract_says() {
    let tenant = tenant(connection()).await;
    every_operation(&tenant).await;
    let requests = tenant.requests();
    let operations: BTreeSet<_> = requests.iter().filter_map(|request| request.operation).collect();
    let provisions =
        |operation: &&Operation| ["directory", "synchroniz"].iter().any(|word| operation.id().contains(word));
    let provisioning: BTreeSet<_> = Operation::OF_CONTRACT.iter().filter(provisions).copied().collect();
    assert_eq!(operations, provisioning);
    for request in &requests {
        insta::assert_snapshot!(request.operation_id().unwrap(), shown(request));
        assert!(!shown(request).contains(tenant.access_token()));
    }
}

#[tokio::test]
async fn a_cursor_goes_back_as_it_came() {
    let tenant = tenant(connection().synchronizes_groups(["g1", "g2", "g3"])).await;
    let mut pages = google(&tenant).groups().list().page_size(2);
    let next = pages.next().await.unwrap().unwrap().next.unwrap();
    pages.next().await.unwrap();
    let query = tenant.requests()[1].query.clone();
    let query: Vec<_> = query.split('&').collect();
    assert!(query.contains(&"take=2"), "{query:?}");
    let from = query.iter().find_map(|pair| pair.strip_prefix("from=")).unwrap();
    assert_eq!(from.replace("%3D", "="), next.as_str());
}
