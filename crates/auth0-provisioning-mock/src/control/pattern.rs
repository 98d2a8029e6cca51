//! Which requests something concerns, as requests to the control API name them.

use serde_json::{Value, json};

use crate::operations::Operation;
use crate::request_pattern::{Named, RequestPattern};

/// What an operation id, or a path with or without a method, stands for; `None` where nothing is named.
pub(super) fn read(
    operation: Option<&str>,
    method: Option<&str>,
    path: Option<&str>,
) -> Result<Option<RequestPattern>, String> {
    match (operation, path) {
        (Some(id), None) if method.is_none() => {
            let operation = Operation::named(id).ok_or_else(|| format!("no operation is called `{id}`"))?;
            Ok(Some(operation.into()))
        }
        (None, Some(path)) => Ok(Some(RequestPattern::new(method.unwrap_or("*"), path))),
        (None, None) if method.is_none() => Ok(None),
        _ => Err("tell either `operation`, or `path` with or without `method`".to_owned()),
    }
}

/// Adds the names of a pattern to an object.
pub(super) fn tell(pattern: &RequestPattern, object: &mut Value) {
    match pattern.named() {
        Named::Operation(operation) => object["operation"] = operation.id().into(),
        Named::Path(method, path) => {
            if let Some(method) = method {
                object["method"] = method.into();
            }
            object["path"] = path.into();
        }
        Named::AnyOf(patterns) => {
            let told = patterns.iter().map(|pattern| {
                let mut told = json!({});
                tell(pattern, &mut told);
                told
            });
            object["any_of"] = told.collect();
        }
    }
}
