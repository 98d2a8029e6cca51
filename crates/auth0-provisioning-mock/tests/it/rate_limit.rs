use std::time::Duration;

use auth0_provisioning_mock::{MockTenant, Operation, RateLimit, RequestPattern, Stub};

use crate::caller::{Caller, google, outcome, path};

#[tokio::test]
async fn each_response_reports_the_rest_of_burst() {
    let builder = MockTenant::builder().connection(google().configured()).rate_limit(RateLimit::new(3, 2));
    let caller = Caller::start(builder).await;
    caller.tenant.clock().freeze();
    let now = caller.tenant.clock().now().timestamp();

    for (remaining, status) in [("2", 200), ("1", 200), ("0", 200), ("0", 429)] {
        let response = caller.request("GET", &path()).send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["x-ratelimit-limit"], "3");
        assert_eq!(response.headers()["x-ratelimit-remaining"], remaining);
        let reset: i64 = response.headers()["x-ratelimit-reset"].to_str().unwrap().parse().unwrap();
        assert!((now..=now + 2).contains(&reset), "{reset}");
        assert!(response.headers().get("retry-after").is_none());
        if status == 429 {
            assert_eq!(outcome(response).await.1["errorCode"], "too_many_requests");
        }
    }
    caller.tenant.clock().advance(Duration::from_millis(500));
    assert_eq!(caller.get(&path()[..]).await.0, 200, "half a second later one token has been added");
    assert_eq!(caller.get(&path()[..]).await.0, 429);
}

#[tokio::test]
async fn errors_count_and_token_requests_do_not() {
    let builder = MockTenant::builder().connection(google()).rate_limit(RateLimit::new(2, 1));
    let caller = Caller::start(builder).await;
    caller.tenant.clock().freeze();
    for _ in 0..3 {
        let response = caller.http.post(format!("{}/oauth/token", caller.tenant.base_url())).send().await.unwrap();
        assert_eq!(response.status(), 400);
        assert!(response.headers().get("x-ratelimit-limit").is_none());
    }
    assert_eq!(caller.get("/connections/nonsense/directory-provisioning").await.0, 400);
    assert_eq!(caller.get(&path()).await.0, 404);
    assert_eq!(caller.get(&path()).await.0, 429);
}

#[tokio::test]
async fn class_of_requests_has_its_own_limit() {
    let rotation = RequestPattern::new("POST", "/api/v2/keys/signing/rotate");
    let builder = MockTenant::builder()
        .connection(google().configured())
        .rate_limit(RateLimit::new(50, 16))
        .rate_limit_of(rotation, RateLimit::per(2, 5, Duration::from_secs(86_400)))
        .rate_limit_of(Operation::GetDefaultMapping, RateLimit::new(1, 1));
    let caller = Caller::start(builder).await;
    caller.tenant.clock().freeze();
    caller.tenant.stub(Stub::new("POST", "/api/v2/keys/signing/rotate").status(201));

    let now = caller.tenant.clock().now().timestamp();
    for (remaining, status) in [("1", 201), ("0", 201), ("0", 429)] {
        let response = caller.request("POST", "/keys/signing/rotate").send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["x-ratelimit-limit"], "2");
        assert_eq!(response.headers()["x-ratelimit-remaining"], remaining);
        let reset: i64 = response.headers()["x-ratelimit-reset"].to_str().unwrap().parse().unwrap();
        assert!((now + 17_279..=now + 17_281).contains(&reset), "{reset}");
    }
    let mapping = format!("{}/default-mapping", path());
    assert_eq!((caller.get(&mapping).await.0, caller.get(&mapping).await.0), (200, 429));

    let general = caller.request("GET", &path()).send().await.unwrap();
    assert_eq!(general.status(), 200);
    assert_eq!(general.headers()["x-ratelimit-limit"], "50");
    assert_eq!(
        general.headers()["x-ratelimit-remaining"],
        "49",
        "the classes have taken nothing from the general limit"
    );
}
