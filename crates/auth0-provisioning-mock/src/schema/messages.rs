//! The messages of the API for values that do not fit a schema.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

/// The number of characters of a value that a message repeats.
const LONGEST_VALUE: usize = 200;

/// Returns the reason why a value does not fit, without its place.
pub(super) fn message(error: &ValidationError<'_>) -> String {
    let value = error.instance();
    let text = value.as_str().map_or_else(|| value.to_string(), String::from);
    let text: String = text.chars().take(LONGEST_VALUE).collect();
    let characters = value.as_str().map_or(0, |text| text.chars().count());
    let items = value.as_array().map_or(0, Vec::len);
    let properties = value.as_object().map_or(0, serde_json::Map::len);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            format!("Additional properties not allowed: {}", unexpected.join(","))
        }
        ValidationErrorKind::Enum { .. } => format!("No enum match for: {text}"),
        ValidationErrorKind::Format { format } => format!("Object didn't pass validation for format {format}: {text}"),
        ValidationErrorKind::MaxItems { limit } => format!("Array is too long ({items}), maximum {limit}"),
        ValidationErrorKind::MinItems { limit } => format!("Array is too short ({items}), minimum {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("Value {text} is greater than maximum {limit}"),
        ValidationErrorKind::Minimum { limit } => format!("Value {text} is less than minimum {limit}"),
        ValidationErrorKind::MaxLength { limit } => {
            format!("String is too long ({characters} chars), maximum {limit}")
        }
        ValidationErrorKind::MinLength { limit } => {
            format!("String is too short ({characters} chars), minimum {limit}")
        }
        ValidationErrorKind::MaxProperties { limit } => {
            format!("Too many properties defined ({properties}), maximum {limit}")
        }
        ValidationErrorKind::MinProperties { limit } => {
            format!("Too few properties defined ({properties}), minimum {limit}")
        }
        ValidationErrorKind::Pattern { pattern } => format!("String does not match pattern {pattern}: {text}"),
        ValidationErrorKind::Required { property } => {
            format!("Missing required property: {}", property.as_str().unwrap_or_default())
        }
        ValidationErrorKind::Type { kind } => {
            let expected = match kind {
                TypeKind::Single(kind) => kind.to_string(),
                TypeKind::Multiple(kinds) => {
                    kinds.into_iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(",")
                }
            };
            format!("Expected type {expected} but found type {}", type_name(value))
        }
        _ => error.masked().to_string(),
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_are_those_of_the_api() {
        let cases = [
            (json!({ "format": "email" }), json!(""), "Object didn't pass validation for format email: "),
            (json!({ "enum": ["all"] }), json!("some"), "No enum match for: some"),
            (json!({ "type": "string" }), json!(1), "Expected type string but found type integer"),
            (json!({ "required": ["name"] }), json!({}), "Missing required property: name"),
            (json!({ "maxLength": 2 }), json!("abc"), "String is too long (3 chars), maximum 2"),
            (json!({ "minItems": 1 }), json!([]), "Array is too short (0), minimum 1"),
            (json!({ "maximum": 100 }), json!(101), "Value 101 is greater than maximum 100"),
            (json!({ "minProperties": 1 }), json!({}), "Too few properties defined (0), minimum 1"),
            (json!({ "pattern": "^a$" }), json!("b"), "String does not match pattern ^a$: b"),
            (
                json!({ "properties": {}, "additionalProperties": false }),
                json!({ "a": 1 }),
                "Additional properties not allowed: a",
            ),
        ];
        for (schema, value, expected) in cases {
            let schema = super::super::Schema::compile(&schema, &Value::Null).unwrap();
            assert_eq!(schema.check(&value).unwrap_err().message, expected);
        }
    }
}
