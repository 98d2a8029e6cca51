use auth0_provisioning_mock::{Cut, Fault, MockTenant, Operation};
use serde_json::json;

use crate::caller::{Caller, google, path};

#[tokio::test]
async fn log_records_each_request() {
    let caller = Caller::configured().await;
    caller.tenant.clock().freeze();
    caller.provisioning("PATCH", "?x=a%20b", Some(json!({ "synchronize_groups": "all" }))).await;
    caller.get("/nowhere").await;

    let requests = caller.tenant.requests();
    let update = &requests[0];
    assert_eq!(update.at, caller.tenant.clock().now());
    assert_eq!((update.operation, update.status), (Some(Operation::UpdateConfiguration), 200));
    assert_eq!(update.operation_id(), Some("patch_directory-provisioning"));
    assert_eq!((update.method.as_str(), update.path.as_str()), ("PATCH", &*format!("/api/v2{}", path())));
    assert_eq!(update.query, "x=a%20b");
    assert_eq!(update.header("content-type"), Some("application/json"));
    assert_eq!(update.json(), Some(json!({ "synchronize_groups": "all" })));
    assert_eq!((requests[1].operation, requests[1].status), (None, 404));
}

#[tokio::test]
async fn printed_log_has_no_secret() {
    let caller = Caller::configured().await;
    caller.get(&path()).await;
    let printed = format!("{:?} {:?}", caller.tenant.requests(), caller.tenant);
    assert!(!printed.contains(&caller.token), "{printed}");
    assert!(!printed.contains(caller.tenant.client_secret()), "{printed}");
}

#[tokio::test]
async fn log_keeps_the_latest_and_can_be_cleared() {
    let caller = Caller::start(MockTenant::builder().connection(google()).request_log(2)).await;
    for number in 1..=3 {
        caller.get(&format!("/{number}")).await;
    }
    let paths: Vec<_> = caller.tenant.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/api/v2/2", "/api/v2/3"]);
    caller.tenant.clear_requests();
    assert_eq!(caller.tenant.requests(), []);

    let caller = Caller::start(MockTenant::builder().request_log(0)).await;
    caller.get("/1").await;
    assert_eq!(caller.tenant.requests(), []);
}

#[tokio::test]
async fn request_without_response_has_no_status() {
    let caller = Caller::configured().await;
    caller.tenant.fault(Fault::cut(Cut::BeforeResponse));
    caller.request("GET", &path()).send().await.unwrap_err();
    assert_eq!(caller.tenant.requests()[0].status, 0);
}
