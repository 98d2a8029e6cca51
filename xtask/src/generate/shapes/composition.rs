//! `allOf` becomes the one schema that it means, and `anyOf` and `oneOf` become one list of whole branches: what stands
//! beside them is put into each. A schema that holds itself by `allOf` adds nothing to itself.
//!
//! Step 17 of `SHAPES`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    Apply, Transform,
    schemas::{Schema, each_root, is_prose},
};
use crate::openapi::{
    Document,
    document::{component_name, reached_from},
};

pub(super) const TRANSFORM: Transform = Transform { name: "composition", apply: Apply::Always(apply) };

/// How many branches the product of two unions may have; beyond that the value is kept as it is.
const MOST_BRANCHES: usize = 32;

/// How many schemas are put into one another; what lies deeper stays a reference.
const DEEPEST: usize = 64;

/// How many parts are put into others; from there on, what is put in a second time stays a reference.
const MOST_PARTS: usize = 10_000;

fn apply(document: &mut Document) -> usize {
    let schemas = document.schemas().cloned().unwrap_or_default();
    let mut composer = Composer { schemas: &schemas, circles: BTreeMap::new(), parts: 0, places: 0 };
    each_root(document, |name, slot, _| {
        if name.is_some_and(|name| leads_round(&schemas, name)) {
            *slot = json!({});
        }
        if let Value::Object(schema) = slot {
            let own: Vec<String> = name.map(ToOwned::to_owned).into_iter().collect();
            *schema = composer.compose(std::mem::take(schema), &own, &[]);
        }
    });
    composer.places
}

/// Whether a component is a reference that comes back to where it was, so that nothing is said of it.
fn leads_round(schemas: &Map<String, Value>, name: &str) -> bool {
    let mut seen = vec![name.to_owned()];
    loop {
        let target = seen.last().and_then(|name| schemas.get(name)).and_then(Value::as_object);
        let Some(next) = target.and_then(reference_of).as_deref().and_then(component_name) else { return false };
        if seen.contains(&next) {
            return true;
        }
        seen.push(next);
    }
}

struct Composer<'a> {
    schemas: &'a Map<String, Value>,
    /// Whether a component leads to itself, as far as that was asked.
    circles: BTreeMap<String, bool>,
    parts: usize,
    places: usize,
}

