use std::time::Duration;

use auth0_provisioning_mock::{Fault, MockTenant, RateLimit, RequestPattern, Stub};
use serde_json::json;

use crate::caller::{Caller, google, path};

#[tokio::test]
async fn stub_responds_on_unknown_path() {
    let caller = Caller::configured().await;
    assert_eq!(caller.get("/keys/signing").await.0, 404);
    caller.tenant.stub(Stub::new("GET", "/api/v2/keys/signing").json(&json!([{ "kid": "k1" }])).header("x-more", "1"));
    let response = caller.request("GET", "/keys/signing").send().await.unwrap();
    assert_eq!(response.headers()["x-more"], "1");
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(response.text().await.unwrap(), r#"[{"kid":"k1"}]"#);
    assert_eq!(caller.send("POST", "/keys/signing", None).await.0, 404, "another method is not meant");
    assert_eq!(caller.tenant.requests().last().unwrap().path, "/api/v2/keys/signing");
}

#[tokio::test]
async fn later_stub_takes_precedence() {
    let caller = Caller::configured().await;
    caller.tenant.stub(Stub::new("GET", "/api/v2/connections/{id}/directory-provisioning").status(418));
    assert_eq!(caller.get(&path()).await.0, 418);
    caller.tenant.stub(Stub::new("*", &format!("/api/v2{}", path())).status(204));
    assert_eq!(caller.get(&path()).await.0, 204);
}

#[tokio::test]
async fn stub_of_management_api_requires_token() {
    let mut caller = Caller::start(MockTenant::builder().rate_limit(RateLimit::new(1, 1))).await;
    caller.tenant.clock().freeze();
    caller.tenant.stub(Stub::new("GET", "/api/v2/stats/daily").json(&json!([])));
    caller.tenant.stub(Stub::new("GET", "/.well-known/jwks.json").json(&json!({ "keys": [] })));
    assert_eq!(caller.get("/stats/daily").await.0, 200);
    assert_eq!(caller.get("/stats/daily").await.0, 429);
    caller.tenant.clock().advance(Duration::from_secs(1));
    "nonsense".clone_into(&mut caller.token);
    assert_eq!(caller.get("/stats/daily").await.0, 401);
    let keys = caller.http.get(format!("{}/.well-known/jwks.json", caller.tenant.base_url())).send().await.unwrap();
    assert_eq!((keys.status().as_u16(), keys.headers().get("x-ratelimit-limit")), (200, None));
}

#[tokio::test]
async fn faults_match_stubs_by_path() {
    let caller = Caller::of(google().configured()).await;
    caller.tenant.stub(Stub::new("POST", "/api/v2/keys/signing/rotate").status(201));
    let rotation = RequestPattern::new("POST", "/api/v2/keys/signing/rotate");
    caller.tenant.fault(Fault::rate_limited().on(rotation.clone()).times(2));
    caller.tenant.fault(Fault::status(503).on(rotation));
    assert_eq!(caller.get(&path()).await.0, 200);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(caller.send("POST", "/keys/signing/rotate", None).await.0);
    }
    assert_eq!(statuses, [429, 429, 503, 201]);
}
