//! `type` lists: with `null` they become nullable, with several other types a choice between them.
//!
//! Step 12 of `SHAPES`.

use serde_json::{Value, json};

use super::{
    Apply, Transform,
    schemas::{Schema, each},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "type-arrays", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
        let names = match schema.get("type") {
            Some(Value::Array(names)) => names.clone(),
            Some(Value::String(name)) if name == "null" => vec![json!("null")],
            _ => return 0,
        };
        schema.shift_remove("type");
        let nullable = names.iter().any(|name| name == "null");
        let types: Vec<_> = names.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect();
        match types[..] {
            [] if nullable => drop(schema.insert("enum".to_owned(), json!([null]))),
            [] => {}
            [one] => drop(schema.insert("type".to_owned(), one.into())),
            _ => choice(schema, &types),
        }
        if nullable && !types.is_empty() {
            schema.insert("nullable".to_owned(), true.into());
        }
        1
    })
}

/// Every type of the list becomes a branch that takes along the keywords which speak of it; where the values are listed,
/// those that have some.
fn choice(schema: &mut Schema, types: &[&str]) {
    let values = schema.shift_remove("enum");
    let mut branches = Vec::new();
    for name in types {
        let mut branch = Schema::from_iter([("type".to_owned(), Value::from(*name))]);
        for keyword in keywords_of(name) {
            if let Some(value) = schema.get(*keyword) {
                branch.insert((*keyword).to_owned(), value.clone());
            }
        }
        if let Some(Value::Array(values)) = &values {
            let own: Vec<_> = values.iter().filter(|value| is_of(value, name)).cloned().collect();
            if own.is_empty() {
                continue;
            }
            branch.insert("enum".to_owned(), own.into());
        }
        branches.push(branch);
    }
    for keyword in types.iter().flat_map(|name| keywords_of(name)) {
        schema.shift_remove(*keyword);
    }
    if let [branch] = &mut branches[..] {
        schema.append(branch);
    } else if !branches.is_empty() {
        schema.insert("oneOf".to_owned(), branches.into_iter().map(Value::Object).collect());
    }
}

/// Whether a value is of the type of this name.
pub(super) fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn keywords_of(name: &str) -> &'static [&'static str] {
    match name {
        "string" => &["minLength", "maxLength", "pattern", "format"],
        "number" | "integer" => &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
        "array" => &["items", "minItems", "maxItems", "uniqueItems"],
        "object" => &["properties", "required", "additionalProperties", "minProperties", "maxProperties"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{on_request, on_response},
        *,
    };

    #[test]
    fn null_becomes_nullable() {
        assert_eq!(
            on_request(&TRANSFORM, &json!({"type": ["string", "null"]})),
            (1, json!({"type": "string", "nullable": true}))
        );
        assert_eq!(on_response(&TRANSFORM, &json!({"type": "null"})), (1, json!({"enum": [null]})));
    }

    #[test]
    fn several_types_become_a_choice_with_their_own_keywords() {
        assert_eq!(
            on_request(
                &TRANSFORM,
                &json!({"type": ["string", "integer"], "maxLength": 3, "minimum": 1, "description": "d"})
            ),
            (
                1,
                json!({"description": "d", "oneOf": [{"type": "string", "maxLength": 3}, {"type": "integer", "minimum": 1}]})
            )
        );
    }

    #[test]
    fn listed_values_go_to_the_branches_of_their_types() {
        let schema = |values: Value| json!({"type": ["string", "integer", "null"], "enum": values});
        assert_eq!(
            on_request(&TRANSFORM, &schema(json!(["a", 1, "b", 2.0, null]))).1,
            json!({
                "oneOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "integer", "enum": [1, 2.0]}],
                "nullable": true,
            })
        );
        let texts = json!({"type": "string", "enum": ["a"], "nullable": true});
        assert_eq!(on_request(&TRANSFORM, &schema(json!(["a", null]))).1, texts);
    }
}
