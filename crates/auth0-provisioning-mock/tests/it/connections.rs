use auth0_provisioning_mock::{Connection, MockTenant};
use serde_json::{Value, json};

use crate::caller::{Caller, ID, google};

async fn caller() -> Caller {
    let others = (1..=3).map(|number| Connection::with_strategy(format!("con_{number}"), "okta"));
    Caller::start(MockTenant::builder().connection(google()).connections(others)).await
}

fn ids(connections: &Value) -> Vec<&str> {
    connections.as_array().unwrap().iter().map(|connection| connection["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn connections_are_found_by_id_name_or_strategy() {
    let caller = caller().await;
    let (status, connection) = caller.get(&format!("/connections/{ID}")).await;
    assert_eq!((status, connection["name"].as_str()), (200, Some("acme-workspace")));
    let (status, body) = caller.get("/connections/con_absent").await;
    assert_eq!((status, body["errorCode"].as_str()), (404, Some("inexistent_connection")));

    assert_eq!(ids(&caller.get("/connections?name=acme-workspace").await.1), [ID]);
    assert_eq!(ids(&caller.get("/connections?strategy=google-apps").await.1), [ID]);
    assert_eq!(ids(&caller.get("/connections?strategy=google-apps&strategy=okta").await.1).len(), 4);
}

#[tokio::test]
async fn connections_are_paged_by_number_and_by_cursor() {
    let caller = caller().await;
    assert_eq!(ids(&caller.get("/connections?per_page=3&page=1").await.1), ["con_3"]);
    let (_, totals) = caller.get("/connections?per_page=3&include_totals=true").await;
    assert_eq!((totals["total"].as_u64(), totals["limit"].as_u64()), (Some(4), Some(3)));

    let (_, first) = caller.get("/connections?take=3").await;
    assert_eq!(ids(&first["connections"]), [ID, "con_1", "con_2"]);
    let (_, second) = caller.get(&format!("/connections?take=3&from={}", first["next"].as_str().unwrap())).await;
    assert_eq!((ids(&second["connections"]), second.get("next")), (vec!["con_3"], None));
}

#[tokio::test]
async fn connections_need_their_own_scope() {
    let mut caller = caller().await;
    caller.token = caller.tenant.token_with_scopes(&["read:directory_provisionings"]);
    assert_eq!(caller.get("/connections").await.0, 403);
    caller.token = caller.tenant.token_with_scopes(&["read:connections"]);
    assert_eq!(caller.get("/connections").await.0, 200);
}

#[tokio::test]
async fn update_resets_absent_display_name_and_realms() {
    let caller = caller().await;
    let here = format!("/connections/{ID}");
    let change = async |change: Value| caller.send("PATCH", &here, Some(change)).await.1;
    let named = json!({ "display_name": "Acme", "realms": ["acme.example"] });
    let changed = change(named.clone()).await;
    assert_eq!((&changed["display_name"], &changed["realms"]), (&named["display_name"], &named["realms"]));
    for other in [json!({ "show_as_button": true }), json!({ "realms": [] })] {
        change(named.clone()).await;
        let reset = change(other).await;
        assert_eq!((&reset["display_name"], &reset["realms"]), (&json!("acme-workspace"), &json!(["acme-workspace"])));
    }
}

#[tokio::test]
async fn null_removes_resource_application() {
    let caller = caller().await;
    let here = format!("/connections/{ID}");
    let resource = async |value: Value| {
        let change = json!({ "cross_app_access_resource_app": value });
        caller.send("PATCH", &here, Some(change)).await.1["cross_app_access_resource_app"].take()
    };
    assert_eq!(resource(json!({ "status": "enabled" })).await, json!({ "status": "enabled" }));
    assert_eq!(resource(Value::Null).await, Value::Null);
}
