//! `allOf` becomes the one schema that it means, and `anyOf` and `oneOf` become one list of whole branches: what stands
//! beside them is put into each. A schema that holds itself by `allOf` adds nothing to itself; one that is put together
//! from what leads back to it becomes a component, so that it has an end.
//!
//! Step 17 of `SHAPES`.

use serde_json::{Map, Value, json};

use super::{
    Apply, Transform,
    circles::Circles,
    components::reference_of,
    merging::merge,
    schemas::{Schema, each_root, is_prose},
    unions::COMPONENT,
};
use crate::openapi::{Document, document::component_name};

pub(super) const TRANSFORM: Transform = Transform { name: "composition", apply: Apply::Always(apply) };

/// How many branches the product of two unions may have; beyond that the value is kept as it is.
const MOST_BRANCHES: usize = 32;

/// How many schemas are put into a component and its members, which may hold each other twice at every level; what comes
/// later stays a reference.
const MOST_PARTS: usize = 1_000;

fn apply(document: &mut Document) -> usize {
    let schemas = document.schemas().cloned().unwrap_or_default();
    let mut composer = Composer { schemas: &schemas, circles: Circles::of(&schemas), parts: 0, places: 0 };
    each_root(document, |name, _, slot| {
        if name.is_some_and(|name| leads_round(&schemas, name)) {
            *slot = json!({});
        }
        if let Value::Object(schema) = slot {
            *schema = composer.compose_root(std::mem::take(schema), name);
        }
    });
    while let Some((name, schema)) = composer.circles.next() {
        document.root["components"]["schemas"][&name] = composer.compose_root(schema, Some(&name)).into();
    }
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
    circles: Circles<'a>,
    /// How many schemas were put into this root.
    parts: usize,
    places: usize,
}

