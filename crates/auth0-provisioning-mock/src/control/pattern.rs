//! Which requests something concerns, as requests to the control API name them.

use serde_json::Value;

use crate::operations::Operation;
use crate::request_pattern::RequestPattern;

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
    let (operation, method, path) = pattern.named();
    let named = [("operation", operation.map(Operation::id)), ("method", method), ("path", path.as_deref())];
    for (name, value) in named {
        if let Some(value) = value {
            object[name] = value.into();
        }
    }
}