impl Composer<'_> {
    /// `own` may not be put into this schema, `inside` into none of its members either: both would go on for ever.
    fn compose(&mut self, mut schema: Schema, own: &[String], inside: &[String]) -> Schema {
        let mut inside = inside.to_vec();
        if reference_of(&schema).is_none() {
            schema = self.whole(schema, own, &mut inside);
        }
        for member in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
        {
            self.compose_slot(member, &inside);
        }
        for key in ["items", "additionalProperties"] {
            schema.get_mut(key).into_iter().for_each(|slot| self.compose_slot(slot, &inside));
        }
        for branch in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
            self.compose_slot(branch, &inside);
        }
        schema
    }

    fn compose_slot(&mut self, slot: &mut Value, inside: &[String]) {
        if let Value::Object(schema) = slot {
            *schema = self.compose(std::mem::take(schema), &[], inside);
        }
    }

    /// The schema without `allOf` and `anyOf`. The names of what was put into it are added to `inside`.
    fn whole(&mut self, mut schema: Schema, own: &[String], inside: &mut Vec<String>) -> Schema {
        let parts = take_list(&mut schema, "allOf");
        let unions = [take_list(&mut schema, "oneOf"), take_list(&mut schema, "anyOf")];
        let discriminator = schema.shift_remove("discriminator");
        self.places += usize::from(!parts.is_empty()) + unions.iter().filter(|union| !union.is_empty()).count();
        for part in parts {
            match self.part(part, own, inside) {
                Part::Schema(part) => merge(&mut schema, part),
                // Nothing but the reference can be said without going round for ever.
                Part::Circle(reference) if schema.keys().all(|key| is_prose(key)) && own.is_empty() => {
                    schema.insert("allOf".to_owned(), json!([{"$ref": reference}]));
                    return schema;
                }
                Part::Circle(_) => {}
            }
        }
        for union in unions.into_iter().filter(|union| !union.is_empty()) {
            self.add_union(&mut schema, union, own, inside);
        }
        if let (Some(discriminator), true) = (discriminator, schema.contains_key("oneOf")) {
            schema.insert("discriminator".to_owned(), discriminator);
        }
        schema
    }

    fn part(&mut self, part: Value, own: &[String], inside: &mut Vec<String>) -> Part {
        let Value::Object(mut part) = part else { return Part::Schema(Schema::new()) };
        if let Some(reference) = reference_of(&part) {
            let name = component_name(&reference).unwrap_or_default();
            let goes_round = inside.contains(&name) && (self.parts > MOST_PARTS || self.leads_to_itself(&name));
            if own.contains(&name) || goes_round || inside.len() > DEEPEST {
                return Part::Circle(reference);
            }
            inside.push(name.clone());
            self.parts += 1;
            let siblings: Vec<(String, Value)> =
                part.into_iter().filter(|(key, _)| !["$ref", "allOf"].contains(&key.as_str())).collect();
            part = self.schemas.get(&name).and_then(Value::as_object).cloned().unwrap_or_default();
            part.shift_remove("discriminator");
            part.extend(siblings);
        }
        if reference_of(&part).is_some() {
            return self.part(Value::Object(part), own, inside);
        }
        Part::Schema(self.whole(part, own, inside))
    }

    fn leads_to_itself(&mut self, name: &str) -> bool {
        let schemas = self.schemas;
        let known = self.circles.entry(name.to_owned());
        *known.or_insert_with(|| reached_from(Some(schemas), schemas.get(name).into_iter()).contains(name))
    }

    fn add_union(&mut self, schema: &mut Schema, union: Vec<Value>, own: &[String], inside: &[String]) {
        let names_members = |branch: &Value| {
            ["properties", "$ref", "oneOf", "anyOf", "allOf"].iter().any(|key| branch.get(key).is_some())
        };
        let has_members =
            schema.get("properties").and_then(Value::as_object).is_some_and(|members| !members.is_empty());
        if has_members && !union.iter().any(names_members) {
            return; // Combinations of required members: a check, not a shape.
        }
        let has_type = schema.get("type").is_some_and(|kind| *kind != "object");
        let own_branches = take_list(schema, "oneOf");
        if !has_members && !has_type && own_branches.is_empty() {
            schema.shift_remove("type");
            schema.shift_remove("required");
            schema.insert("oneOf".to_owned(), union.into());
            return;
        }
        let (prose, base): (Schema, Schema) = std::mem::take(schema).into_iter().partition(|(key, _)| is_prose(key));
        *schema = prose;
        let bases = if own_branches.is_empty() { vec![Value::Object(Map::new())] } else { own_branches };
        if bases.len() * union.len() > MOST_BRANCHES {
            return;
        }
        let mut branches = Vec::new();
        for own_branch in &bases {
            for branch in &union {
                let mut merged = base.clone();
                for part in [own_branch, branch] {
                    // Each branch may hold what the others hold too.
                    if let Part::Schema(part) = self.part(part.clone(), own, &mut inside.to_vec()) {
                        merge(&mut merged, part);
                    }
                }
                branches.push(Value::Object(merged));
            }
        }
        schema.insert("oneOf".to_owned(), branches.into());
    }
}

enum Part {
    Schema(Schema),
    /// A reference to what this very schema is put into.
    Circle(String),
}

