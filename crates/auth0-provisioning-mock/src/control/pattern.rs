//! Patterns of requests in JSON.

use serde_json::{Value, json};

use crate::operations::Operation;
use crate::request_pattern::{Parts, RequestPattern};

/// Reads a pattern: an operation id, or a path with or without a method. Returns `None` if nothing is given.
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
        _ => Err("give either `operation`, or `path` with or without `method`".to_owned()),
    }
}

/// Writes a pattern into an object.
pub(super) fn write(pattern: &RequestPattern, object: &mut Value) {
    match pattern.parts() {
        Parts::Operation(operation) => object["operation"] = operation.id().into(),
        Parts::Path(method, path) => {
            if let Some(method) = method {
                object["method"] = method.into();
            }
            object["path"] = path.into();
        }
        Parts::AnyOf(patterns) => {
            let views = patterns.iter().map(|pattern| {
                let mut view = json!({});
                write(pattern, &mut view);
                view
            });
            object["any_of"] = views.collect();
        }
    }
}
