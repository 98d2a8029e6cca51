//! Members of objects: each becomes a field with a name of its own, and what only one side may send counts for that
//! side alone.
//!
//! Step 21 of `SHAPES`.

use serde_json::{Map, Value};

use super::{
    Apply, Noted, Transform,
    schemas::{Schema, Side, each},
};
use crate::{generate::names::Names, openapi::Document};

pub(super) const TRANSFORM: Transform = Transform { name: "members", apply: Apply::Noted(apply) };

/// Where the names of renamed members are noted as they are sent.
pub const WIRE_NAMES: &str = "x-wire-names";

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    each(document, &mut |schema, side| settle_sides(schema, side) + name_fields(schema, noted))
}

/// A request does not hold what is `readOnly`; a response need not hold what is `writeOnly`.
fn settle_sides(schema: &mut Schema, side: Side) -> usize {
    let Some(Value::Object(members)) = schema.get_mut("properties") else { return 0 };
    let is = |member: &Value, keyword: &str| member.get(keyword) == Some(&Value::Bool(true));
    let one_sided = |member: &Value| is(member, "readOnly") || side == Side::Response && is(member, "writeOnly");
    let names: Vec<String> =
        members.iter().filter(|(_, member)| one_sided(member)).map(|(name, _)| name.clone()).collect();
    if side == Side::Request {
        members.retain(|_, member| !is(member, "readOnly"));
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !names.iter().any(|one_sided| name == one_sided));
    }
    names.len()
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
