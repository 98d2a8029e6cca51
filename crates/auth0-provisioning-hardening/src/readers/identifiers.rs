//! Domains, base URLs, ids, path segments, error codes, variables, and JSON of the facade's types.

use auth0_provisioning::{
    Client, ConnectionId, Cursor, Desired, ErrorCode, GroupId, LastRun, SelectedGroup, transport::TenantDomain,
};
use auth0_transport::encode_segment;
use serde_json::Value;

use crate::{Reader, assert_has_reason};

/// Each parser gets all of the bytes.
pub const READER: Reader = Reader {
    name: "identifiers",
    reads: "domains, base URLs, ids, path segments, error codes, JSON of the facade's types",
    run,
    samples: &[
        "tenant.eu.auth0.com",
        "https://tenant.example.com:8443/",
        "con_0123456789abcdef",
        "http://[::1]:80/path?query#fragment",
        "Größe.example/../x",
        "{\"mapping\":[{\"auth0\":\"email\",\"idp\":\"mail\"}],\"synchronize_automatically\":true}",
        "{\"groups\":[{\"id\":\"1\",\"name\":\"n\",\"email\":\"a@b.c\",\"direct_members_count\":4}]}",
        "{\"status\":\"failed\",\"error\":\"e\",\"at\":\"2026-05-05T12:00:00Z\"}",
    ],
};

fn run(data: &[u8]) {
    json(data);
    let text = String::from_utf8_lossy(data);
    let text = text.as_ref();
    match text.parse::<TenantDomain>() {
        Ok(domain) => assert_eq!(domain.to_string().parse::<TenantDomain>().as_ref(), Ok(&domain), "{text:?}"),
        Err(error) => assert_has_reason(&error.to_string()),
    }
    match text.parse::<ConnectionId>() {
        Ok(id) => assert_eq!(id.to_string().parse::<ConnectionId>().as_ref(), Ok(&id), "{text:?}"),
        Err(error) => assert_has_reason(&error.to_string()),
    }
    match text.parse::<GroupId>() {
        Ok(id) => assert_eq!(id.to_string().parse::<GroupId>().as_ref(), Ok(&id), "{text:?}"),
        Err(error) => assert_has_reason(&error.to_string()),
    }
    let Ok(code) = text.parse::<ErrorCode>();
    assert_eq!(code.to_string(), text);
    match encode_segment(text) {
        Ok(segment) => {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
            assert!(segment.bytes().all(is_plain), "{text:?} became {segment:?}");
            assert!(!matches!(segment.as_str(), "" | "." | ".."), "{text:?} leaves its place in the path");
        }
        Err(error) => assert_has_reason(&error.to_string()),
    }
    let builder = Client::builder("tenant.example.com").expect("a domain").base_url(text).bearer_token(text);
    if let Err(error) = builder.build() {
        assert_has_reason(&error.to_string());
    }
}

/// What was read is written so that it is read again as the same.
fn json(data: &[u8]) {
    macro_rules! survives {
        ($($type:ty),*) => {$(
            if let Ok(value) = serde_json::from_slice::<$type>(data) {
                let written = serde_json::to_value(&value).expect("what was read can be written");
                let again: $type = serde_json::from_value(written.clone()).expect("what was written can be read");
                assert_eq!(serde_json::to_value(&again).expect("it can be written again"), written);
            }
        )*};
    }
    survives!(ConnectionId, GroupId, Cursor, Desired, SelectedGroup, LastRun);
    let _ = serde_json::from_slice::<Value>(data);
}
