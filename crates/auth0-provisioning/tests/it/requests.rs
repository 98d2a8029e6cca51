//! The exact request of each operation, as it leaves through the facade.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{CONNECTION, client, connection, google, operations, standing, tenant};
use auth0_provisioning::{
    Client, Desired, GroupFilter, GroupId, MappingItem, NewScimToken, OptionsChange, ScimDesired, ScimRow,
    SelectedGroup, SynchronizeGroups,
    types::{ConnectionStrategy, CreateConnectionRequest},
};
use auth0_provisioning_mock::{Connection, DirectoryGroup, DirectoryUser, MockTenant, RecordedRequest};
use futures_util::TryStreamExt;
use serde_json::Value;

/// Objects by the names of their members: whether `serde_json` keeps their order depends on what else is built.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

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
        format!("\n\n{}", serde_json::to_string_pretty(&sorted(request.json().expect("a body is JSON"))).unwrap())
    };
    format!("{} {}{query}\n{}{body}\n", request.method, request.path, headers.join("\n"))
}

fn group(id: &str) -> GroupId {
    id.parse().unwrap()
}

async fn directory_provisioning(tenant: &MockTenant) {
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

async fn connections(client: &Client) {
    let request = CreateConnectionRequest::new("acme-google".parse().unwrap(), ConnectionStrategy::GoogleApps);
    let options = OptionsChange::new().set("domain", "acme.example").set("api_enable_users", true);
    let created = client.create_connection(request.options(options.into_options())).await.unwrap();
    let google = client.connection(&created.id.unwrap().parse().unwrap());
    client.connections_by_strategy([ConnectionStrategy::GoogleApps]).page_size(50).next().await.unwrap();
    google.get().await.unwrap();
    google.change_options(OptionsChange::new().set("api_enable_groups", true)).await.unwrap();
    google.status().await.unwrap();
    google.change_clients([("app1", true)]).await.unwrap();
    google.clients().next().await.unwrap();
    google.delete().await.unwrap();
}

async fn scim(client: &Client) {
    let okta = client.scim(&"con_okta".parse().unwrap());
    okta.create(ScimDesired::default().user_id_attribute("externalId")).await.unwrap();
    okta.get().await.unwrap();
    okta.default_mapping().await.unwrap();
    let rows = [ScimRow::new("email", "emails[primary eq true].value")];
    okta.update(ScimDesired::default().user_id_attribute("userName").mapping(rows)).await.unwrap();
    client.scim_configurations().page_size(50).next().await.unwrap();
    let lifetime = std::time::Duration::from_secs(86_400);
    let token = okta.create_token(NewScimToken::default().scopes(["get:users"]).lifetime(lifetime)).await.unwrap();
    okta.tokens().await.unwrap();
    okta.delete_token(token.token_id).await.unwrap();
    okta.delete().await.unwrap();
}

async fn groups_and_logs(client: &Client) {
    let here = GroupFilter::default().connection(&CONNECTION.parse().unwrap());
    let group = client.groups(here).items().try_next().await.unwrap().unwrap();
    let group = client.group(group.id.unwrap());
    group.get().await.unwrap();
    let member = group.members().items().try_next().await.unwrap().unwrap();
    client.groups_of_user(member.id.unwrap()).next().await.unwrap();
    group.add_roles(["rol_editor"]).await.unwrap();
    group.roles().next().await.unwrap();
    group.remove_roles(["rol_editor"]).await.unwrap();
    group.delete().await.unwrap();
    let event = client.logs().search("type:directory_sync_*").items().try_next().await.unwrap().unwrap();
    client.logs().get(event.log_id.unwrap()).await.unwrap();
}

#[tokio::test]
async fn requests_are_as_the_contract_says() {
    let google = connection()
        .directory_user("kim", DirectoryUser::new("kim@acme.test"))
        .directory_group("g1", DirectoryGroup::new("Engineering").members(["kim"]));
    let builder =
        standing().connections([google.synchronizes_all_groups(), Connection::with_strategy("con_okta", "okta")]);
    let tenant = builder.role("rol_editor", "Editor", "May edit").start().await.unwrap();
    self::google(&tenant).synchronize().await.unwrap();
    tenant.clock().advance(std::time::Duration::from_secs(3600));
    tenant.clear_requests();
    let client = client(&tenant);
    groups_and_logs(&client).await;
    scim(&client).await;
    connections(&client).await;
    self::google(&tenant).delete().await.unwrap();
    directory_provisioning(&tenant).await;

    let requests = tenant.requests();
    let sent: BTreeSet<_> = requests.iter().filter_map(RecordedRequest::operation_id).collect();
    for operation in operations() {
        let id = operation.id;
        assert!(sent.contains(id), "{id} was not sent: call it in a function of this file, then review its snapshot");
    }
    let mut shown_before = BTreeSet::new();
    for request in &requests {
        assert!(!shown(request).contains(tenant.access_token()));
        if shown_before.insert(request.operation) {
            insta::assert_snapshot!(request.operation_id().unwrap(), shown(request));
        }
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
