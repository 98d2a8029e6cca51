//! What is wrong with a request, in the words of the API.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

/// How much of a value a refusal repeats.
const LONGEST_VALUE: usize = 200;

/// What breaks the schema, without the place.
pub(crate) fn words(error: &ValidationError<'_>) -> String {
    let value = error.instance();
    let text = value.as_str().map_or_else(|| value.to_string(), String::from);
    let text: String = text.chars().take(LONGEST_VALUE).collect();
    let (characters, items) =
        (value.as_str().map_or(0, |text| text.chars().count()), value.as_array().map_or(0, Vec::len));
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
            format!("Expected type {} but found type {}", expected(kind), found(value))
        }
        _ => error.masked().to_string(),
    }
}

/// The place of a value: `groups[0].email` for `/groups/0/email`.
pub(crate) fn place(pointer: &str) -> String {
    let mut place = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            place.extend(["[", &part, "]"]);
        } else {
            if !place.is_empty() {
                place.push('.');
            }
            place.push_str(&part);
        }
    }
    place
}

/// The whole refusal, such as `Payload validation error: '…' on property groups[0].email (…)`.
pub(crate) fn refusal(kind: &str, words: &str, place: &str, description: &str) -> String {
    let mut refusal = format!("{kind} validation error: '{words}'");
    if !place.is_empty() {
        refusal.extend([" on property ", place]);
        if !description.is_empty() {
            refusal.extend([" (", description.trim_end_matches('.'), ")"]);
        }
    }
    refusal.push('.');
    refusal
}

fn expected(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => kind.to_string(),
        TypeKind::Multiple(kinds) => kinds.into_iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(","),
    }
}

fn found(value: &Value) -> &'static str {
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

    fn told(schema: &Value, value: &Value) -> String {
        let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
        words(&validator.validate(value).unwrap_err())
    }

    #[test]
    fn each_breach_has_the_words_of_the_api() {
        let cases = [
            (json!({ "format": "email" }), json!(""), "Object didn't pass validation for format email: "),
            (json!({ "enum": ["all"] }), json!("some"), "No enum match for: some"),
            (json!({ "type": "string" }), json!(1), "Expected type string but found type integer"),
            (json!({ "required": ["name"] }), json!({}), "Missing required property: name"),
            (json!({ "maxLength": 2 }), json!("abc"), "String is too long (3 chars), maximum 2"),
            (json!({ "minItems": 1 }), json!([]), "Array is too short (0), minimum 1"),
            (json!({ "maximum": 100 }), json!(101), "Value 101 is greater than maximum 100"),
            (json!({ "minProperties": 1 }), json!({}), "Too few properties defined (0), minimum 1"),
            (
                json!({ "properties": {}, "additionalProperties": false }),
                json!({ "a": 1 }),
                "Additional properties not allowed: a",
            ),
            (json!({ "pattern": "^a$" }), json!("b"), "String does not match pattern ^a$: b"),
        ];
        for (schema, value, words) in cases {
            assert_eq!(told(&schema, &value), words);
        }
    }

    #[test]
    fn a_place_reads_as_in_code_and_its_description_stands_behind_it() {
        assert_eq!(place("/groups/0/email"), "groups[0].email");
        assert_eq!(place("/0/client_id"), "[0].client_id");
        assert_eq!(
            refusal("Payload", "No enum match for: x", "synchronize_groups", "Which groups"),
            "Payload validation error: 'No enum match for: x' on property synchronize_groups (Which groups).",
        );
        assert_eq!(refusal("Query", "Missing", "", "x"), "Query validation error: 'Missing'.");
    }
}
