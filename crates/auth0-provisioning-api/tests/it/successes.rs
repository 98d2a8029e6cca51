//! The generated client decodes the contract's example of each success, and encodes it without a loss.

use std::{collections::BTreeMap, pin::Pin};

use auth0_provisioning_api::{
    Client, Error, Response, connections::types as connections, directory_provisioning::types as provisioning,
    groups::types as groups, logs::types as logs, scim::types as scim,
};
use serde::Serialize;
use serde_json::{Value, json};

const ID: &str = "con_0123456789abcdef";
const GROUP: &str = "grp_1a2b3c4d5e6f7g";

/// The status and the body of a success.
struct Success {
    status: u16,
    body: Option<Value>,
}

/// Returns every success that the contract describes, with its operation.
fn successes() -> Vec<(String, Success)> {
    let contract: Value = serde_json::from_str(include_str!("../../../../openapi/auth0-provisioning.json")).unwrap();
    let mut found = Vec::new();
    for item in contract["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values().filter(|operation| operation["operationId"].is_string()) {
            let id = operation["operationId"].as_str().unwrap();
            let responses = operation["responses"].as_object().unwrap().iter();
            for (status, response) in responses.filter(|(status, _)| status.starts_with('2')) {
                let content = &response["content"]["application/json"];
                assert!(content.is_null() || content["example"] != Value::Null, "{id} {status} has no example");
                let body = content.get("example").cloned();
                found.push((id.to_owned(), Success { status: status.parse().unwrap(), body }));
            }
        }
    }
    found
}

type Called = Pin<Box<dyn Future<Output = Result<Value, Error>>>>;
type Call = fn(Client) -> Called;

/// Encodes a decoded response again.
fn again<T: Serialize>(response: Result<Response<T>, Error>) -> Result<Value, Error> {
    response.map(|response| serde_json::to_value(response.into_inner()).unwrap())
}

/// The call of each operation, by id.
macro_rules! calls {
    ($($id:literal: |$client:ident| $call:expr;)+) => {
        [$(($id, (|$client: Client| -> Called { Box::pin(async move { again($call.await) }) }) as Call)),+]
    };
}

