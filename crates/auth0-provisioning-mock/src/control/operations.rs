//! The list of the tenant's operations.

use serde_json::{Value, json};

use super::reply::Reply;
use crate::contract::contract;
use crate::operations::Operation;

pub(super) fn list() -> Reply {
    let view = |id: &str, method: &str, path: String| json!({ "id": id, "method": method, "path": path });
    let of_contract = Operation::OF_CONTRACT.iter().filter_map(|operation| {
        let contract = contract().operation(operation.id())?;
        Some(view(operation.id(), &contract.method, format!("/api/v2{}", contract.path)))
    });
    let token = view(Operation::IssueToken.id(), "POST", "/oauth/token".to_owned());
    Reply::Json(json!({ "operations": std::iter::once(token).chain(of_contract).collect::<Vec<Value>>() }))
}
