//! Bodies that differ from the contract in ways that a client must tolerate.

use serde_json::{Map, Value, json};

use super::Effect;
use crate::contract::Contract;

/// Applies the effect to a body of this schema.
pub(super) fn distort(effect: &Effect, contract: &Contract, schema: &Value, body: &mut Value) {
    let schema = contract.resolve(schema);
    match body {
        Value::String(text) if matches!(effect, Effect::UnknownEnumValues {}) && schema.get("enum").is_some() => {
            "unheard_of".clone_into(text);
        }
        Value::Array(items) => {
            for item in items {
                distort(effect, contract, &schema["items"], item);
            }
        }
        Value::Object(object) => {
            for (name, value) in object.iter_mut() {
                distort(effect, contract, &schema["properties"][name], value);
            }
            if let Some(properties) = schema["properties"].as_object() {
                add_fields(effect, object, properties);
            }
        }
        _ => {}
    }
}

fn add_fields(effect: &Effect, object: &mut Map<String, Value>, properties: &Map<String, Value>) {
    match effect {
        Effect::ExtraFields {} => {
            object.insert("unheard_of".to_owned(), json!({ "since": "tomorrow" }));
        }
        Effect::NullsForAbsent {} => {
            for name in properties.keys() {
                object.entry(name).or_insert(Value::Null);
            }
        }
        Effect::NextCursor { cursor } if properties.contains_key("next") => {
            object.insert("next".to_owned(), cursor.clone().into());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::contract;

    #[test]
    fn effects_change_only_their_part_of_a_body() {
        let distorted = |effect: Effect| {
            let schema = json!({ "$ref": "#/components/schemas/SynchronizedGroupPage" });
            let mut body = json!({ "groups": [{ "id": "g1" }] });
            distort(&effect, contract(), &schema, &mut body);
            body
        };
        let unheard_of = json!({ "since": "tomorrow" });
        let expected = json!({ "groups": [{ "id": "g1", "unheard_of": unheard_of }], "unheard_of": unheard_of });
        assert_eq!(distorted(Effect::ExtraFields {}), expected);
        let group = json!({ "id": "g1", "name": null, "email": null, "direct_members_count": null });
        assert_eq!(distorted(Effect::NullsForAbsent {}), json!({ "groups": [group], "next": null }));
        let expected = json!({ "groups": [{ "id": "g1" }], "next": "" });
        assert_eq!(distorted(Effect::NextCursor { cursor: String::new() }), expected);

        let mut mode = json!("all");
        let schema = json!({ "$ref": "#/components/schemas/SynchronizeGroups" });
        distort(&Effect::UnknownEnumValues {}, contract(), &schema, &mut mode);
        assert_eq!(mode, "unheard_of");
    }
}