fn calls() -> BTreeMap<&'static str, Call> {
    calls! {
        "get_directory-provisioning": |client| client.get_directory_provisioning(ID);
        "post_directory-provisioning": |client| client.post_directory_provisioning(ID, None);
        "patch_directory-provisioning": |client| client.patch_directory_provisioning(ID, None);
        "delete_directory-provisioning": |client| client.delete_directory_provisioning(ID);
        "get_directory_provisioning_default_mapping":
            |client| client.get_directory_provisioning_default_mapping(ID);
        "post_synchronizations": |client| client.post_synchronizations(ID);
        "get_synchronized-groups": |client| client.get_synchronized_groups(ID, None, None, None);
        "put_synchronized-groups":
            |client| client.put_synchronized_groups(ID, &provisioning::SynchronizedGroupList::new(vec![]));
        "post_synchronized-groups":
            |client| client.post_synchronized_groups(ID, &provisioning::AddSynchronizedGroupsRequest::new(vec![]));
        "delete_synchronized-groups":
            |client| client.delete_synchronized_groups(ID, &provisioning::RemoveSynchronizedGroupsRequest::new(vec![]));
        "get_connections-directory-provisionings":
            |client| client.get_connections_directory_provisionings(None, None);
        "get_connections": |client| client.get_connections(&connections::GetConnectionsParameters::default());
        "post_connections": |client| client.post_connections(&connection());
        "get_connections_by_id": |client| client.get_connections_by_id(ID, None, None);
        "patch_connections_by_id":
            |client| client.patch_connections_by_id(ID, &connections::UpdateConnectionRequest::default());
        "delete_connections_by_id": |client| client.delete_connections_by_id(ID);
        "get_status": |client| client.get_status(ID);
        "get_connection_clients": |client| client.get_connection_clients(ID, None, None);
        "patch_clients": |client| client.patch_clients(ID, &vec![].into());
        "get_scim-configuration": |client| client.get_scim_configuration(ID);
        "post_scim-configuration": |client| client.post_scim_configuration(ID, None);
        "patch_scim-configuration":
            |client| client.patch_scim_configuration(ID, &scim::UpdateScimConfigurationRequest::new(vec![], "externalId"));
        "delete_scim-configuration": |client| client.delete_scim_configuration(ID);
        "get_default-mapping": |client| client.get_default_mapping(ID);
        "get_scim_tokens": |client| client.get_scim_tokens(ID);
        "post_scim_token": |client| client.post_scim_token(ID, None);
        "delete_tokens_by_tokenId": |client| client.delete_tokens_by_token_id(ID, "tok_1");
        "get_connections-scim-configurations": |client| client.get_connections_scim_configurations(None, None);
        "get_groups": |client| client.get_groups(&groups::GetGroupsParameters::default());
        "get_group": |client| client.get_group(&GROUP.parse().unwrap());
        "delete_group": |client| client.delete_group(&GROUP.parse().unwrap());
        "get_group_members":
            |client| client.get_group_members(&GROUP.parse().unwrap(), &groups::GetGroupMembersParameters::default());
        "get_user_groups": |client| client.get_user_groups("auth0|1", &groups::GetUserGroupsParameters::default());
        "get_group_roles": |client| client.get_group_roles(&GROUP.parse().unwrap(), None, None);
        "post_group_roles":
            |client| client.post_group_roles(&GROUP.parse().unwrap(), &groups::AssignGroupRolesRequest::new(vec![]));
        "delete_group_roles":
            |client| client.delete_group_roles(&GROUP.parse().unwrap(), &groups::RemoveGroupRolesRequest::new(vec![]));
        "get_logs": |client| client.get_logs(&logs::GetLogsParameters::default());
        "get_logs_by_id": |client| client.get_logs_by_id("9002026");
    }
    .into_iter()
    .collect()
}

fn connection() -> connections::CreateConnectionRequest {
    let name = "acme-okta".parse().unwrap();
    connections::CreateConnectionRequest::new(name, connections::ConnectionStrategy::Okta)
}

#[tokio::test]
async fn decodes_each_success_without_loss() {
    let calls = calls();
    let successes = successes();
    for (id, Success { status, body }) in &successes {
        let text = body.as_ref().map(Value::to_string).unwrap_or_default();
        let (_, response) = crate::wire::exchange(*status, &text, calls[id.as_str()]).await;
        let decoded = response.unwrap_or_else(|error| panic!("{id} {status}: {error}"));
        assert_eq!(decoded, body.clone().unwrap_or(json!(null)), "{id} {status}");
    }
    assert_eq!(
        successes.iter().map(|(id, _)| id.as_str()).collect::<std::collections::BTreeSet<_>>().len(),
        calls.len()
    );
    assert_eq!(calls.len(), 38);
}

/// The API returns the same list in several shapes.
#[tokio::test]
async fn decodes_each_shape_of_a_list() {
    let item = json!({ "id": ID, "name": "acme-okta", "strategy": "okta", "of_tomorrow": { "deep": [1] } });
    let shapes = [
        json!({ "connections": [item], "next": "cursor" }),
        json!({ "connections": [item] }),
        json!({ "start": 0.0, "limit": 50.0, "total": 1.0, "connections": [item] }),
        json!([item]),
    ];
    for shape in shapes {
        let (_, response) = crate::wire::exchange(200, &shape.to_string(), calls()["get_connections"]).await;
        assert_eq!(response.unwrap(), shape);
        let list: connections::ConnectionList = serde_json::from_value(shape.clone()).unwrap();
        match list {
            connections::ConnectionList::ConnectionPage(page) => {
                assert_eq!(shape.get("next").is_some(), page.next.is_some());
            }
            connections::ConnectionList::ConnectionOffsetPage(_) => assert!(shape["total"].is_number()),
            connections::ConnectionList::ConnectionList(_) => assert!(shape.is_array()),
            other => panic!("{other:?}"),
        }
    }
}
