//! The page of the control API. `cargo xtask interop` tests it in a browser.

use std::collections::BTreeSet;

use auth0_provisioning_mock::MockTenant;
use serde_json::Value;

use crate::caller::Caller;

async fn page() -> (Caller, String) {
    let caller = Caller::start(MockTenant::builder().control_key("sesame")).await;
    let url = format!("{}/_mock/", caller.tenant.base_url());
    // It holds nothing of the tenant, and so needs no key.
    let response = caller.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; connect-src 'self'"), "{policy}");
    (caller, response.text().await.unwrap())
}

/// The texts between a mark and the next quote.
fn quoted<'a>(text: &'a str, mark: &str) -> impl Iterator<Item = &'a str> {
    text.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap())
}

#[tokio::test]
async fn page_needs_no_network() {
    let (_, page) = page().await;
    for foreign in ["http://", "https://", "src=", "@import", "url(", "import("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert_eq!(quoted(&page, "href=\"").collect::<Vec<_>>(), ["data:,"]);
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("width=device-width"));
}

#[tokio::test]
async fn page_calls_documented_operations() {
    let (caller, page) = page().await;
    let url = format!("{}/_mock/openapi.json", caller.tenant.base_url());
    let document: Value = caller.http.get(url).bearer_auth("sesame").send().await.unwrap().json().await.unwrap();
    let mut pressed = BTreeSet::new();
    for call in page.split("control(\"").skip(1) {
        let mut texts = call.split('"').step_by(2);
        let (method, path) = (texts.next().unwrap(), texts.next().unwrap());
        let operation = &document["paths"][path][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {path}");
        pressed.insert(operation["operationId"].as_str().unwrap().to_owned());
    }
    for needed in ["get_overview", "synchronize", "change_clock", "add_faults", "clear_faults", "reset"] {
        assert!(pressed.contains(needed), "{needed}: {pressed:?}");
    }
    let kinds = document["components"]["schemas"]["Fault"]["properties"]["kind"]["enum"].as_array().unwrap();
    let table = page.split("const KINDS = {").nth(1).unwrap().split("};").next().unwrap();
    for line in table.lines().filter(|line| line.contains(": [")) {
        let kind = line.trim().split(':').next().unwrap();
        assert!(kinds.iter().any(|known| known == kind), "{kind}");
    }
}

#[tokio::test]
async fn page_uses_singular_confirms_reset_and_pages() {
    let (_, page) = page().await;
    for plural in ["} groups", "} rows", "} users", "} tokens"] {
        assert!(!page.contains(plural), "{plural}");
    }
    let reset = page.split("byId(\"reset\")").nth(1).unwrap().split("/reset").next().unwrap();
    assert!(reset.contains("confirm("), "{reset}");
    assert!(page.contains("query: { take: PAGE, skip,") && page.contains("id=\"next\""));
}
