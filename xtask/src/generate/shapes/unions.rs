//! The branches of a union are told apart: equal ones are one, texts are one, and a tag that every branch has with
//! values of its own decides. What is left of a union with one branch is that branch.
//!
//! Step 23 of `SHAPES`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    Apply, Transform,
    schemas::{Schema, each, is_prose},
    tolerant_readers::KNOWN,
};
use crate::openapi::{Document, document::component_name};

pub(super) const TRANSFORM: Transform = Transform { name: "unions", apply: Apply::Always(apply) };

/// Where the tag of a union is noted: its name, and its values, each with the number of a branch.
pub const TAG: &str = "x-tag";
/// Where it is noted which component a branch was before something else was put into it.
pub(super) const COMPONENT: &str = "x-component";
/// Where an enumeration is noted that takes any text.
pub const OPEN: &str = "x-open";

fn apply(document: &mut Document) -> usize {
    let schemas = document.schemas().cloned().unwrap_or_default();
    each(document, &mut |schema, _| {
        let Some(Value::Array(branches)) = schema.shift_remove("oneOf") else { return 0 };
        let discriminator = schema.shift_remove("discriminator");
        let mut union = Union::default();
        for branch in branches {
            union.add(branch);
        }
        union.write_to(schema, discriminator.as_ref(), &schemas);
        1
    })
}

#[derive(Default)]
struct Union {
    branches: Vec<Value>,
    texts: Vec<Value>,
    any_text: bool,
    anything: bool,
    nullable: bool,
}

impl Union {
    fn add(&mut self, branch: Value) {
        let Value::Object(mut branch) = branch else { return self.anything = true };
        let inner = if branch.contains_key(TAG) { None } else { branch.shift_remove("oneOf") };
        self.nullable |= branch.shift_remove("nullable") == Some(Value::Bool(true));
        if let Some(Value::Array(inner)) = inner {
            return inner.into_iter().for_each(|branch| self.add(branch));
        }
        let is_text = branch.get("type").is_some_and(|kind| kind == "string");
        match branch.get("enum") {
            Some(Value::Array(values)) if is_text => {
                self.any_text |= branch.contains_key(OPEN);
                let new: Vec<_> = values.iter().filter(|value| !self.texts.contains(value)).cloned().collect();
                self.texts.extend(new);
            }
            _ if is_text && branch.keys().all(|key| key == "type" || is_prose(key)) => self.any_text = true,
            _ if branch.keys().all(|key| is_prose(key)) => self.anything = true,
            _ => {
                let branch = Value::Object(branch);
                match self.branches.iter_mut().find(|present| without_prose(present) == without_prose(&branch)) {
                    Some(present) => add_known(present, &branch),
                    None => self.branches.push(branch),
                }
            }
        }
    }

    fn write_to(mut self, schema: &mut Schema, discriminator: Option<&Value>, schemas: &Map<String, Value>) {
        let kinds: Vec<_> = self.branches.iter().map(|branch| branch["type"].clone()).collect();
        self.branches.retain(|branch| !(branch["type"] == "integer" && kinds.contains(&json!("number"))));
        if !self.texts.is_empty() {
            let mut texts = json!({"type": "string", "enum": self.texts});
            if self.any_text {
                texts[OPEN] = true.into();
            }
            self.branches.push(texts);
        } else if self.any_text {
            let is_timestamp = |branch: &Value| branch["format"] == "date-time";
            self.branches.retain(|branch| branch["type"] != "string" || is_timestamp(branch));
            self.branches.push(json!({"type": "string"}));
        }
        if self.nullable {
            schema.insert("nullable".to_owned(), true.into());
        }
        match self.branches.as_mut_slice() {
            [] => {}
            [branch] if !self.anything => match branch.take() {
                Value::Object(branch) if !branch.contains_key("$ref") && !branch.contains_key("allOf") => {
                    branch.into_iter().filter(|(key, _)| key != COMPONENT).for_each(|(key, value)| {
                        schema.entry(key).or_insert(value);
                    });
                }
                branch => drop(schema.insert("allOf".to_owned(), json!([{"$ref": reference_of(&branch)}]))),
            },
            branches => {
                let tag = tag(branches, discriminator, schemas);
                schema.extend(tag.map(|tag| (TAG.to_owned(), tag)));
                for branch in branches.iter_mut().filter_map(Value::as_object_mut) {
                    branch.shift_remove(COMPONENT);
                }
                schema.insert("oneOf".to_owned(), self.branches.into());
            }
        }
    }
}

