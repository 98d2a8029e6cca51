use serde_json::{Value, json};

use crate::caller::{Caller, google};

const GROUPS: &str = "/synchronized-groups";

async fn selected(caller: &Caller, query: &str) -> Value {
    let (status, mut page) = caller.provisioning("GET", &format!("{GROUPS}{query}"), None).await;
    assert_eq!(status, 200, "{page}");
    page["groups"].take()
}

async fn ids(caller: &Caller, query: &str) -> Vec<String> {
    let groups = selected(caller, query).await;
    groups.as_array().unwrap().iter().map(|group| group["id"].as_str().unwrap().to_owned()).collect()
}

async fn change(caller: &Caller, method: &str, groups: Value) {
    let changed = caller.provisioning(method, GROUPS, Some(json!({ "groups": groups }))).await;
    assert_eq!(changed, (204, Value::Null), "{method} {groups}");
}

#[tokio::test]
async fn groups_are_sorted_by_id() {
    let caller = Caller::configured().await;
    change(&caller, "POST", json!([{ "id": "g3" }, { "id": "g1" }])).await;
    change(&caller, "POST", json!([{ "id": "g2" }])).await;
    assert_eq!(ids(&caller, "").await, ["g1", "g2", "g3"]);
}

#[tokio::test]
async fn replace_removes_other_groups() {
    let caller = Caller::of(google().synchronizes_groups(["g1", "g2"])).await;
    change(&caller, "PUT", json!([{ "id": "g2" }, { "id": "g9" }])).await;
    assert_eq!(ids(&caller, "").await, ["g2", "g9"]);
    change(&caller, "PUT", json!([])).await;
    assert_eq!(selected(&caller, "").await, json!([]));
}

#[tokio::test]
async fn adding_again_replaces_metadata() {
    let caller = Caller::configured().await;
    let group = json!({ "id": "g1", "name": "Engineering", "email": "eng@acme.test", "direct_members_count": 7 });
    change(&caller, "POST", json!([group])).await;
    assert_eq!(selected(&caller, "").await, json!([group]));

    change(&caller, "POST", json!([{ "id": "g1", "name": "Engineers" }])).await;
    assert_eq!(selected(&caller, "").await, json!([{ "id": "g1", "name": "Engineers" }]));
    change(&caller, "POST", json!([{ "id": "g1" }, { "id": "g1" }])).await;
    assert_eq!(selected(&caller, "").await, json!([{ "id": "g1" }]));
}

#[tokio::test]
async fn removing_ignores_unknown_groups() {
    let caller = Caller::of(google().synchronizes_groups(["g1", "g2"])).await;
    change(&caller, "DELETE", json!([{ "id": "g2" }, { "id": "g7" }])).await;
    assert_eq!(ids(&caller, "").await, ["g1"]);
}

#[tokio::test]
async fn only_replace_accepts_more_than_hundred_groups() {
    let caller = Caller::configured().await;
    let groups = |count: usize| (0..count).map(|number| json!({ "id": format!("g{number:04}") })).collect::<Value>();
    for method in ["POST", "DELETE"] {
        change(&caller, method, groups(100)).await;
        let (status, rejected) = caller.provisioning(method, GROUPS, Some(json!({ "groups": groups(101) }))).await;
        assert!(rejected["message"].as_str().unwrap().contains("'Array is too long (101), maximum 100'"), "{rejected}");
        assert_eq!(status, 400, "{method}");
    }
    change(&caller, "PUT", groups(250)).await;
}

#[tokio::test]
async fn rejected_groups_change_nothing() {
    let caller = Caller::of(google().synchronizes_groups(["g1"])).await;
    let broken = [
        json!({ "id": "" }),
        json!({ "id": "a".repeat(33) }),
        json!({ "id": "a-b" }),
        json!({ "name": "no id" }),
        json!({ "id": "g2", "email": "" }),
        json!({ "id": "g2", "email": "unknown" }),
        json!({ "id": "g2", "direct_members_count": 1.5 }),
    ];
    for group in broken {
        for method in ["PUT", "POST"] {
            let (status, body) = caller.provisioning(method, GROUPS, Some(json!({ "groups": [group] }))).await;
            assert_eq!((status, &body["errorCode"]), (400, &json!("invalid_body")), "{method} {group}");
        }
    }
    let named = json!({ "groups": [{ "id": "g1", "name": "Engineering" }] });
    assert_eq!(caller.provisioning("DELETE", GROUPS, Some(named)).await.0, 400);
    assert_eq!(caller.provisioning("PUT", GROUPS, None).await.0, 400);
    assert_eq!(ids(&caller, "").await, ["g1"]);
}

#[tokio::test]
async fn query_selects_a_prefix() {
    let caller = Caller::configured().await;
    let groups = json!([
        { "id": "g1", "name": "Engineering Berlin", "email": "berlin@acme.test" },
        { "id": "g2", "name": "engineering", "email": "eng@acme.test" },
        { "id": "g3", "name": "Sales" },
        { "id": "g4" },
    ]);
    change(&caller, "PUT", groups).await;
    assert_eq!(ids(&caller, "?q=name:ENGINEERING*").await, ["g1", "g2"]);
    assert_eq!(ids(&caller, "?q=email%3Aeng*").await, ["g2"]);
    assert_eq!(ids(&caller, "?q=name:legal*").await, [""; 0]);
    for query in ["name:engineering", "name:a*%20OR%20name:b*", "id:g1*", ""] {
        let (status, _) = caller.provisioning("GET", &format!("{GROUPS}?q={query}"), None).await;
        assert_eq!(status, 400, "{query}");
    }
}

#[tokio::test]
async fn sizes_of_the_contract_are_enforced() {
    let caller = Caller::configured().await;
    let status = async |method: &str, groups: Value| {
        caller.provisioning(method, GROUPS, Some(json!({ "groups": groups }))).await.0
    };
    let email = |length: usize| format!("{}@acme.test", "e".repeat(length - "@acme.test".len()));
    for (method, groups, expected) in [
        ("POST", json!([{ "id": "g1", "name": "n".repeat(150) }]), 204),
        ("POST", json!([{ "id": "g1", "name": "n".repeat(151) }]), 400),
        ("POST", json!([{ "id": "g1", "email": email(64) }]), 204),
        ("POST", json!([{ "id": "g1", "email": email(255) }]), 400),
        ("POST", json!([{ "id": "g1", "email": "" }]), 400),
        ("PUT", json!([{ "id": "g1", "direct_members_count": 2_147_483_647 }]), 204),
        ("PUT", json!([{ "id": "g1", "direct_members_count": 2_147_483_648_u32 }]), 400),
        ("PUT", json!([{ "id": "g1", "direct_members_count": -1 }]), 400),
        ("DELETE", json!([]), 400),
        ("DELETE", json!([{ "id": "g1" }]), 204),
    ] {
        assert_eq!(status(method, groups.clone()).await, expected, "{method} {groups}");
    }
    let query = |length: usize| format!("{GROUPS}?q=name:{}*", "a".repeat(length - "name:*".len()));
    assert_eq!(caller.provisioning("GET", &query(515), None).await.0, 200);
    assert_eq!(caller.provisioning("GET", &query(516), None).await.0, 400);
    for (take, expected) in [(0, 400), (1, 200), (100, 200), (101, 400)] {
        assert_eq!(caller.provisioning("GET", &format!("{GROUPS}?take={take}"), None).await.0, expected, "{take}");
    }
}
