use std::time::Duration;

use auth0_provisioning_mock::{Cut, Fault, Operation};
use serde_json::{Value, json};

use crate::caller::{Caller, google, path};

async fn status(caller: &Caller) -> u16 {
    caller.request("GET", &path()).send().await.unwrap().status().as_u16()
}

async fn text(caller: &Caller, path: &str) -> String {
    caller.request("GET", path).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn faults_happen_in_order() {
    let caller = Caller::configured().await;
    caller.tenant.faults([
        Fault::rate_limited().times(2),
        Fault::none(),
        Fault::status(503),
        Fault::error_response("provisioning_disabled"),
    ]);
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(status(&caller).await);
    }
    assert_eq!(statuses, [429, 429, 200, 503, 403, 200]);
}

#[tokio::test]
async fn fault_of_operation_spares_others() {
    let caller = Caller::configured().await;
    caller.tenant.fault(Fault::status(502).on(Operation::GetDefaultMapping).always());
    for _ in 0..3 {
        assert_eq!(status(&caller).await, 200);
        assert_eq!(caller.provisioning("GET", "/default-mapping", None).await.0, 502);
    }
    caller.tenant.clear_faults();
    assert_eq!(caller.provisioning("GET", "/default-mapping", None).await.0, 200);
}

#[tokio::test]
async fn rate_limited_response_can_have_retry_after() {
    let caller = Caller::configured().await;
    caller.tenant.faults([Fault::rate_limited(), Fault::retry_after(Duration::from_secs(7200))]);
    let standard = caller.request("GET", &path()).send().await.unwrap();
    assert_eq!(standard.headers().get("retry-after"), None);
    assert_eq!(standard.headers()["x-ratelimit-remaining"], "0");
    assert_eq!(standard.json::<Value>().await.unwrap()["errorCode"], "too_many_requests");

    let custom = caller.request("GET", &path()).send().await.unwrap();
    assert_eq!(custom.headers()["retry-after"], "7200");
    assert_ne!(custom.headers()["x-ratelimit-remaining"], "0");
    assert_eq!(custom.json::<Value>().await.unwrap()["error"], "too_many_requests");
}

#[tokio::test]
async fn status_after_effect_changes_state() {
    let caller = Caller::of(google()).await;
    for (fault, exists) in [(Fault::status(500), 404), (Fault::status_after_effect(500), 200)] {
        caller.tenant.fault(fault);
        assert_eq!(caller.provisioning("POST", "", Some(json!({}))).await.0, 500);
        assert_eq!(caller.provisioning("GET", "", None).await.0, exists);
    }
}

#[tokio::test]
async fn cut_before_or_after_effect_looks_alike() {
    for (cut, exists) in [(Cut::BeforeRequest, 404), (Cut::BeforeResponse, 200)] {
        let caller = Caller::of(google()).await;
        caller.tenant.fault(Fault::cut(cut));
        caller.request("POST", &path()).send().await.unwrap_err();
        assert_eq!(status(&caller).await, exists, "{cut:?}");
    }
}