/// Makes a branch hold what an equal one holds.
fn add_known(branch: &mut Value, other: &Value) {
    let Some(branch) = branch.as_object_mut() else { return };
    match (branch.get_mut(KNOWN), other.get(KNOWN)) {
        (Some(Value::Array(values)), Some(Value::Array(others))) => values.extend(others.clone()),
        _ => drop(branch.shift_remove(KNOWN)),
    }
}

fn without_prose(schema: &Value) -> Value {
    let members = schema.as_object().into_iter().flatten().filter(|(key, _)| !is_prose(key));
    members.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>().into()
}

/// What a branch refers to, with or without prose beside it.
pub(super) fn reference_of(branch: &Value) -> Option<&str> {
    branch.get("$ref").or_else(|| branch.pointer("/allOf/0/$ref")).and_then(Value::as_str)
}

/// What decides between the branches: the document's discriminator, or a member whose known values differ in each.
fn tag(branches: &[Value], discriminator: Option<&Value>, schemas: &Map<String, Value>) -> Option<Value> {
    let resolved: Vec<(String, &Value)> = branches
        .iter()
        .map(|branch| match reference_of(branch).and_then(component_name) {
            Some(name) => {
                let component = branch[COMPONENT].as_str().unwrap_or(&name).to_owned();
                (component, schemas.get(&name).unwrap_or(branch))
            }
            None => (branch[COMPONENT].as_str().unwrap_or_default().to_owned(), branch),
        })
        .collect();
    let known = |branch: &Value, name: &str| known_values(&branch["properties"][name], schemas, &mut BTreeSet::new());
    if let Some(name) = discriminator.and_then(|discriminator| discriminator["propertyName"].as_str()) {
        let mapping = discriminator.and_then(|discriminator| discriminator["mapping"].as_object());
        let mapped = |component: &str, branch: &Value, otherwise: Vec<Value>| {
            let explicit = mapped(component, &branch["properties"][name], mapping, schemas);
            if explicit.is_empty() { otherwise } else { explicit }
        };
        let by_values =
            |component: &str, branch: &Value| mapped(component, branch, known(branch, name).unwrap_or_default());
        let by_name = |component: &str, branch: &Value| {
            let own = Value::from(component);
            let is_tag = !component.is_empty() && known(branch, name).is_none_or(|known| known.contains(&own));
            mapped(component, branch, is_tag.then_some(own).into_iter().collect())
        };
        return values(&resolved, name, &by_values).or_else(|| values(&resolved, name, &by_name));
    }
    let candidates = resolved.first()?.1["properties"].as_object()?.keys();
    candidates
        .into_iter()
        .find_map(|name| values(&resolved, name, &|_, branch| known(branch, name).unwrap_or_default()))
}

/// The tag values that a discriminator gives to a component. A mapping has them as texts, whatever type the tag has; what
/// that type does not have is none.
fn mapped(
    component: &str,
    tag: &Value,
    mapping: Option<&Map<String, Value>>,
    schemas: &Map<String, Value>,
) -> Vec<Value> {
    let leads_here = |target: &Value| {
        target
            .as_str()
            .is_some_and(|target| target == component || component_name(target).as_deref() == Some(component))
    };
    let found = mapping.into_iter().flatten().filter(|(_, target)| leads_here(target));
    let tag = reference_of(tag).and_then(component_name).and_then(|name| schemas.get(&name)).unwrap_or(tag);
    let typed = |text: &str| match tag["type"].as_str() {
        Some("integer" | "number" | "boolean") => {
            serde_json::from_str(text).ok().filter(|value: &Value| value.is_number() || value.is_boolean())
        }
        _ => Some(text.into()),
    };
    found.filter_map(|(value, _)| typed(value)).collect()
}

/// The values of a member, if all of them are known. `seen` holds the components that were looked into.
fn known_values(member: &Value, schemas: &Map<String, Value>, seen: &mut BTreeSet<String>) -> Option<Vec<Value>> {
    if let Some(values) = member.get("enum").or_else(|| member.get(KNOWN)).and_then(Value::as_array) {
        return (!values.is_empty() && member.get(OPEN).is_none()).then(|| values.clone());
    }
    if let Some(Value::Array(branches)) = member.get("oneOf") {
        let values = branches.iter().map(|branch| known_values(branch, schemas, seen));
        return values.collect::<Option<Vec<_>>>().map(|values| values.concat());
    }
    let component = component_name(reference_of(member)?)?;
    if !seen.insert(component.clone()) {
        return None;
    }
    known_values(schemas.get(&component)?, schemas, seen)
}

