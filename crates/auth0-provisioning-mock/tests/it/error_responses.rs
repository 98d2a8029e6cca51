//! Error responses name the place of a wrong value and its description in the contract.

use serde_json::json;

use crate::caller::{Caller, google};

#[tokio::test]
async fn rejected_body_has_message_and_place() {
    let caller = Caller::of(google().synchronizes_groups([])).await;
    let body = json!({ "groups": [{ "id": "g1", "email": "unknown" }] });
    let (status, rejected) = caller.provisioning("PUT", "/synchronized-groups", Some(body)).await;
    let message = rejected["message"].as_str().unwrap();
    let expected = "Payload validation error: 'Object didn't pass validation for format email: unknown' on property \
                    groups[0].email (";
    assert!(message.starts_with(expected), "{message}");
    assert_eq!((status, rejected["errorCode"].as_str()), (400, Some("invalid_body")));
}

#[tokio::test]
async fn rejected_query_has_message_and_place() {
    let caller = Caller::configured().await;
    let (_, rejected) = caller.get("/connections-directory-provisionings?take=101").await;
    let message = rejected["message"].as_str().unwrap();
    let expected = "Query validation error: 'Value 101 is greater than maximum 100' on property take (";
    assert!(message.starts_with(expected), "{message}");
}
