//! `fields` and `include_fields`: the fields of a response.

use serde_json::Value;

use super::call::Call;

/// Removes the fields that the request does not select.
pub(super) fn project(call: &Call<'_>, value: &mut Value) {
    let Some(fields) = call.parameter("fields") else { return };
    let named: Vec<&str> = fields.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let includes = call.parameter("include_fields") != Some("false");
    if let Value::Object(object) = value
        && !named.is_empty()
    {
        object.retain(|name, _| named.contains(&name.as_str()) == includes);
    }
}