/// The tag of this name, where each branch has values that no other has.
fn values(branches: &[(String, &Value)], name: &str, of: &dyn Fn(&str, &Value) -> Vec<Value>) -> Option<Value> {
    let mut numbers = BTreeMap::new();
    for (number, (component, branch)) in branches.iter().enumerate() {
        let values = of(component, branch);
        let values: BTreeMap<String, Value> = values.into_iter().map(|value| (value.to_string(), value)).collect();
        let is_tag = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
        if values.is_empty()
            || !values.values().all(is_tag)
            || values.into_iter().any(|(text, value)| numbers.insert(text, json!([value, number])).is_some())
        {
            return None;
        }
    }
    Some(json!({"name": name, "values": numbers.into_values().collect::<Vec<_>>()}))
}

#[cfg(test)]
mod tests {
    use super::{super::testing, *};

    /// The values that decide between two components, each with known texts.
    fn values_of(mapping: &Value, cat: &Value, dog: &Value) -> Value {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let union = json!({"oneOf": [reference("Cat"), reference("Dog")],
            "discriminator": {"propertyName": "species", "mapping": mapping}});
        let mut document = testing::document(&json!({"type": "string"}), &union);
        for (name, texts) in [("Cat", cat), ("Dog", dog)] {
            document.root["components"]["schemas"][name] =
                json!({"type": "object", "properties": {"species": {"type": "string", "enum": texts}}});
        }
        apply(&mut document);
        document.root["components"]["schemas"]["Response"][TAG]["values"].take()
    }

    #[test]
    fn a_mapping_decides_before_what_the_branches_say_and_these_before_their_names() {
        let (both, nothing) = (json!(["felis", "canis"]), json!({}));
        assert_eq!(
            values_of(&json!({"felis": "Cat", "canis": "#/components/schemas/Dog"}), &both, &both),
            json!([["canis", 1], ["felis", 0]])
        );
        assert_eq!(values_of(&json!({"canis": "Dog"}), &json!(["felis"]), &both), json!([["canis", 1], ["felis", 0]]));
        assert_eq!(values_of(&json!({"canis": "Dog"}), &both, &both), Value::Null);
        assert_eq!(values_of(&nothing, &json!(["felis"]), &json!(["canis"])), json!([["canis", 1], ["felis", 0]]));
        assert_eq!(values_of(&nothing, &both, &both), Value::Null);
        let names = json!(["Cat", "Dog"]);
        assert_eq!(values_of(&nothing, &names, &names), json!([["Cat", 0], ["Dog", 1]]));
        assert_eq!(values_of(&nothing, &json!([]), &json!([])), json!([["Cat", 0], ["Dog", 1]]));
    }

    #[test]
    fn numbers_and_flags_are_tags_wherever_they_are_listed() {
        let number = |value: i64| json!({"type": "integer", "enum": [value]});
        let mapping = json!({"-1": "Cat", "2": "Dog"});
        let tagged = |mapping: &Value, cat: Value, dog: Value| {
            let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
            let union = json!({"oneOf": [reference("Cat"), reference("Dog")],
                "discriminator": {"propertyName": "species", "mapping": mapping}});
            let mut document = testing::document(&json!({"type": "string"}), &union);
            for (name, member) in [("Cat", cat), ("Dog", dog)] {
                document.root["components"]["schemas"][name] =
                    json!({"type": "object", "properties": {"species": member}});
            }
            super::super::tolerant_readers::TRANSFORM.apply(&mut document, &mut super::super::Noted::default());
            apply(&mut document);
            document.root["components"]["schemas"]["Response"][TAG]["values"].take()
        };
        let expected = json!([[-1, 0], [2, 1]]);
        assert_eq!(tagged(&mapping, number(-1), number(2)), expected);
        assert_eq!(tagged(&json!({}), number(-1), number(2)), expected);
        let plain = json!({"type": "integer"});
        assert_eq!(tagged(&mapping, plain.clone(), plain.clone()), expected);
        assert_eq!(tagged(&json!({"cat": "Cat", "dog": "Dog"}), number(-1), number(2)), expected);
        let one_of = json!({"oneOf": [number(-1), number(7)]});
        assert_eq!(tagged(&json!({}), one_of, number(2)), json!([[-1, 0], [2, 1], [7, 0]]));
        let flag = |value: bool| json!({"type": "boolean", "enum": [value]});
        assert_eq!(tagged(&json!({}), flag(true), flag(false)), json!([[false, 1], [true, 0]]));
    }
}
