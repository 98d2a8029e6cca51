//! Answers of tomorrow and of careless servers: right in meaning, odd in form.

use serde_json::{Map, Value};

use crate::contract::Contract;

#[derive(Clone, Debug)]
pub(crate) enum Distortion {
    UnknownEnumValues,
    ExtraFields,
    NullsForAbsent,
    NextCursor(String),
}

impl Distortion {
    /// Distorts a response's body, of which the contract has this schema.
    pub(crate) fn apply(&self, contract: &Contract, schema: &Value, body: &mut Value) {
        let schema = contract.resolve(schema);
        match body {
            Value::String(text) if matches!(self, Self::UnknownEnumValues) && schema.get("enum").is_some() => {
                "unheard_of".clone_into(text);
            }
            Value::Array(items) => {
                let of_item = schema.get("items").unwrap_or(&Value::Null);
                for item in items {
                    self.apply(contract, of_item, item);
                }
            }
            Value::Object(object) => {
                let empty = Map::new();
                let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
                for (name, value) in object.iter_mut() {
                    self.apply(contract, properties.get(name).unwrap_or(&Value::Null), value);
                }
                self.add_fields(object, properties);
            }
            _ => {}
        }
    }

    fn add_fields(&self, object: &mut Map<String, Value>, known: &Map<String, Value>) {
        match self {
            Self::UnknownEnumValues => {}
            Self::ExtraFields => {
                object.insert("unheard_of".to_owned(), serde_json::json!({ "since": "tomorrow" }));
            }
            Self::NullsForAbsent => {
                for name in known.keys() {
                    object.entry(name).or_insert(Value::Null);
                }
            }
            Self::NextCursor(cursor) => {
                if known.contains_key("next") {
                    object.insert("next".to_owned(), cursor.clone().into());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::contract;

    fn distorted(distortion: &Distortion) -> Value {
        let schema = json!({ "$ref": "#/components/schemas/SynchronizedGroupPage" });
        let mut body = json!({ "groups": [{ "id": "g1" }] });
        distortion.apply(contract(), &schema, &mut body);
        body
    }

    #[test]
    fn each_distortion_changes_what_its_name_says() {
        let unheard_of = json!({ "since": "tomorrow" });
        assert_eq!(
            distorted(&Distortion::ExtraFields),
            json!({ "groups": [{ "id": "g1", "unheard_of": unheard_of }], "unheard_of": unheard_of })
        );
        let absent = json!({ "id": "g1", "name": null, "email": null, "direct_members_count": null });
        assert_eq!(distorted(&Distortion::NullsForAbsent), json!({ "groups": [absent], "next": null }));
        assert_eq!(
            distorted(&Distortion::NextCursor(String::new())),
            json!({ "groups": [{ "id": "g1" }], "next": "" })
        );

        let mut mode = json!("all");
        let schema = json!({ "$ref": "#/components/schemas/SynchronizeGroups" });
        Distortion::UnknownEnumValues.apply(contract(), &schema, &mut mode);
        assert_eq!(mode, "unheard_of");
    }
}
