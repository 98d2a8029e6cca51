//! Two schemas that hold of the same value become one: what both say stays once, and what they say differently becomes
//! what satisfies both.

use serde_json::{Value, json};

use super::schemas::{Schema, is_prose};

/// Bounds, with the flag that makes each exclusive and the direction in which it gets narrower.
const BOUNDS: [(&str, &str, f64); 8] = [
    ("minimum", "exclusiveMinimum", 1.0),
    ("maximum", "exclusiveMaximum", -1.0),
    ("minLength", "", 1.0),
    ("maxLength", "", -1.0),
    ("minItems", "", 1.0),
    ("maxItems", "", -1.0),
    ("minProperties", "", 1.0),
    ("maxProperties", "", -1.0),
];

/// Makes `schema` say what `other` says too.
pub(super) fn merge(schema: &mut Schema, mut other: Schema) {
    if contradict(schema, &other) {
        return schema.retain(|key, _| is_prose(key)); // Whatever comes is kept.
    }
    drop_wider_bounds(schema, &mut other);
    let says_something = |schema: &Schema| schema.keys().any(|key| !is_prose(key));
    let (one, two) = (says_something(schema), says_something(&other));
    let is_nullable = |schema: &Schema| schema.get("nullable") == Some(&Value::Bool(true));
    let (null, null_too) = (is_nullable(schema), is_nullable(&other));
    let nullable = if one && two { null && null_too } else { null || null_too };
    for (key, value) in other {
        match (key.as_str(), schema.get_mut(&key), value) {
            ("properties", Some(Value::Object(own)), Value::Object(members)) => {
                for (name, member) in members {
                    let present = own.get(&name).cloned();
                    own.insert(name, present.map_or(member.clone(), |present| both(present, member)));
                }
            }
            ("required", Some(Value::Array(own)), Value::Array(names)) => {
                let new: Vec<_> = names.into_iter().filter(|name| !own.contains(name)).collect();
                own.extend(new);
            }
            ("enum", Some(Value::Array(own)), Value::Array(values)) => {
                if own.iter().any(|value| values.contains(value)) {
                    own.retain(|value| values.contains(value));
                }
            }
            ("items" | "additionalProperties", Some(own), value) if *own != value => match (&own, &value) {
                (_, Value::Bool(_)) => {}
                (Value::Bool(_), _) => *own = value,
                _ => *own = both(own.take(), value),
            },
            ("pattern", Some(Value::String(own)), Value::String(pattern)) if *own != pattern => {
                *own = format!(r"^(?=[\s\S]*(?:{own}))(?=[\s\S]*(?:{pattern}))");
            }
            ("type", Some(own), value) if *own == "number" && value == "integer" => *own = value,
            (_, Some(_), _) => {}
            (_, None, value) => drop(schema.insert(key, value)),
        }
    }
    schema.shift_remove("nullable");
    if nullable {
        schema.insert("nullable".to_owned(), true.into());
    }
    if schema.get("properties").and_then(Value::as_object).is_some_and(|members| !members.is_empty()) {
        schema.shift_remove("additionalProperties"); // An object with members is open.
    }
}

/// What holds of a value of which two schemas hold, with no part twice, so that there are only so many of these.
fn both(one: Value, other: Value) -> Value {
    let mut parts = Vec::new();
    for schema in [one, other] {
        let inner = schema.as_object().filter(|schema| schema.len() == 1).and_then(|schema| schema.get("allOf"));
        for part in inner.and_then(Value::as_array).cloned().unwrap_or_else(|| vec![schema]) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
    }
    if parts.len() == 1 { parts.remove(0) } else { json!({"allOf": parts}) }
}

/// Whether no value has both types, so that a document that uses them means something else.
fn contradict(one: &Schema, other: &Schema) -> bool {
    let kind = |schema: &Schema| match schema.get("type").and_then(Value::as_str) {
        Some("integer") => Some("number".to_owned()),
        kind => kind.map(ToOwned::to_owned),
    };
    kind(one).zip(kind(other)).is_some_and(|(one, other)| one != other)
}

/// Of two bounds on the same side the narrower one stays.
fn drop_wider_bounds(one: &mut Schema, other: &mut Schema) {
    for (bound, exclusive, direction) in BOUNDS {
        let strictness = |schema: &Schema| {
            let value = schema.get(bound).and_then(Value::as_f64)?;
            Some((value * direction, schema.get(exclusive) == Some(&Value::Bool(true))))
        };
        let (Some(own), Some(others)) = (strictness(one), strictness(other)) else { continue };
        let wider = if own < others { &mut *one } else { &mut *other };
        wider.shift_remove(bound);
        wider.shift_remove(exclusive);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(one: &Value, other: &Value) -> Value {
        let mut schema = one.as_object().unwrap().clone();
        merge(&mut schema, other.as_object().unwrap().clone());
        schema.into()
    }

    #[test]
    fn the_narrower_of_two_bounds_stays_whichever_comes_first() {
        let (wide, narrow) = (
            json!({"minimum": 1, "maximum": 9, "minLength": 1, "maxLength": 9}),
            json!({"minimum": 2, "maximum": 8.5, "minLength": 2, "maxLength": 8}),
        );
        assert_eq!(merged(&wide, &narrow), narrow);
        assert_eq!(merged(&narrow, &wide), narrow);
        let (open, closed) = (json!({"minimum": 2, "exclusiveMinimum": true}), json!({"minimum": 2}));
        assert_eq!(merged(&open, &closed), open);
        assert_eq!(merged(&closed, &open), open);
        assert_eq!(merged(&open, &json!({"minimum": 3})), json!({"minimum": 3}));
    }

    #[test]
    fn types_that_no_value_has_both_say_nothing() {
        let (text, number) = (json!({"type": "string", "description": "d"}), json!({"type": "number", "minimum": 1}));
        assert_eq!(merged(&text, &number), json!({"description": "d"}));
        assert_eq!(merged(&json!({"type": "integer"}), &number), json!({"type": "integer", "minimum": 1}));
    }

    #[test]
    fn a_value_has_to_match_both_patterns() {
        let both = merged(&json!({"pattern": "^a"}), &json!({"pattern": "b$"}));
        assert_eq!(both, json!({"pattern": r"^(?=[\s\S]*(?:^a))(?=[\s\S]*(?:b$))"}));
        assert_eq!(merged(&json!({"pattern": "a"}), &json!({"pattern": "a"})), json!({"pattern": "a"}));
    }

    #[test]
    fn values_of_a_map_satisfy_both_and_an_object_with_members_is_open() {
        let map = |values: Value| json!({"additionalProperties": values});
        let (texts, short) = (json!({"type": "string"}), json!({"maxLength": 3}));
        assert_eq!(merged(&map(texts.clone()), &map(short.clone())), map(json!({"allOf": [texts, short]})));
        assert_eq!(merged(&map(true.into()), &map(texts.clone())), map(texts.clone()));
        let members = json!({"properties": {"a": {}}});
        assert_eq!(merged(&members, &map(texts)), members);
    }
}