impl Composer<'_> {
    fn compose_root(&mut self, schema: Schema, name: Option<&str>) -> Schema {
        self.parts = 0;
        let own: Vec<String> = name.map(ToOwned::to_owned).into_iter().collect();
        self.compose(schema, &own, name.unwrap_or_default())
    }

    /// `own` may not be put into this schema. `name` is how a component for it would be called.
    fn compose(&mut self, mut schema: Schema, own: &[String], name: &str) -> Schema {
        if reference_of(&schema).is_none() {
            schema = self.whole(schema, own, &mut Vec::new());
        }
        for (member, slot) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
            self.compose_slot(slot, &format!("{name}-{member}"));
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
            schema.get_mut(key).into_iter().for_each(|slot| self.compose_slot(slot, &format!("{name}-{suffix}")));
        }
        for branch in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
            self.compose_slot(branch, name);
        }
        schema
    }

    fn compose_slot(&mut self, slot: &mut Value, name: &str) {
        let Value::Object(schema) = slot else { return };
        let schema = std::mem::take(schema);
        let leads_back = self.circles.leads_back(&schema);
        *slot = if leads_back { self.circles.component(schema, name) } else { self.compose(schema, &[], name) }.into();
    }

    /// The schema without `allOf` and `anyOf`. The names of what was put into it are added to `inside`.
    fn whole(&mut self, mut schema: Schema, own: &[String], inside: &mut Vec<String>) -> Schema {
        let parts = take_list(&mut schema, "allOf");
        let unions = [take_list(&mut schema, "oneOf"), take_list(&mut schema, "anyOf")];
        let discriminator = schema.shift_remove("discriminator");
        self.places += usize::from(!parts.is_empty()) + unions.iter().filter(|union| !union.is_empty()).count();
        let mut circle = None;
        for part in parts {
            match self.part(part, own, inside) {
                Part::Schema(part) => merge(&mut schema, part),
                Part::Circle(reference) => circle = Some(reference),
            }
        }
        for union in unions.into_iter().filter(|union| !union.is_empty()) {
            self.add_union(&mut schema, union, own, inside);
        }
        // Nothing but the reference can be said without going round for ever.
        if let Some(reference) = circle
            && own.is_empty()
            && schema.keys().all(|key| is_prose(key))
        {
            schema.insert("allOf".to_owned(), json!([{"$ref": reference}]));
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
            if own.contains(&name) || inside.contains(&name) || self.parts == MOST_PARTS {
                return Part::Circle(reference);
            }
            self.parts += 1;
            inside.push(name.clone());
            let siblings: Vec<(String, Value)> =
                part.into_iter().filter(|(key, _)| !["$ref", "allOf"].contains(&key.as_str())).collect();
            part = self.schemas.get(&name).and_then(Value::as_object).cloned().unwrap_or_default();
            part.shift_remove("discriminator");
            part.extend(siblings);
        }
        if reference_of(&part).is_some() {
            return self.part(Value::Object(part), own, inside);
        }
        let whole = self.whole(part, own, inside);
        reference_of(&whole).map_or(Part::Schema(whole), Part::Circle)
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
                let component = branch.as_object().and_then(reference_of).as_deref().and_then(component_name);
                merged.extend(component.map(|name| (COMPONENT.to_owned(), name.into())));
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

fn take_list(schema: &mut Schema, key: &str) -> Vec<Value> {
    match schema.shift_remove(key) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{components::reference_to, testing},
        *,
    };

    fn reference(name: &str) -> Value {
        json!({"$ref": reference_to(name)})
    }

    fn extended(name: &str, member: &str) -> Value {
        json!({"allOf": [reference(name), {"properties": {member: {"type": "string"}}}]})
    }

    /// What becomes of the components, of which one is sent.
    fn composed(sent: &str, schemas: &Value) -> Value {
        let mut document = testing::document(&reference(sent), &json!({"type": "string"}));
        document.root["components"]["schemas"].as_object_mut().unwrap().extend(schemas.as_object().unwrap().clone());
        apply(&mut document);
        document.root["components"]["schemas"].take()
    }

    fn members(schema: &Value) -> Vec<&str> {
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn a_member_may_extend_what_its_parent_extends() {
        let base = json!({"properties": {"id": {"type": "string"}}});
        let own = json!({"properties": {"owner": extended("Base", "email")}});
        let schemas = composed("Thing", &json!({"Base": base, "Thing": {"allOf": [reference("Base"), own]}}));
        assert_eq!(members(&schemas["Thing"]), ["id", "owner"]);
        assert_eq!(members(&schemas["Thing"]["properties"]["owner"]), ["id", "email"]);
    }

    #[test]
    fn what_both_parts_extend_is_there_once_and_nothing_else_is_lost() {
        let base = json!({"properties": {"id": {"type": "string"}, "up": reference("Base")}});
        let other = json!({"allOf": [reference("Base"), {"properties": {"b": {}}}]});
        let holder = json!({"properties": {"in": {"allOf": [extended("Base", "a"), reference("Other")]}}});
        let schemas = composed("Holder", &json!({"Base": base, "Other": other, "Holder": holder}));
        assert_eq!(schemas["Holder"]["properties"]["in"], json!({"allOf": [reference("Holder-in")]}));
        assert_eq!(members(&schemas["Holder-in"]), ["id", "up", "a", "b"]);
    }

    #[test]
    fn a_schema_whose_member_extends_it_comes_to_an_end() {
        let node = json!({"properties": {"id": {"type": "string"}, "child": extended("Node", "edge")}});
        let schemas = composed("Node", &json!({"Node": node}));
        let child = json!({"allOf": [reference("Node-child")]});
        assert_eq!(schemas["Node"]["properties"]["child"], child);
        assert_eq!(members(&schemas["Node-child"]), ["id", "child", "edge"]);
        assert_eq!(schemas["Node-child"]["properties"]["child"], child);
    }

    #[test]
    fn schemas_that_hold_each_other_twice_at_every_level_come_to_an_end() {
        let level = |number: usize| {
            let below = format!("L{}", number + 1);
            let twice = json!({"properties": {"in": extended(&below, &format!("m{number}"))}});
            (format!("L{number}"), json!({"allOf": [reference(&below), twice]}))
        };
        let mut levels: Map<String, Value> = (0..20).map(level).collect();
        levels.insert("L20".to_owned(), json!({"properties": {"last": {"type": "string"}}}));
        assert!(composed("L0", &levels.into()).to_string().len() < 10_000_000);
    }

    #[test]
    fn a_long_line_of_schemas_that_extend_each_other_is_one_object() {
        let level =
            |number: usize| (format!("L{number}"), extended(&format!("L{}", number + 1), &format!("m{number}")));
        let mut levels: Map<String, Value> = (0..200).map(level).collect();
        levels.insert("L200".to_owned(), json!({"properties": {"last": {"type": "string"}}}));
        assert_eq!(members(&composed("L0", &levels.into())["L0"]).len(), 201);
    }

    #[test]
    fn schemas_whose_members_extend_all_of_them_come_to_an_end() {
        let names: Vec<String> = (0..6).map(|number| format!("N{number}")).collect();
        let extends = |number: usize| {
            let member = |other: &String| (other.to_lowercase(), extended(other, &format!("of{number}")));
            let members: Map<String, Value> = names.iter().map(member).collect();
            let deeper = json!({"properties": {"n0": {"properties": {"n1": extended("N2", "deep")}}}});
            json!({"allOf": [{"properties": members}, deeper]})
        };
        let schemas: Map<String, Value> =
            names.iter().enumerate().map(|(number, name)| (name.clone(), extends(number))).collect();
        let schemas = composed("N0", &schemas.into());
        assert!(schemas.as_object().unwrap().len() < 100);
    }
}
