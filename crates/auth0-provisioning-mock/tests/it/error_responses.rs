//! What was wrong is told in the words of the API, with the place and what the contract says of it.

use serde_json::json;

use crate::caller::{Caller, google};

#[tokio::test]
async fn a_body_is_refused_with_words_and_place() {
    let caller = Caller::of(google().synchronizes_groups([])).await;
    let body = json!({ "groups": [{ "id": "g1", "email": "nobody" }] });
    let (status, refused) = caller.provisioning("PUT", "/synchronized-groups", Some(body)).await;
    let message = refused["message"].as_str().unwrap();
    let expected = "Payload validation error: 'Object didn't pass validation for format email: nobody' on property \
                    groups[0].email (";
    assert!(message.starts_with(expected), "{message}");
    assert_eq!((status, refused["errorCode"].as_str()), (400, Some("invalid_body")));
}

#[tokio::test]
async fn a_query_is_refused_with_words_and_place() {
    let caller = Caller::configured().await;
    let (_, refused) = caller.get("/connections-directory-provisionings?take=101").await;
    let message = refused["message"].as_str().unwrap();
    let expected = "Query validation error: 'Value 101 is greater than maximum 100' on property take (";
    assert!(message.starts_with(expected), "{message}");
}