/// The reference that a schema is, maybe with prose beside it.
fn reference_of(schema: &Schema) -> Option<String> {
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

/// Takes the other bound, where it leaves less.
fn narrow(own: &mut Value, other: Value, is_narrower: fn(&f64, &f64) -> bool) {
    if let (Some(one), Some(two)) = (own.as_f64(), other.as_f64())
        && is_narrower(&two, &one)
    {
        *own = other;
    }
}

fn take_list(schema: &mut Schema, key: &str) -> Vec<Value> {
    match schema.shift_remove(key) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

/// Makes `schema` say what `other` says too.
fn merge(schema: &mut Schema, other: Schema) {
    let says_something = |schema: &Schema| schema.keys().any(|key| !is_prose(key));
    let (one, two) = (says_something(schema), says_something(&other));
    let is_nullable = |schema: &Schema| schema.get("nullable") == Some(&Value::Bool(true));
    let (null, null_too) = (is_nullable(schema), is_nullable(&other));
    let nullable = if one && two { null && null_too } else { null || null_too };
    for (key, value) in other {
        match (key.as_str(), schema.get_mut(&key), value) {
            ("properties", Some(Value::Object(own)), Value::Object(members)) => {
                for (name, member) in members {
                    let both = own.get(&name).filter(|present| **present != member).cloned();
                    let member = both.map_or(member.clone(), |present| json!({"allOf": [present, member]}));
                    own.insert(name, member);
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
            ("items", Some(own), value) if *own != value => *own = json!({"allOf": [own.take(), value]}),
            ("type", Some(own), value) if *own == "number" && value == "integer" => *own = value,
            ("minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties", Some(own), value) => {
                narrow(own, value, f64::gt);
            }
            ("maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties", Some(own), value) => {
                narrow(own, value, f64::lt);
            }
            ("pattern", Some(Value::String(own)), Value::String(other)) if *own != other => {
                *own = format!("^(?=[\\s\\S]*?(?:{own}))(?=[\\s\\S]*?(?:{other}))");
            }
            (_, Some(_), _) => {}
            (_, None, value) => drop(schema.insert(key, value)),
        }
    }
    // An object with members is open: it keeps what it may hold besides.
    if schema.get("properties").and_then(Value::as_object).is_some_and(|members| !members.is_empty()) {
        schema.shift_remove("additionalProperties");
    }
    schema.shift_remove("nullable");
    if nullable {
        schema.insert("nullable".to_owned(), true.into());
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::on_request, *};

    fn composed(schema: &Value) -> Value {
        on_request(&TRANSFORM, schema).1
    }

    #[test]
    fn of_two_checks_the_narrower_stays_and_of_two_patterns_both() {
        let one = json!({"minimum": 1, "maximum": 20, "minLength": 1, "pattern": "^a"});
        let two = json!({"minimum": 3, "maximum": 10, "maxLength": 5, "pattern": "z$"});
        let both = json!({
            "minimum": 3, "maximum": 10, "minLength": 1, "maxLength": 5,
            "pattern": r"^(?=[\s\S]*?(?:^a))(?=[\s\S]*?(?:z$))",
        });
        assert_eq!(composed(&json!({"allOf": [one, two]})), both);
        let pattern = regress::Regex::new(both["pattern"].as_str().unwrap()).unwrap();
        for (text, matches) in [("az", true), ("a\nz", true), ("a", false), ("z", false), ("ba z", false)] {
            assert_eq!(pattern.find(text).is_some(), matches, "{text:?}");
        }
    }

    #[test]
    fn an_object_with_members_is_open_wherever_its_rest_is_described() {
        let members = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let rest = json!({"type": "object", "additionalProperties": {"type": "integer"}});
        for parts in [[&members, &rest], [&rest, &members]] {
            assert_eq!(composed(&json!({"allOf": parts})), members);
        }
    }

    #[test]
    fn schemas_that_are_put_into_each_other_again_and_again_come_to_an_end() {
        let mut schemas = Map::from_iter([("S0".to_owned(), json!({"properties": {"a": {"type": "string"}}}))]);
        for number in 1..40 {
            let part = json!({"allOf": [{"$ref": format!("#/components/schemas/S{}", number - 1)}]});
            let schema = json!({"properties": {"one": part, "two": part}});
            schemas.insert(format!("S{number}"), schema);
        }
        let mut document = super::super::testing::document(&json!({"$ref": "#/components/schemas/S39"}), &json!({}));
        document.root["components"]["schemas"].as_object_mut().unwrap().extend(schemas);
        assert!(apply(&mut document) < 10 * MOST_PARTS);
    }
}
