//! The operations of the API that the tenant answers.

use serde_json::{Value, json};

use super::reply::Reply;
use crate::contract::contract;
use crate::operations::Operation;

pub(super) fn list() -> Reply {
    let token = json!({ "id": Operation::IssueToken.id(), "method": "POST", "path": "/oauth/token" });
    let described = Operation::OF_CONTRACT.iter().filter_map(|operation| contract().operation(operation.id()));
    let others = described.map(|described| {
        json!({ "id": described.id, "method": described.method, "path": format!("/api/v2{}", described.path) })
    });
    Reply::Json(json!({ "operations": std::iter::once(token).chain(others).collect::<Vec<Value>>() }))
}
