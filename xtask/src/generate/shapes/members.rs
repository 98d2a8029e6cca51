//! Members of objects: each becomes a field with a name of its own, and what only one side may send counts for that
//! side alone.
//!
//! Step 21 of `SHAPES`.

use serde_json::{Map, Value};

use super::{
    Apply, Noted, Transform,
    schemas::{Schema, Side, each},
    unions::reference_of,
};
use crate::{
    generate::names::Names,
    openapi::{Document, document::component_name},
};

pub(super) const TRANSFORM: Transform = Transform { name: "members", apply: Apply::Noted(apply) };

/// Where the names of renamed members are noted as they are sent.
pub const WIRE_NAMES: &str = "x-wire-names";

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let schemas = document.schemas().cloned().unwrap_or_default();
    each(document, &mut |schema, side| settle_sides(schema, side, &schemas) + name_fields(schema, noted))
}

/// A request does not hold what is `readOnly`; a response need not hold what is `writeOnly`. Nobody has to give either
/// where both sides use a schema.
fn settle_sides(schema: &mut Schema, side: Side, schemas: &Map<String, Value>) -> usize {
    let Some(Value::Object(members)) = schema.get_mut("properties") else { return 0 };
    let one_sided = |member: &Value| {
        side != Side::Response && says(member, "readOnly", schemas)
            || side != Side::Request && says(member, "writeOnly", schemas)
    };
    let names: Vec<String> =
        members.iter().filter(|(_, member)| one_sided(member)).map(|(name, _)| name.clone()).collect();
    if side == Side::Request {
        members.retain(|name, _| !names.contains(name));
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !names.iter().any(|one_sided| name == one_sided));
    }
    names.len()
}

/// Whether a member is marked, or the component that it refers to. No reference leads round in a circle by now.
fn says(member: &Value, keyword: &str, schemas: &Map<String, Value>) -> bool {
    let target = || schemas.get(&component_name(reference_of(member)?)?);
    member[keyword] == true || target().is_some_and(|target| says(target, keyword, schemas))
}

fn name_fields(schema: &mut Schema, noted: &mut Noted) -> usize {
    let Some(Value::Object(members)) = schema.get_mut("properties") else { return 0 };
    let mut names = Names::of_fields();
    let mut renamed = Map::new();
    for name in members.keys() {
        let field = names.take(name);
        if field != Names::of_fields().take(name) || name == "unknown" {
            noted.renamed.push(format!("the member {name:?} is the field {field}"));
            renamed.insert(name.clone(), field.into());
        }
    }
    if renamed.is_empty() {
        return 0;
    }
    let new_name = |name: &str| renamed.get(name).and_then(Value::as_str).unwrap_or(name).to_owned();
    *members = std::mem::take(members).into_iter().map(|(name, member)| (new_name(&name), member)).collect();
    for name in schema.get_mut("required").and_then(Value::as_array_mut).into_iter().flatten() {
        *name = new_name(name.as_str().unwrap_or_default()).into();
    }
    let places = renamed.len();
    let back = renamed.into_iter().map(|(name, field)| (field.as_str().unwrap_or_default().to_owned(), name.into()));
    schema.insert(WIRE_NAMES.to_owned(), Value::Object(back.collect()));
    places
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing::document, *};

    #[test]
    fn what_one_side_may_send_counts_for_that_side_alone_wherever_it_is_said() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let schema = json!({
            "required": ["id", "at", "secret", "name"],
            "properties": {
                "id": reference("Id"), "at": {"allOf": [reference("Time")], "readOnly": true},
                "secret": {"type": "string", "writeOnly": true}, "name": {"type": "string"},
            },
        });
        let settled = |request: &Value, response: &Value, name: &str| {
            let mut document = document(request, response);
            for (name, schema) in [
                ("Id", reference("Key")),
                ("Key", json!({"type": "string", "readOnly": true})),
                ("Time", json!({"type": "string"})),
                ("Shared", schema.clone()),
            ] {
                document.root["components"]["schemas"][name] = schema;
            }
            apply(&mut document, &mut Noted::default());
            let schema = document.root["components"]["schemas"][name].take();
            let members: Vec<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
            (members.join(" "), schema["required"].clone())
        };
        let text = json!({"type": "string"});
        assert_eq!(settled(&schema, &text, "Request"), ("secret name".to_owned(), json!(["secret", "name"])));
        let all = "id at secret name".to_owned();
        assert_eq!(settled(&text, &schema, "Response"), (all.clone(), json!(["id", "at", "name"])));
        let shared = reference("Shared");
        assert_eq!(settled(&shared, &shared, "Shared"), (all, json!(["name"])));
    }
}
