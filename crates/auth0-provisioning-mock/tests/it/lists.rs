use std::time::Duration;

use auth0_provisioning_mock::{Connection, MockTenant};
use serde_json::json;

use crate::caller::{Caller, google};

const ALL: &str = "/connections-directory-provisionings";

/// Walks a list to its end; the ids on each page.
async fn walk(caller: &Caller, path: &str, items: &str, id: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut from = String::new();
    loop {
        let (status, page) = caller.get(&format!("{path}{from}")).await;
        assert_eq!(status, 200, "{page}");
        let items = page[items].as_array().unwrap();
        pages.push(items.iter().map(|item| item[id].as_str().unwrap().to_owned()).collect());
        match page["next"].as_str() {
            Some(next) => from = format!("&from={next}"),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn list_has_every_configured_connection_once() {
    let connections = Connection::fleet(7).chain([Connection::google_apps("con_unconfigured")]);
    let caller = Caller::start(MockTenant::builder().connections(connections)).await;

    let pages = walk(&caller, &format!("{ALL}?take=3"), "directory_provisionings", "connection_id").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    let expected: Vec<_> = (1..=7).map(|number| format!("con_{number:016}")).collect();
    assert_eq!(pages.concat(), expected);
}

#[tokio::test]
async fn last_full_page_has_no_next() {
    let caller = Caller::start(MockTenant::builder().connections(Connection::fleet(6))).await;
    let pages = walk(&caller, &format!("{ALL}?take=3"), "directory_provisionings", "connection_id").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3]);
}

#[tokio::test]
async fn page_size_defaults_to_fifty() {
    let caller = Caller::start(MockTenant::builder().connections(Connection::fleet(120))).await;
    let pages = walk(&caller, &format!("{ALL}?"), "directory_provisionings", "connection_id").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
    let (_, page) = caller.get(&format!("{ALL}?take=100")).await;
    assert_eq!(page["directory_provisionings"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn take_and_unknown_parameters_are_checked() {
    let caller = Caller::configured().await;
    for query in ["take=0", "take=101", "take=ten", "take=", "take=1&take=2", "from=nonsense", "page=1"] {
        assert_eq!(caller.get(&format!("{ALL}?{query}")).await.0, 400, "{query}");
    }
}

#[tokio::test]
async fn groups_are_paged_and_cursors_expire() {
    let caller = Caller::start(
        MockTenant::builder()
            .connection(google().synchronizes_groups(["a", "b", "c"]))
            .connection(Connection::google_apps("con_other").synchronizes_groups(["x", "y"]))
            .cursor_lifetime(Duration::from_secs(60)),
    )
    .await;
    let groups = "/synchronized-groups?take=2";
    let path = format!("{}{groups}", crate::caller::path());
    assert_eq!(walk(&caller, &path, "groups", "id").await, [vec!["a", "b"], vec!["c"]]);

    let (_, page) = caller.provisioning("GET", groups, None).await;
    let next = page["next"].as_str().unwrap();
    let elsewhere = format!("/connections/con_other/directory-provisioning{groups}&from={next}");
    assert_eq!(caller.get(&elsewhere).await.0, 400, "a cursor belongs to one connection");

    caller.tenant.clock().advance(Duration::from_secs(60));
    let (status, body) = caller.provisioning("GET", &format!("{groups}&from={next}"), None).await;
    assert_eq!(status, 400);
    assert!(body["message"].as_str().unwrap().contains("expired"), "{body}");
}

#[tokio::test]
async fn cursor_survives_deletion_of_its_group() {
    let caller = Caller::of(google().synchronizes_groups(["a", "b", "c"])).await;
    let (_, page) = caller.provisioning("GET", "/synchronized-groups?take=2", None).await;
    let gone = json!({ "groups": [{ "id": "b" }] });
    caller.provisioning("DELETE", "/synchronized-groups", Some(gone)).await;
    let rest = format!("/synchronized-groups?from={}", page["next"].as_str().unwrap());
    assert_eq!(caller.provisioning("GET", &rest, None).await, (200, json!({ "groups": [{ "id": "c" }] })));
}
