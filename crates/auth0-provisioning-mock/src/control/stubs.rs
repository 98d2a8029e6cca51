//! Stubs: counted, added, cleared.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reply::{Problem, Reply, read};
use crate::lock::lock;
use crate::shared::Shared;
use crate::stub::Stub;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStub {
    /// Defaults to any method.
    method: Option<String>,
    path: String,
    /// Defaults to 200.
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The body, as JSON or as text.
    json: Option<Value>,
    text: Option<String>,
}

pub(super) fn count(shared: &Shared) -> Reply {
    Reply::Json(json!({ "stubs": lock(&shared.stubs).len() }))
}

pub(super) fn clear(shared: &Shared) -> Reply {
    lock(&shared.stubs).clear();
    Reply::Done
}

pub(super) fn add(shared: &Shared, body: &Bytes) -> Result<Reply, Problem> {
    let new: NewStub = read(body)?;
    let mut stub = Stub::new(new.method.as_deref().unwrap_or("*"), &new.path);
    if let Some(status) = new.status {
        stub = stub.status(status);
    }
    stub = match (new.json, new.text) {
        (Some(json), None) => stub.json(&json),
        (None, Some(text)) => stub.body(text),
        (None, None) => stub,
        (Some(_), Some(_)) => return Err(Problem::not_acceptable("give either `json` or `text`")),
    };
    for (name, value) in new.headers {
        stub = stub.header(&name, &value);
    }
    let mut stubs = lock(&shared.stubs);
    stubs.push(stub);
    Ok(Reply::Json(json!({ "stubs": stubs.len() })))
}
