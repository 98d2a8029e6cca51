use std::time::Duration;

use auth0_provisioning_mock::{Feature, MockTenant};
use serde_json::json;

use crate::caller::{Caller, google, path};

#[tokio::test]
async fn same_seed_gives_same_ids_and_credentials() {
    let mut identities = Vec::new();
    for seed in [7, 7, 8] {
        let caller = Caller::start(MockTenant::builder().connection(google().configured()).seed(seed)).await;
        let (_, run) = caller.provisioning("POST", "/synchronizations", None).await;
        let id = run["synchronization_id"].as_str().unwrap().to_owned();
        identities.push((id, caller.tenant.client_id().to_owned(), caller.tenant.client_secret().to_owned()));
    }
    assert_eq!(identities[0], identities[1]);
    assert_ne!(identities[0].0, identities[2].0);
    assert_ne!(identities[0].1, identities[2].1);
}

#[tokio::test]
async fn saved_tenant_continues() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenant.json");
    let groups = json!({ "groups": [{ "id": "g1", "name": "Engineering", "direct_members_count": 3 }] });

    let caller = Caller::start(MockTenant::builder().connection(google().configured()).seed(5)).await;
    caller.provisioning("PUT", "/synchronized-groups", Some(groups.clone())).await;
    caller.provisioning("POST", "/synchronizations", None).await;
    caller.tenant.clock().advance(Duration::from_secs(60));
    caller.tenant.set_feature(Feature::GroupMetadata, false);
    let before = caller.provisioning("GET", "", None).await;
    assert_eq!(before.1["last_synchronization_status"], "completed");
    caller.tenant.save(&file).unwrap();

    let mut loaded = Caller::start(MockTenant::builder().load(&file)).await;
    assert_eq!(loaded.tenant.client_secret(), caller.tenant.client_secret());
    assert!(loaded.tenant.clock().now() >= caller.tenant.clock().now() - chrono::TimeDelta::seconds(1));
    loaded.token = caller.token;
    assert_eq!(loaded.get(&path()).await, before);
    assert_eq!(loaded.provisioning("GET", "/synchronized-groups", None).await, (200, groups.clone()));
    assert_eq!(loaded.provisioning("PUT", "/synchronized-groups", Some(groups)).await.0, 403);
    assert_eq!(loaded.provisioning("POST", "/synchronizations", None).await.0, 400);
}

#[tokio::test]
async fn wrong_state_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("absent.json", None), ("text.json", Some("{}")), ("later.json", Some(LATER))] {
        let file = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let error = MockTenant::builder().load(&file).start().await.unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
}

const LATER: &str =
    r#"{"version":99,"seed":0,"random":0,"now":"2026-01-01T00:00:00Z","features":{"lacking":[]},"connections":[]}"#;
