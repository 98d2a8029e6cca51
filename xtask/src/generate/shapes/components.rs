//! How schemas name components.

use serde_json::Value;

use super::schemas::{Schema, is_prose};
use crate::openapi::document::component_name;

/// The reference to a component.
pub(super) fn reference_to(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// The reference that a schema is, maybe with prose beside it.
pub(super) fn reference_of(schema: &Schema) -> Option<String> {
    let others = schema.iter().filter(|(key, _)| !is_prose(key));
    let mut reference = None;
    for (key, value) in others {
        reference = match (key.as_str(), value) {
            ("$ref", Value::String(reference)) => Some(reference.clone()),
            ("allOf", Value::Array(parts)) => match parts.as_slice() {
                [Value::Object(part)] if part.len() == 1 => part.get("$ref")?.as_str().map(ToOwned::to_owned),
                _ => return None,
            },
            _ => return None,
        };
    }
    reference
}

/// Components that are nothing but a reference to another, by name.
pub(super) fn plain_reference(schema: &Value) -> Option<String> {
    let members = schema.as_object().filter(|members| !members.contains_key("nullable"))?;
    component_name(&reference_of(members)?)
}