#[tokio::test]
async fn cut_within_response_sends_half_a_body() {
    let caller = Caller::configured().await;
    caller.tenant.fault(Fault::cut(Cut::WithinResponse));
    let response = caller.request("GET", &path()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap_err();

    caller.tenant.fault(Fault::cut(Cut::WithinResponse));
    let nothing_to_halve = caller.request("DELETE", &path()).send().await;
    nothing_to_halve.unwrap_err();
}

#[tokio::test]
async fn cut_after_response_closes_the_connection() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let caller = Caller::configured().await;
    let address = caller.tenant.base_url().trim_start_matches("http://").to_owned();
    for method in ["GET", "DELETE"] {
        caller.tenant.fault(Fault::cut(Cut::AfterResponse));
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let request = format!(
            "{method} /api/v2{} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\r\n",
            path(),
            caller.token
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 20"), "{response}");
        assert!(!response.to_lowercase().contains("connection: close"), "{response}");
    }
}

#[tokio::test]
async fn bodies_can_be_broken() {
    let caller = Caller::configured().await;
    let whole = text(&caller, &path()).await;
    caller.tenant.faults([Fault::truncated_body(), Fault::not_json(), Fault::body("null")]);
    assert_eq!(text(&caller, &path()).await, whole[..whole.len() / 2]);
    let html = caller.request("GET", &path()).send().await.unwrap();
    assert_eq!(html.headers()["content-type"], "application/json; charset=utf-8");
    assert!(html.text().await.unwrap().starts_with("<html>"));
    assert_eq!(text(&caller, &path()).await, "null");

    caller.tenant.fault(Fault::content_type("text/html").header("x-more", "1"));
    let response = caller.request("GET", &path()).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/html");
    assert_eq!(response.headers()["x-more"], "1");
    assert_eq!(response.text().await.unwrap(), whole);
}

#[tokio::test]
async fn responses_can_have_unknown_values() {
    let caller = Caller::of(google().synchronizes_all_groups()).await;
    caller.tenant.faults([Fault::unknown_enum_values(), Fault::extra_fields(), Fault::nulls_for_absent()]);
    let (_, unknown) = caller.provisioning("GET", "", None).await;
    assert_eq!(unknown["synchronize_groups"], "unheard_of");
    let (_, extra) = caller.provisioning("GET", "", None).await;
    assert!(extra["unheard_of"].is_object() && extra["mapping"][0]["unheard_of"].is_object());
    let (_, nulls) = caller.provisioning("GET", "", None).await;
    assert_eq!(nulls.get("last_synchronization_at"), Some(&Value::Null));
    assert_eq!(caller.provisioning("GET", "", None).await.1.get("last_synchronization_at"), None);
}

#[tokio::test]
async fn empty_page_loses_no_item() {
    let caller = Caller::of(google().synchronizes_groups(["a", "b", "c"])).await;
    caller.tenant.faults([Fault::none(), Fault::empty_page()]);
    let (_, first) = caller.provisioning("GET", "/synchronized-groups?take=1", None).await;
    let from = |page: &Value| format!("/synchronized-groups?from={}", page["next"].as_str().unwrap());
    let (_, empty) = caller.provisioning("GET", &from(&first), None).await;
    assert_eq!(empty["groups"], json!([]));
    assert_ne!(empty["next"], first["next"]);
    let (_, rest) = caller.provisioning("GET", &from(&empty), None).await;
    assert_eq!(rest, json!({ "groups": [{ "id": "b" }, { "id": "c" }] }));

    caller.tenant.fault(Fault::next_cursor(""));
    let (_, page) = caller.provisioning("GET", "/synchronized-groups", None).await;
    assert_eq!((page["groups"].as_array().unwrap().len(), &page["next"]), (3, &json!("")));
}

#[tokio::test]
async fn token_can_be_revoked_by_fault() {
    let caller = Caller::configured().await;
    caller.tenant.fault(Fault::token_revoked());
    assert_eq!(status(&caller).await, 401);
    assert_eq!(status(&caller).await, 401);
}

#[tokio::test(start_paused = true)]
async fn latency_and_slow_bodies_delay() {
    let caller = Caller::configured().await;
    let before = tokio::time::Instant::now();
    caller.tenant.fault(Fault::latency(Duration::from_secs(40)));
    assert_eq!(status(&caller).await, 200);
    let waited = before.elapsed();
    assert!(waited >= Duration::from_secs(40), "{waited:?}");

    caller.tenant.fault(Fault::slow_body(4, Duration::from_secs(10)));
    let whole = text(&caller, &path()).await;
    assert!(before.elapsed() >= waited + Duration::from_secs(40));
    assert!(serde_json::from_str::<Value>(&whole).is_ok());
}

#[tokio::test]
async fn unlisted_cause_is_a_fault_of_the_test() {
    let caller = Caller::configured().await;
    for cause in ["already_running", "no_such_cause"] {
        caller.tenant.fault(Fault::error_response(cause));
        let (status, body) = caller.get(&path()).await;
        assert_eq!((status, &body["errorCode"]), (500, &json!("fault_of_the_mock")));
        assert!(body["message"].as_str().unwrap().contains(cause));
    }
}
